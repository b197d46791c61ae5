import type { Instant } from '@duban/calendar';

/** 泸溪县. */
export const JURISDICTION = '433122';
/** The morning the first county's list was issued. */
export const FIRST_MORNING: Instant = Date.parse('2023-05-15T08:30:00+08:00');
