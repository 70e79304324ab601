import Type, { type Static } from 'typebox'
import { TableSchema } from '../logic/tables/table-type.ts'
import { checkNamedRule } from './check-rule.ts'
import { InputsSchema } from './inputs.ts'
import { defineKind } from './kind.ts'
import { header, RuleJson } from './shared.ts'

/** A named rule with declared inputs and result. */
export const RuleSchema = Type.Object(
  {
    ...header('rule/1'),
    inputs: InputsSchema,
    /** JSON Schema of the result; a table with several outputs names their types itself. */
    result: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    /** Either the rule, or a decision table. */
    rule: Type.Optional(RuleJson),
    table: Type.Optional(TableSchema),
  },
  { additionalProperties: false },
)
export type RuleDefinition = Static<typeof RuleSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly rules: ReadonlyMap<string, RuleDefinition>
  }
}

export const ruleKind = defineKind({
  name: 'rule',
  format: 1,
  title: { en: 'Rule', zh: '规则' },
  folder: 'rules',
  schema: RuleSchema,
  begin: () => ({ inputs: { type: 'object', properties: {} }, result: { type: 'boolean' }, rule: true }),
  migrations: [],
  check: checkNamedRule,
})
