export const LIGHTS = ['green', 'yellow', 'red', 'blue', 'grey'] as const;
/** 绿 on course, 黄 due within the reminding span or behind, 红 overdue, 蓝 closed, 灰 suspended or cancelled. */
export type Light = (typeof LIGHTS)[number];
