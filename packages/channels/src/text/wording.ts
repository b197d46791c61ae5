import type { Language, NoticeKind } from '@duban/domain';

interface Wording {
  /** What has happened. */
  readonly what: string;
  /** What the recipient is asked to do, after “请” or “please”; null: it is for knowing. */
  readonly ask: string | null;
}
type Both = Readonly<Record<Language, Wording>>;

const kind = (zh: string, en: string): Both => ({ zh: { what: zh, ask: null }, en: { what: en, ask: null } });

const asking = (zh: string, zhAsk: string, en: string, enAsk: string): Both => ({
  zh: { what: zh, ask: zhAsk },
  en: { what: en, ask: enAsk },
});

/** Every kind of notice in both languages; a kind without its wording does not compile. */
const KINDS: Readonly<Record<NoticeKind, Both>> = {
  escalation: asking('逾期升级', '督促办理', 'escalated', 'see that it gets done'),
  circular: asking('列入通报', '督促整改', 'listed for the circular', 'see that it is put right'),
  reminder: asking('即将到期', '按期办结', 'due soon', 'finish it in time'),
  assigned: asking('新交办', '签收并办理', 'assigned', 'accept it and begin'),
  corrected: asking('内容有更正', '查看', 'corrected', 'see what has changed'),
  dispute_raised: asking('提出异议', '裁定', 'disputed', 'decide on it'),
  dispute_decided: kind('异议已裁定', 'dispute decided'),
  extension_requested: asking('申请延期', '审批', 'extension requested', 'decide on it'),
  extension_decided: kind('延期已审批', 'extension decided'),
  completion_submitted: asking('申报办结', '核验销号', 'completion submitted', 'verify it'),
  completion_verified: kind('已销号', 'closed'),
  completion_returned: asking('办结退回', '继续办理', 'completion sent back', 'go on with it'),
  suspended: kind('已中止', 'suspended'),
  resumed: asking('已恢复', '继续办理', 'resumed', 'go on with it'),
  cancelled: kind('已取消', 'cancelled'),
  supervision: asking('挂牌督办', '限期办理', 'under listed supervision', 'get it done'),
  instruction: asking('领导批示', '落实', 'a leader’s instruction', 'carry it out'),
  information: kind('供知悉', 'for information'),
  incident_signal: asking('接到线索', '作首报', 'signal received', 'make the first report'),
  incident_filed: asking('收到重大事项报告', '阅处', 'incident report filed', 'read it'),
  incident_reported: asking('重大事项报告', '阅处', 'incident report', 'read it'),
  explanation_requested: asking('报告迟报', '说明情况', 'reported late', 'explain why'),
  lateness_explained: kind('已说明迟报情况', 'lateness explained'),
  incident_corrected: asking('报告有更正', '查看', 'report corrected', 'see what has changed'),
  level_changed: asking('级别调整', '按新级别报告', 'level changed', 'report by the new level'),
  upward_requested: asking('申请上报', '审核把关', 'asks to report upward', 'review it'),
  upward_reviewed: kind('上报已审核', 'upward report reviewed'),
  upward_sent: kind('已上报', 'reported upward'),
  duty_opened: asking('新的定期事项', '按期报告', 'new recurring duty', 'report on time'),
  duty_due: asking('需报告一次', '按期报告', 'a report is asked for', 'report on time'),
  duty_behind: asking('进度落后', '加快办理', 'behind its quota', 'catch up'),
  duty_ended: kind('定期事项终止', 'duty ended'),
  problem_registered: asking('新登记问题', '办理', 'problem registered', 'solve it'),
  problem_solved: kind('问题已解决', 'problem solved'),
  move_requested: asking('申请提级办理', '审批', 'asks to move it up', 'decide on it'),
  move_decided: kind('提级已审批', 'move decided'),
  problem_moved: asking('问题提级交办', '接办', 'problem moved here', 'take it on'),
  called_back: kind('已回访', 'called back'),
  report_issued: kind('通报或小结已印发', 'report issued'),
};

export const wordingOf = (notice: NoticeKind, language: Language): Wording => KINDS[notice][language];

/** What is asked where a limit runs and the kind itself asks for nothing. */
export const ACT: Readonly<Record<Language, string>> = { zh: '处理', en: 'act on it' };
