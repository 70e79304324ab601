import { migrationOutcomes } from '@channelwright/runtime/api/migrations.ts'
import Type from 'typebox'
import { Person } from './flow-shapes.ts'
import { BothTexts, nullable } from './shapes.ts'

// What the routes of releases and their open cases answer with; the same as `runtime/src/api/migrations.ts` says as types.

const Instant = Type.String({ format: 'date-time' })
const Uuid = Type.String({ format: 'uuid' })
export const Outcome = Type.Enum([...migrationOutcomes])
const TitledFlow = Type.Object({ key: Type.String(), title: BothTexts })

export const FlowVersionList = Type.Object({
  release: Type.Integer(),
  flows: Type.Array(
    Type.Object({
      key: Type.String(),
      title: BothTexts,
      current: Type.Integer(),
      older: Type.Integer(),
      gone: Type.Boolean(),
    }),
  ),
  cases: Type.Array(TitledFlow),
})

export const FlowVersions = Type.Object({
  flow: TitledFlow,
  release: Type.Integer(),
  releases: Type.Array(
    Type.Object({
      release: Type.Integer(),
      published_at: Instant,
      open: Type.Integer(),
      stuck: Type.Integer(),
      differs: Type.Boolean(),
      nodes: Type.Array(
        Type.Object({
          id: Type.String(),
          title: BothTexts,
          type: Type.String(),
          to: nullable(Type.String()),
          choices: Type.Array(Type.Object({ id: Type.String(), title: BothTexts })),
          waiting: Type.Integer(),
        }),
      ),
    }),
  ),
})

const Report = Type.Object({
  steps: Type.Array(Type.Object({ from: BothTexts, to: nullable(BothTexts) })),
  tasks: Type.Array(
    Type.Object({ person: Person, node: BothTexts, fate: Type.Enum(['stays', 'goes', 'comes']) }),
  ),
  lost: Type.Integer(),
  clocks: Type.Integer(),
  gone: Type.Array(BothTexts),
  next: nullable(Uuid),
})

export const MigrationReply = Type.Object({
  id: Uuid,
  flow: TitledFlow,
  release: Type.Integer(),
  how: Type.Enum(['move', 'restart']),
  people: Type.Enum(['keep', 'resolve']),
  dry: Type.Boolean(),
  reason: nullable(Type.String()),
  by: Person,
  started_at: Instant,
  ended_at: nullable(Instant),
  counts: Type.Object(Object.fromEntries(migrationOutcomes.map((one) => [one, Type.Integer()]))),
  runs: Type.Array(
    Type.Object({
      run: Uuid,
      title: nullable(Type.String()),
      applicant: Person,
      from: Type.Integer(),
      outcome: Outcome,
      problem: nullable(Type.Object({ code: Type.String(), message: Type.String(), hint: Type.String() })),
      report: nullable(Report),
    }),
  ),
  next: nullable(Type.String()),
})
