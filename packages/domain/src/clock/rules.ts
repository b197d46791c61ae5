import type { LimitKind } from './limit.ts';

/** Each kind of limit in one sentence. */
export const LIMIT_RULES: Readonly<Record<LimitKind, readonly [en: string, zh: string]>> = {
  due: ['The due day ends at 24:00 in the jurisdiction’s zone.', '时限日以当地24:00为止。'],
  milestone: ['A milestone’s day ends at 24:00 in the jurisdiction’s zone.', '节点日以当地24:00为止。'],
  verification: [
    'The office verifies or sends back a completion within the policy’s span.',
    '办公室在规定期限内核验或退回。',
  ],
  instruction: ['The lead unit reports by the date the leader named.', '牵头单位按批示要求的时间报告。'],
  supervision: ['The lead unit reports by the date of the supervision listing.', '牵头单位按挂牌督办要求的时间报告。'],
  review: ['A standing task is reported on each quarter.', '持续推进的任务每季度报告一次。'],
  first_report: [
    'The first report is made within so many elapsed minutes of the event; nights and holidays do not stop it.',
    '事发后按规定分钟数内完成首报，夜间和节假日不停表。',
  ],
  written_report: [
    'A report by phone or word of mouth is followed in writing, in elapsed minutes by level.',
    '电话、口头报告后须按级别在规定分钟数内补报书面材料。',
  ],
  follow_up: [
    'Follow-ups are made until the final report, in elapsed minutes by level; a rise in level shortens what is running.',
    '终报之前持续续报，间隔按级别计；级别上升时正在计时的时限随之缩短。',
  ],
  explanation: ['A late first report is explained within so many working days.', '迟报须在规定工作日内说明情况。'],
  upward_review: [
    'Both offices review a report above the county within so many elapsed minutes.',
    '县委办、县政府办在规定分钟数内完成审核把关。',
  ],
  period: [
    'Each period’s day ends at 24:00; a day off stays or moves as the duty says.',
    '每个周期以应办日24:00为止；遇休息日按该事项的规定保持或顺移。',
  ],
  solution: [
    'A problem is solved at once (by 24:00 of its day) or within one, two or three months.',
    '问题立行立改（当日24:00前），或在1个月、2个月、3个月内解决。',
  ],
  approval: [
    'Both directors decide on moving a problem to the prefecture within so many working days.',
    '专班主任、常务副主任在规定工作日内审定是否提交州级。',
  ],
  call_back: ['Whoever raised the problem is called back after it is solved.', '问题解决后在规定期限内回访。'],
};
