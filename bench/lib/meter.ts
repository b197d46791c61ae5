import type { CapacityHook, CapacityUnits } from '@duban/dynamodb';

export interface Metered extends CapacityUnits {
  /** Calls made, one after the other or side by side. */
  readonly roundTrips: number;
}

const NOTHING: Metered = {
  roundTrips: 0,
  readUnits: 0,
  writeUnits: 0,
  writeUnitsBySize: 0,
  indexReadUnits: 0,
  indexWriteUnits: 0,
};

/** Sums what the service says its calls consumed. */
export function createMeter(): { readonly hook: CapacityHook; during(work: () => Promise<unknown>): Promise<Metered> } {
  let sum = NOTHING;
  return {
    hook: (_command, units) => {
      sum = {
        roundTrips: sum.roundTrips + 1,
        readUnits: sum.readUnits + units.readUnits,
        writeUnits: sum.writeUnits + units.writeUnits,
        writeUnitsBySize: sum.writeUnitsBySize + units.writeUnitsBySize,
        indexReadUnits: sum.indexReadUnits + units.indexReadUnits,
        indexWriteUnits: sum.indexWriteUnits + units.indexWriteUnits,
      };
    },
    during: async (work) => {
      sum = NOTHING;
      await work();
      return sum;
    },
  };
}
