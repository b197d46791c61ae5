import type { Structure } from '@duban/domain';
import { pinyin } from 'pinyin-pro';

let cached: { readonly structure: Structure; readonly spellings: ReadonlyMap<string, readonly string[]> } | null = null;

/** Initials and full pinyin of every unit's names, worked out once for each version of the structure. */
export function spellingsOf(structure: Structure): ReadonlyMap<string, readonly string[]> {
  if (cached?.structure === structure) return cached.spellings;
  const spellings = new Map(
    structure.data.units.map((unit) => [unit.code, [unit.name, ...unit.aliases].flatMap(spell)]),
  );
  cached = { structure, spellings };
  return spellings;
}

function spell(name: string): readonly string[] {
  const options = { toneType: 'none', type: 'array', v: true } as const;
  const whole = pinyin(name, options).join('').toLowerCase();
  const initials = pinyin(name, { ...options, pattern: 'first' })
    .join('')
    .toLowerCase();
  return [initials, whole];
}
