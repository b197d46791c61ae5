import type { ImportBundleBody } from '@duban/contracts/http/imports';
import type { GroupKind, TaskStatus, UnitKind } from '@duban/domain';

/** Kinds of records a workbook holds, each on a sheet of its own. */
export type SheetKind = Exclude<
  keyof ImportBundleBody,
  'jurisdiction' | 'mode' | 'jurisdictions' | 'policies' | 'people' | 'incidentKinds' | 'subjects' | 'duties'
>;

/** How a cell's text becomes a value. */
export type CellKind =
  | { readonly is: 'text' }
  /** Several names in one cell. */
  | { readonly is: 'names' }
  | { readonly is: 'number' }
  | { readonly is: 'date' }
  /** A deadline: a date, an instant, or as documents print it (2023年9月底并持续推进). */
  | { readonly is: 'due' }
  | { readonly is: 'yesNo' }
  | { readonly is: 'choice'; readonly of: Readonly<Record<string, string>> };

export interface Column {
  readonly header: string;
  /** Of the record; `personCode` and `shownStatus` are the reader's own. */
  readonly field: string;
  readonly cell: CellKind;
  readonly required?: boolean;
  /** In characters. */
  readonly width: number;
  readonly note: string;
}

export interface Sheet {
  readonly kind: SheetKind;
  readonly name: string;
  /** Other names the same sheet goes by. */
  readonly otherNames?: readonly string[];
  readonly mostRows: number;
  readonly columns: readonly Column[];
}

const UNIT_KIND_NAMES: Readonly<Record<string, UnitKind>> = {
  局: 'bureau',
  办公室: 'office',
  党委部门: 'party',
  政府: 'government',
  乡镇: 'township',
  法院: 'court',
  检察院: 'procuratorate',
  企业: 'company',
  群团: 'association',
  事业单位: 'institution',
  园区: 'park',
};
const GROUP_KIND_NAMES: Readonly<Record<string, GroupKind>> = {
  领导小组: 'leading_group',
  工作专班: 'task_force',
  总指挥中心: 'command_centre',
};
/** What a task's status is called on a ledger. */
export const STATUS_NAMES: Readonly<Record<TaskStatus, string>> = {
  assigned: '待签收',
  in_progress: '办理中',
  completion_submitted: '待销号',
  suspended: '中止',
  standing: '长期坚持',
  closed: '已销号',
  cancelled: '已取消',
};
const STATUS_BY_NAME = Object.fromEntries(Object.entries(STATUS_NAMES).map(([status, name]) => [name, status]));

const TEXT = { is: 'text' } as const;
const NAMES = { is: 'names' } as const;
const DATE = { is: 'date' } as const;

type More = Partial<Pick<Column, 'required' | 'width' | 'note' | 'cell'>>;
const column = (header: string, field: string, more: More = {}): Column => ({
  ...{ header, field, cell: TEXT, width: 16, note: '' },
  ...more,
});
const must = (header: string, field: string, more: More = {}) => column(header, field, { ...more, required: true });

const DOCUMENT = must('文号', 'documentNumber', { width: 22, note: '如 泸政办发〔2023〕5号' });
const LIST = must('清单', 'list', { note: '须与“方案”中的清单一致' });
const SEQ = must('序号', 'seq', {
  width: 7,
  cell: { is: 'number' },
  note: '清单内的序号；同一文号、清单、序号即同一任务',
});
const TASK_COLUMNS = [
  column('工作任务', 'title', { width: 26, note: '新任务必填' }),
  column('工作要求', 'text', { width: 60, note: '新任务必填' }),
  column('完成时限', 'due', {
    width: 18,
    cell: { is: 'due' },
    note: '日期（当日24时止），或按文件写法：2023年9月底、2023年10月底前、2023年9月底并持续推进；空白为无时限',
  }),
  column('牵头单位', 'leadUnits', { width: 22, cell: NAMES, note: '单位名称、别名或代码，多个用顿号隔开；新任务必填' }),
  column('责任单位', 'responsibleUnits', { width: 32, cell: NAMES, note: '同上' }),
];
const BASIS = column('调整依据', 'basis', { width: 22, note: '修改正在计时的时限时必填：文件或批准意见' });
const AS_OF = column('版本', 'asOf', {
  width: 7,
  cell: { is: 'number' },
  note: '导出台账时自动填写，请勿修改：系统据此只更新您改动过的单元格；新任务留空',
});

