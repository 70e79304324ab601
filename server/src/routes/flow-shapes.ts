import { closedStatuses, openStatuses } from '@channelwright/runtime/flow/run.ts'
import Type from 'typebox'
import { BothTexts, nullable } from './shapes.ts'

// What the routes of tasks and runs answer with, as schemas; the same as `runtime/src/api/flows.ts` says as types.

const Uuid = Type.String({ format: 'uuid' })
const Instant = Type.String({ format: 'date-time' })
const Person = Type.Object({ id: Type.String(), name: nullable(Type.String()) })

export const Limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200 }))
export const Cursor = Type.Optional(Type.String({ maxLength: 1000 }))
export const RunStatus = Type.Enum([...openStatuses, ...closedStatuses])
/** Made once by the caller for one command: sent again it is answered again and not done again. */
export const CommandId = Type.String({ format: 'uuid' })
export const Comment = nullable(Type.String({ maxLength: 4000 }))
export const Reason = Type.String({ minLength: 1, maxLength: 4000 })
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
  applicant: Person,
  created_at: Instant,
  decided_at: nullable(Instant),
  comment: nullable(Type.String()),
}
export const TaskItem = Type.Object(taskItem)

export const TaskReply = Type.Object({
  ...taskItem,
  run: Uuid,
  form: nullable(Type.Object({ definition: Type.Unknown(), validator: Type.String() })),
  writable: Type.Array(Type.String()),
  decisions: Type.Array(
    Type.Object({ key: Type.String(), title: BothTexts, comment_required: Type.Boolean() }),
  ),
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
  applicant: Person,
  started_at: Instant,
  ended_at: nullable(Instant),
}
export const RunItem = Type.Object(runItem)

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
      incident: nullable(Type.Object({ code: Type.String(), message: BothTexts })),
    }),
  ),
  edges: Type.Array(
    Type.Object({ id: Type.String(), from: Type.String(), to: Type.String(), taken: Type.Boolean() }),
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
    }),
  ),
  locks_record: Type.Boolean(),
  may: Type.Object({ withdraw: Type.Boolean(), administer: Type.Boolean() }),
})
