import Type, { type Static } from 'typebox'
import { OrderKey, RuleJson, TextSchema, XId } from '../../definition/shared.ts'
import { decimal, withNullable } from '../rule-type.ts'
import type { RuleType } from '../types.ts'

/** How the rows that match become a result. */
export const hitPolicies = [
  'unique',
  'first',
  'any',
  'priority',
  'collect:sum',
  'collect:min',
  'collect:max',
  'collect:count',
  'collect:list',
] as const
export type HitPolicy = (typeof hitPolicies)[number]

/** Most rows and cells of one table. */
export const tableLimits = { rows: 500, cells: 10_000, columns: 20 } as const

const TypeName = Type.String({
  pattern: '^(int|bool|str|date|instant|dec\\((1?[0-9]|20)\\))\\??$',
  description: 'Type of the values: int, dec(2), str, bool, date, instant; "?" where they may be empty.',
})
const Cell = Type.Unknown({
  description: 'Blank any; a value, ">= 1 & < 5", "[1..5)", "gold | silver", "not gold", "null".',
})

/** A decision table: as the operand of `{"table": …}` and as the body of a named rule. */
export const TableSchema = Type.Object(
  {
    inputs: Type.Array(
      Type.Object(
        {
          'x-id': Type.Optional(XId),
          'x-order': Type.Optional(OrderKey),
          title: Type.Optional(TextSchema),
          e: RuleJson,
          type: Type.Optional(TypeName),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: tableLimits.columns },
    ),
    outputs: Type.Array(
      Type.Object(
        {
          'x-id': Type.Optional(XId),
          'x-order': Type.Optional(OrderKey),
          title: Type.Optional(TextSchema),
          name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }),
          type: TypeName,
          /** For `priority`: the values, the one that wins first. */
          values: Type.Optional(Type.Array(Type.Unknown(), { minItems: 1, maxItems: 200 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: tableLimits.columns },
    ),
    hit: Type.Enum([...hitPolicies]),
    rows: Type.Array(
      Type.Object(
        {
          'x-id': Type.Optional(XId),
          'x-order': Type.Optional(OrderKey),
          when: Type.Array(Cell, { maxItems: tableLimits.columns }),
          // biome-ignore lint/suspicious/noThenProperty: the word of the table's JSON
          then: Type.Array(RuleJson, { maxItems: tableLimits.columns }),
          /** What the row is for; for people alone. */
          note: Type.Optional(Type.String({ maxLength: 500 })),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: tableLimits.rows },
    ),
    /** What counts when no row matches. */
    default: Type.Optional(Type.Array(RuleJson, { maxItems: tableLimits.columns })),
  },
  { additionalProperties: false },
)
export type TableDefinition = Static<typeof TableSchema>

/** The type that a type name says: `dec(2)?`. Null for a name that says none. */
export function readTypeName(name: string): RuleType | null {
  const match = /^(int|bool|str|date|instant|dec)(?:\((\d{1,2})\))?(\?)?$/.exec(name)
  if (!match) return null
  const [, kind, scale, empty] = match
  if ((kind === 'dec') !== (scale !== undefined) || Number(scale ?? 0) > 20) return null
  const type: RuleType =
    kind === 'dec'
      ? Number(scale) === 0
        ? { t: 'dec', nullable: false, scale: 0 }
        : decimal(Number(scale))
      : ({ t: kind, nullable: false } as RuleType)
  return withNullable(type, empty !== undefined)
}
