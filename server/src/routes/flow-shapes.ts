import { closedStatuses, openStatuses } from '@channelwright/runtime/flow/run.ts'
import Type from 'typebox'
import { RecordReplyShape } from './record-shapes.ts'
import { BothTexts, nullable } from './shapes.ts'

// What the routes of tasks and runs answer with, as schemas; the same as `runtime/src/api/flows.ts` says as types.

const Uuid = Type.String({ format: 'uuid' })
const Instant = Type.String({ format: 'date-time' })
export const Person = Type.Object({ id: Type.String(), name: nullable(Type.String()) })
const Incident = Type.Object({ code: Type.String(), message: BothTexts })
/** A command that the reader may give now. */
const CommandOffer = Type.Object({
  name: Type.String(),
  title: BothTexts,
  done: BothTexts,
  payload: Type.Record(Type.String(), Type.Unknown()),
  choices: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Array(Type.Object({ id: Type.String(), title: BothTexts, note: Type.Optional(BothTexts) })),
    ),
  ),
})

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200 }))
export const Cursor = Type.Optional(Type.String({ maxLength: 1000 }))
export const RunStatus = Type.Enum([...openStatuses, ...closedStatuses])
/** Made once by the caller for one command: sent again it is answered again and not done again. */
export const CommandId = Type.String({ format: 'uuid' })
export const Comment = nullable(Type.String({ maxLength: 4000 }))
/** Blanks alone give no reason. */
export const Reason = Type.String({ minLength: 1, maxLength: 4000, pattern: '\\S' })
/** What narrows lists of tasks and runs. */
const Amount = Type.String({ pattern: '^-?[0-9]{1,20}(\\.[0-9]{1,20})?$' })
export const inboxFilter = {
  flow: Type.Optional(Type.String({ maxLength: 40 })),
  applicant: Type.Optional(Uuid),
  overdue: Type.Optional(Type.Boolean()),
  /** Longer than so many days. */
  waiting: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
  search: Type.Optional(Type.String({ maxLength: 100 })),
  /** Of flows that name an amount: at least, at most. */
  from: Type.Optional(Amount),
  to: Type.Optional(Amount),
}
export const InboxCounts = Type.Object({
  todo: Type.Integer(),
  overdue: Type.Integer(),
  copied: Type.Integer(),
  notifications: Type.Integer(),
  stuck: Type.Integer(),
})
export const OneRun = Type.Object({ workspace: Type.String(), id: Uuid })

const taskItem = {
  id: Uuid,
  rev: Type.Integer(),
  state: Type.String(),
  flow: Type.Object({ key: Type.String(), title: BothTexts }),
  node: Type.Object({ id: Type.String(), title: BothTexts }),
  object: Type.String(),
  record: Uuid,
  title: nullable(Type.String()),
  facts: Type.Record(Type.String(), Type.Unknown()),
  applicant: Person,
  created_at: Instant,
  decided_at: nullable(Instant),
  comment: nullable(Type.String()),
  due_at: nullable(Instant),
  on_behalf_of: nullable(Person),
  opinion_only: Type.Boolean(),
  batch: Type.Boolean(),
  suspended: Type.Boolean(),
  record_rev: nullable(Type.Integer()),
}
export const TaskItem = Type.Object(taskItem)

export const PickOffer = Type.Object({
  node: Type.String(),
  title: BothTexts,
  min: Type.Integer(),
  max: Type.Integer(),
  needed: Type.Boolean(),
  chosen: Type.Array(Person),
})

export const TaskReply = Type.Object({
  ...taskItem,
  run: Uuid,
  form: nullable(Type.Object({ definition: Type.Unknown(), validator: Type.String() })),
  writable: Type.Array(Type.String()),
  decisions: Type.Array(
    Type.Object({
      key: Type.String(),
      title: BothTexts,
      comment_required: Type.Boolean(),
      signature_required: Type.Boolean(),
      attachments_required: Type.Boolean(),
    }),
  ),
  picks: Type.Array(PickOffer),
  copies: Type.Boolean(),
  commands: Type.Array(CommandOffer),
  shown: nullable(RecordReplyShape),
  snapshot: nullable(Type.Object({ at: Instant, changed: Type.Array(Type.String()) })),
  filled_in: nullable(RecordReplyShape),
})

export const CommandReply = Type.Object({
  run: Type.Object({
    id: Uuid,
    status: RunStatus,
    outcome: nullable(Type.String()),
    rev: Type.Integer(),
  }),
  task: Type.Optional(Type.Object({ id: Uuid, state: Type.String(), rev: Type.Integer() })),
})

const runItem = {
  id: Uuid,
  flow: Type.Object({ key: Type.String(), title: BothTexts }),
  release: Type.Integer(),
  object: Type.String(),
  record: Uuid,
  status: RunStatus,
  outcome: nullable(Type.String()),
  outcome_title: nullable(BothTexts),
  applicant: Person,
  started_at: Instant,
  ended_at: nullable(Instant),
}
export const RunLine = Type.Object({
  ...runItem,
  title: nullable(Type.String()),
  nodes: Type.Array(Type.Object({ id: Type.String(), title: BothTexts })),
  waiting_for: Type.Array(Person),
  since: nullable(Instant),
  due_at: nullable(Instant),
  incident: nullable(Incident),
})

export const RunReply = Type.Object({
  ...runItem,
  rev: Type.Integer(),
  nodes: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      title: BothTexts,
      state: Type.Enum(['active', 'done', 'cancelled', 'waiting', 'incident']),
      entered_at: nullable(Instant),
      left_at: nullable(Instant),
      incident: nullable(Incident),
    }),
  ),
  edges: Type.Array(
    Type.Object({
      id: Type.String(),
      from: Type.String(),
      to: Type.String(),
      taken: Type.Boolean(),
      title: Type.Optional(nullable(BothTexts)),
    }),
  ),
  tasks: Type.Array(
    Type.Object({
      id: Uuid,
      node: Type.String(),
      assignee: Person,
      state: Type.String(),
      comment: nullable(Type.String()),
      created_at: Instant,
      decided_at: nullable(Instant),
      due_at: nullable(Instant),
      due_by: nullable(
        Type.Object({ key: Type.String(), release: Type.Integer(), title: nullable(BothTexts) }),
      ),
      parent: nullable(Uuid),
      link: nullable(Type.Enum(['before', 'after', 'parallel', 'delegate'])),
      on_behalf_of: nullable(Person),
      opinion_only: Type.Boolean(),
      rev: Type.Integer(),
      commands: Type.Array(CommandOffer),
    }),
  ),
  timeline: Type.Array(
    Type.Object({
      at: Instant,
      type: Type.String(),
      node: nullable(Type.String()),
      by: nullable(Person),
      sentence: BothTexts,
      comment: nullable(Type.String()),
      signature: nullable(Type.String()),
      attachments: Type.Array(Type.String()),
    }),
  ),
  copies: Type.Array(
    Type.Object({ reader: Person, node: Type.String(), at: Instant, read_at: nullable(Instant) }),
  ),
  locks_record: Type.Boolean(),
  may: Type.Object({ withdraw: Type.Boolean(), administer: Type.Boolean() }),
  title: nullable(Type.String()),
  round: Type.Integer(),
  commands: Type.Array(CommandOffer),
})

export const Delegation = Type.Object({
  id: Uuid,
  from: Person,
  to: Person,
  mode: Type.Enum(['replace', 'also']),
  flows: nullable(Type.Array(Type.String())),
  max_amount: nullable(Type.String()),
  starts_at: Instant,
  ends_at: Instant,
  ended_at: nullable(Instant),
})
