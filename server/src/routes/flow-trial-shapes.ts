import Type from 'typebox'
import { place } from './definition-shapes.ts'
import { TitlesShape } from './record-shapes.ts'
import { BothTexts, nullable } from './shapes.ts'

/** What trials of flows look like on the wire; the types are `runtime/src/api/flow-trials.ts`. */

export const TrialParams = Type.Object({
  workspace: Type.String(),
  key: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
})

/** Which wording is tried. */
export const TriedFlowShape = {
  use: Type.Optional(Type.Enum(['draft', 'release'])),
  unsaved: Type.Optional(Type.Object({ ...place, text: Type.String() }, { additionalProperties: false })),
  otherwise: Type.Optional(Type.Enum(['first', 'none'])),
}

const Trace = nullable(Type.Object({ en: Type.Array(Type.String()), zh: Type.Array(Type.String()) }))
const Person = Type.Object({ id: Type.String(), name: nullable(Type.String()) })
const Instant = Type.String({ format: 'date-time' })
const Strings = Type.Array(Type.String())
const Values = Type.Record(Type.String(), Type.Unknown())

export const SimulateShape = Type.Object({
  status: Type.String(),
  outcome: nullable(Type.String()),
  started_at: Instant,
  ended_at: Instant,
  trigger: nullable(Type.Object({ holds: Type.Boolean(), trace: Trace })),
  steps: Type.Array(
    Type.Object({
      at: Instant,
      kind: Type.String(),
      node: nullable(Type.String()),
      said: Type.Array(BothTexts),
      entered: Strings,
      tasks: Type.Array(
        Type.Object({
          node: Type.String(),
          title: BothTexts,
          assignee: Person,
          on_behalf_of: nullable(Person),
          state: Type.String(),
          due_at: nullable(Instant),
          because: Type.Array(BothTexts),
        }),
      ),
      branches: Type.Array(
        Type.Object({
          node: Type.String(),
          edge: Type.String(),
          title: BothTexts,
          holds: Type.Boolean(),
          trace: Trace,
        }),
      ),
      effect: nullable(Type.Object({ type: Type.String(), title: BothTexts, values: Values })),
      choice: nullable(
        Type.Object({
          rule: nullable(BothTexts),
          candidates: Type.Array(
            Type.Object({
              record: Type.String(),
              name: nullable(Type.String()),
              place: nullable(Type.Integer()),
              chosen: Type.Boolean(),
              why: BothTexts,
            }),
          ),
          hidden: Type.Integer(),
        }),
      ),
    }),
  ),
  path: Strings,
  edges: Strings,
  waits_at: Strings,
  titles: TitlesShape,
  changes: Type.Array(
    Type.Object({
      field: Type.String(),
      title: BothTexts,
      before: Type.Unknown(),
      after: Type.Unknown(),
    }),
  ),
})
