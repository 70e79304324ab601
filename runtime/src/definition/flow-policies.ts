import Type, { type Static } from 'typebox'
import { choice, words } from './shared.ts'

const onEmptyWays = {
  admin: { en: 'Administrators of flows are asked', zh: '转给流程管理员' },
  approve: { en: 'The step passes', zh: '自动通过' },
  reject: { en: 'The step refuses', zh: '自动拒绝' },
  incident: { en: 'The case stops with an incident', zh: '停下并报异常' },
} as const
const way = <const K extends keyof typeof onEmptyWays>(key: K) => Type.Literal(key, words(onEmptyWays[key]))

/** What a flow says for all of its steps and a step may say otherwise. `usual`: what holds where neither does. */
const policies = (usual: { readonly selfApproval?: 'superior'; readonly onEmpty?: 'admin' }) => ({
  /**
   * The applicant among those who decide: `ask` them like the others; `skip` them (alone, the step passes by itself,
   * never where money moves); ask their `superior` or the head of their department (`dept_head`) instead, climbing
   * until it is somebody else; `forbid`: leave them out, and alone it is as if nobody was found. Default `superior`.
   */
  selfApproval: Type.Optional(
    choice(
      {
        ask: { en: 'Is asked like the others', zh: '照常审批' },
        skip: { en: 'Is passed over', zh: '跳过本人' },
        superior: { en: 'Their superior is asked', zh: '转给上级' },
        dept_head: { en: 'The head of their department is asked', zh: '转给部门负责人' },
        forbid: { en: 'Is left out', zh: '排除本人' },
      },
      {
        ...words({ en: 'The applicant among those who decide', zh: '申请人也是审批人时' }),
        ...(usual.selfApproval ? { default: usual.selfApproval } : {}),
      },
    ),
  ),
  /**
   * Nobody found: ask those who administer flows, or the people named; pass (never where money moves) or refuse; stop
   * with an incident. Default `admin`.
   */
  onEmpty: Type.Optional(
    Type.Union(
      [
        way('admin'),
        way('approve'),
        way('reject'),
        way('incident'),
        Type.Object(
          {
            users: Type.Array(Type.String({ format: 'uuid' }), {
              minItems: 1,
              maxItems: 20,
              'x-pick': 'person',
              ...words({ en: 'People', zh: '人员' }),
            }),
          },
          { additionalProperties: false, ...words({ en: 'These people are asked', zh: '转给指定人员' }) },
        ),
      ],
      {
        ...words({ en: 'When nobody is found', zh: '找不到审批人时' }),
        ...(usual.onEmpty ? { default: usual.onEmpty } : {}),
      },
    ),
  ),
})
/** As a step says it. */
export const PolicySettings = policies({})
/** As a flow says it. */
export const FlowPolicySettings = policies({ selfApproval: 'superior', onEmpty: 'admin' })

const Policies = Type.Object(PolicySettings)
type Policies = Static<typeof Policies>
export type SelfApproval = NonNullable<Policies['selfApproval']>
export type OnEmpty = NonNullable<Policies['onEmpty']>
