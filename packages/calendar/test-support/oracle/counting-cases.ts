import { SHIFT_RULES } from '../../src/index.ts';
import { atOf, slowlyAddDays, slowlyFindDayBefore, slowlyGoBackDays, slowlyShift } from './counting-walks.ts';
import { dateOf, drawDay, drawDays, drawMoment, drawWorkingMinutes, type Kind } from './draws.ts';
import { slowlyAddMinutes, slowlyFindOpening, slowlyMeasure } from './minute-walks.ts';

export const addWorkingDays: Kind = (world, random) => {
  const moment = drawMoment(world, random);
  const days = drawDays(random, 0);
  const at = atOf(world, moment);
  return {
    asked: ['addWorkingDays', at, days],
    expected: slowlyAddDays(world, moment, days),
    actual: world.calendar.addWorkingDays(at, days),
  };
};

export const workingDaysBefore: Kind = (world, random) => {
  const moment = drawMoment(world, random);
  const days = drawDays(random, 0);
  const at = atOf(world, moment);
  return {
    asked: ['workingDaysBefore', at, days],
    expected: slowlyGoBackDays(world, moment, days),
    actual: world.calendar.workingDaysBefore(at, days),
  };
};

export const workingDayBefore: Kind = (world, random) => {
  const day = drawDay(world, random);
  const days = drawDays(random, 1);
  return {
    asked: ['workingDayBefore', dateOf(world, day), days],
    expected: slowlyFindDayBefore(world, day, days),
    actual: world.calendar.workingDayBefore(dateOf(world, day), days),
  };
};

export const shift: Kind = (world, random) => {
  const day = drawDay(world, random);
  const rule = random.pick(SHIFT_RULES);
  return {
    asked: ['shift', dateOf(world, day), rule],
    expected: slowlyShift(world, day, rule),
    actual: world.calendar.shift(dateOf(world, day), rule),
  };
};

export const addWorkingMinutes: Kind = (world, random) => {
  const moment = drawMoment(world, random);
  const minutes = drawWorkingMinutes(random);
  const at = atOf(world, moment);
  return {
    asked: ['addWorkingMinutes', at, minutes],
    expected: slowlyAddMinutes(world, moment, minutes),
    actual: world.calendar.addWorkingMinutes(at, minutes),
  };
};

export const opening: Kind = (world, random) => {
  const moment = drawMoment(world, random);
  const at = atOf(world, moment);
  return {
    asked: ['nextWorkingInstant and isWorkingTime', at],
    expected: [slowlyFindOpening(world, moment), world.span[moment.minute] !== 0],
    actual: [world.calendar.nextWorkingInstant(at), world.calendar.isWorkingTime(at)],
  };
};

export const workingMinutesBetween: Kind = (world, random) => {
  const from = atOf(world, drawMoment(world, random));
  const limit = random.oneIn(100) ? 300 * 1_440 : random.pick([90, 1_440, 20_000]);
  const to = from + random.between(0, limit) * 60_000 + (random.oneIn(5) ? random.between(0, 59_999) : 0);
  return {
    asked: ['workingMinutesBetween', from, to],
    expected: slowlyMeasure(world, from, to),
    actual: world.calendar.workingMinutesBetween(from, to),
  };
};