export const SHEETS: readonly Sheet[] = [
  {
    kind: 'units',
    name: '单位',
    mostRows: 5_000,
    columns: [
      must('单位代码', 'code', { width: 26, note: '小写字母、数字，用 - 或 . 连接，一经使用不再改变' }),
      must('单位名称', 'name', { width: 24 }),
      column('别名', 'aliases', { width: 40, cell: NAMES, note: '文件中的其他写法，多个用顿号隔开' }),
      must('类别', 'kind', { cell: { is: 'choice', of: UNIT_KIND_NAMES } }),
      column('上级单位', 'parent'),
    ],
  },
  {
    kind: 'posts',
    name: '岗位',
    mostRows: 10_000,
    columns: [
      must('岗位代码', 'code', { width: 30, note: '小写字母、数字，用 - 或 . 连接，一经使用不再改变' }),
      must('所属单位', 'unit', { width: 24 }),
      must('职务', 'title', { width: 20 }),
      column('主要负责人', 'head', { width: 11, cell: { is: 'yesNo' }, note: '每个单位至多一个“是”' }),
    ],
  },
  {
    kind: 'appointments',
    name: '任职',
    mostRows: 20_000,
    columns: [
      must('岗位', 'post', { width: 30, note: '岗位代码，或单位名称加职务（县发改局局长）' }),
      must('姓名', 'person', { width: 12, note: '同名的人请写人员代码' }),
      column('人员代码', 'personCode', { width: 20, note: '新人员必填：小写拼音，一经使用不再改变' }),
      column('任职日期', 'from', { width: 13, cell: DATE, note: '空白为系统启用前已任职' }),
      column('免职日期', 'to', { width: 13, cell: DATE, note: '最后一天；空白为现任' }),
    ],
  },
  {
    kind: 'documents',
    name: '文件',
    mostRows: 5_000,
    columns: [
      must('文号', 'number', { width: 24 }),
      must('文件标题', 'title', { width: 50 }),
      column('制发机关', 'issuer', { width: 26 }),
      column('印发日期', 'issuedOn', { width: 13, cell: DATE }),
    ],
  },
  {
    kind: 'groups',
    name: '机构',
    mostRows: 2_000,
    columns: [
      must('机构代码', 'code', { width: 30 }),
      must('机构名称', 'name', { width: 34 }),
      must('类型', 'kind', { cell: { is: 'choice', of: GROUP_KIND_NAMES } }),
      DOCUMENT,
      column('上级机构', 'parent', { note: '机构代码' }),
      column('办公室设在', 'office.hostUnit', { width: 20 }),
      column('办公室主任', 'office.director', { width: 24, note: '岗位，不是人名：人员变动时自然递补' }),
      column('办公室副主任', 'office.deputyDirector', { width: 24 }),
      column('组长', 'leader', { width: 24 }),
      column('常务副组长', 'firstDeputy', { width: 24 }),
      column('副组长', 'deputies', { width: 40, cell: NAMES, note: '多个岗位用顿号隔开' }),
      column('成员', 'members', { width: 60, cell: NAMES }),
    ],
  },
  {
    kind: 'plans',
    name: '方案',
    mostRows: 2_000,
    columns: [
      must('方案代码', 'code', { width: 26 }),
      DOCUMENT,
      must('清单', 'list'),
      must('方案名称', 'title', { width: 46 }),
      must('负责机构', 'group', { width: 30, note: '机构代码：逾期首先报给它的办公室' }),
      column('督办策略', 'policy', { note: '空白为默认' }),
    ],
  },
  {
    kind: 'tasks',
    name: '任务',
    otherNames: ['台账'],
    mostRows: 50_000,
    columns: [
      DOCUMENT,
      LIST,
      SEQ,
      ...TASK_COLUMNS,
      column('时限表述', 'dueText', { width: 20, note: '文件原文，如 2023年9月底' }),
      column('持续推进', 'ongoing', { width: 10, cell: { is: 'yesNo' } }),
      column('责任领导', 'leaders', { width: 24, cell: NAMES, note: '岗位' }),
      BASIS,
      AS_OF,
    ],
  },
];

/** The ledger of a plan, in the layout of the gazette's tables. */
export const LEDGER_SHEET = '台账';
export const LEDGER_COLUMNS: readonly Column[] = [
  SEQ,
  ...TASK_COLUMNS,
  column('进展', 'shownProgress', { width: 30, note: '最近一次反馈；导入时不读取' }),
  column('状态', 'shownStatus', {
    width: 10,
    cell: { is: 'choice', of: STATUS_BY_NAME },
    note: '签收、办结、销号请在系统中办理',
  }),
  DOCUMENT,
  LIST,
  BASIS,
  AS_OF,
];

/** A sheet for people to read; nothing on it is imported. */
export const GUIDE_SHEET = '说明';

export function sheetNamed(name: string): Sheet | null {
  const trimmed = name.trim();
  return SHEETS.find((sheet) => sheet.name === trimmed || sheet.otherNames?.includes(trimmed)) ?? null;
}

/** Columns a sheet may have: of tasks, those of the ledger too. */
export function columnsOf(sheet: Sheet): readonly Column[] {
  return sheet.kind === 'tasks' ? [...sheet.columns, ...LEDGER_COLUMNS] : sheet.columns;
}
