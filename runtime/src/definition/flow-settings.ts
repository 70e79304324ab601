import Type from 'typebox'
import type { durationUnits } from '../flow/due-time.ts'
import type { Text } from '../text.ts'
import { FlowPolicySettings } from './flow-policies.ts'
import { byKey, choice, Key, RuleJson, words, XId } from './shared.ts'

const units: Readonly<Record<(typeof durationUnits)[number], Text>> = {
  minute: { en: 'Minutes', zh: '分钟' },
  hour: { en: 'Hours', zh: '小时' },
  day: { en: 'Days', zh: '天' },
  workday: { en: 'Workdays', zh: '工作日' },
  workhour: { en: 'Work hours', zh: '工作小时' },
}

/** What a flow says of all its cases. The designer's form is made of this schema: titles, help and usual values too. */
export const FlowSettingsSchema = Type.Object(
  {
    ...FlowPolicySettings,
    /**
     * Somebody who has approved before is not asked again: `adjacent`, right before; `any`, at any earlier step.
     * Never where there is something to fill in or to sign, or the record has changed. Default `adjacent`.
     */
    dedupe: Type.Optional(
      choice(
        {
          none: { en: 'Is asked again', zh: '再次审批' },
          adjacent: { en: 'Is not asked again at the next step', zh: '相邻步骤不再审批' },
          any: { en: 'Is not asked again at any later step', zh: '之后各步骤均不再审批' },
        },
        { ...words({ en: 'Who has approved before', zh: '此前已审批的人' }), default: 'adjacent' },
      ),
    ),
    /** Field of the record that says how much a case is about: people stand in for others up to an amount. */
    amount: Type.Optional({
      ...Key,
      ...words(
        { en: 'Amount', zh: '金额' },
        {
          en: 'Field that says how much a case is about: people stand in up to an amount, inboxes are narrowed by it.',
          zh: '表示流程金额的字段:代理可限额,待办可按金额筛选。',
        },
      ),
    }),
    /** Fields of the record that lists tell with its cases. Default the amount. */
    summary: Type.Optional(
      Type.Array(Key, {
        maxItems: 4,
        uniqueItems: true,
        ...words(
          { en: 'Told in lists', zh: '列表摘要' },
          { en: 'Up to four fields. Without any, the amount.', zh: '最多四个字段;不选则显示金额。' },
        ),
      }),
    ),
    /** Work calendar by which due times are reckoned. */
    calendar: Type.Optional({
      ...Key,
      ...words({ en: 'Work calendar', zh: '工作日历' }, { en: 'Due times follow it.', zh: '期限按它计算。' }),
    }),
    /** What a change of that calendar does to what is open: moves it, or nothing. Default `follow`. */
    deadlines: Type.Optional(
      choice(
        {
          follow: { en: 'Due times move with it', zh: '期限随之调整' },
          frozen: { en: 'Due times stay', zh: '期限不变' },
        },
        { ...words({ en: 'When the calendar changes', zh: '日历变更时' }), default: 'follow' },
      ),
    ),
    /** A case that is still open so long after it began ends as expired. */
    expire: Type.Optional(
      Type.Object(
        {
          after: Type.Integer({
            minimum: 1,
            maximum: 5_000_000,
            default: 30,
            ...words({ en: 'After', zh: '时长' }),
          }),
          unit: choice(units, { ...words({ en: 'Unit', zh: '单位' }), default: 'day' }),
          /** The end whose outcome it has then. Default none. */
          end: Type.Optional({ ...XId, ...words({ en: 'Ends as', zh: '结束于' }) }),
          /** Fields written then, as rules. */
          values: Type.Optional(
            Type.Record(Key, RuleJson, {
              ...byKey,
              ...words({ en: 'Written then', zh: '到期时写入' }),
            }),
          ),
        },
        {
          additionalProperties: false,
          ...words(
            { en: 'Cases expire', zh: '到期自动结束' },
            { en: 'What is still open by then ends as expired.', zh: '到期仍未结束的流程按过期结束。' },
          ),
        },
      ),
    ),
    /**
     * What nobody but the flow changes while a case is open: the whole `record`, or the `fields` that the flow
     * reads, writes or opens at a step. Default `none`.
     */
    lock: Type.Optional(
      choice(
        {
          record: { en: 'The whole record', zh: '整条记录' },
          fields: { en: 'The fields of the flow', zh: '流程涉及的字段' },
          none: { en: 'Nothing', zh: '不锁定' },
        },
        { ...words({ en: 'Locked while a case is open', zh: '流程进行中锁定' }), default: 'none' },
      ),
    ),
    /**
     * What whoever is asked sees of the record: as it is now, or as it was when the step began, with a note of what has
     * changed since. Default `latest`.
     */
    view: Type.Optional(
      choice(
        {
          latest: { en: 'As it is now', zh: '最新数据' },
          snapshot: { en: 'As it was when the step began', zh: '节点开始时的数据' },
        },
        { ...words({ en: 'Tasks show the record', zh: '待办显示的记录' }), default: 'latest' },
      ),
    ),
    /** Until when the applicant may take the case back. Default `before_first_action`. */
    withdraw: Type.Optional(
      choice(
        {
          before_first_action: { en: 'Until somebody has acted', zh: '有人处理之前' },
          until_end: { en: 'Until its end', zh: '结束之前' },
          never: { en: 'Never', zh: '不可撤回' },
        },
        {
          ...words({ en: 'The applicant may take it back', zh: '申请人可撤回' }),
          default: 'before_first_action',
        },
      ),
    ),
    /** Taken back, the case ends, or waits for the applicant to submit it again. Default `end`. */
    afterWithdraw: Type.Optional(
      choice(
        {
          end: { en: 'Ends', zh: '结束' },
          draft: { en: 'Waits to be submitted again', zh: '等待重新提交' },
        },
        { ...words({ en: 'A case taken back', zh: '撤回后' }), default: 'end' },
      ),
    ),
    /** Fields written when the case is taken back, as rules: the state that it may be submitted from again. */
    onWithdraw: Type.Optional(
      Type.Record(Key, RuleJson, {
        ...byKey,
        ...words(
          { en: 'Written when it is taken back', zh: '撤回时写入' },
          { en: 'Such as the state that it is submitted from.', zh: '如可再次提交的状态。' },
        ),
      }),
    ),
    /** How often a case is sent back at most. Default 20. */
    returnCap: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1000,
        default: 20,
        ...words({ en: 'Sent back at most', zh: '退回次数上限' }),
      }),
    ),
    /**
     * Who is told that a case has ended: its applicant, nobody, or these: people whom fields of the record name
     * (`partner.channel_manager`), with the applicant where they stand among them. Default `applicant`.
     */
    tellEnd: Type.Optional(
      Type.Union(
        [
          Type.Literal('applicant', words({ en: 'The applicant', zh: '申请人' })),
          Type.Literal('nobody', words({ en: 'Nobody', zh: '不通知' })),
          Type.Array(
            Type.Union([
              Type.Object(
                { kind: Type.Literal('applicant') },
                { additionalProperties: false, ...words({ en: 'The applicant', zh: '申请人' }) },
              ),
              Type.Object(
                {
                  kind: Type.Literal('field'),
                  path: Type.String(words({ en: 'Field that names them', zh: '人员字段' })),
                },
                {
                  additionalProperties: false,
                  ...words({ en: 'People whom a field names', zh: '字段中的人员' }),
                },
              ),
            ]),
            { minItems: 1, maxItems: 10, ...words({ en: 'People of the record', zh: '记录中的人员' }) },
          ),
        ],
        { ...words({ en: 'Told of the end', zh: '结束时通知' }), default: 'applicant' },
      ),
    ),
  },
  { additionalProperties: false, ...words({ en: 'Settings', zh: '设置' }) },
)
