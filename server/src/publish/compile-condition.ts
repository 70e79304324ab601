import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { publishRuleNotSql } from '@channelwright/runtime/errors/publishing.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import {
  compileSql,
  inlineSql,
  type SqlResolver,
  UnknownSqlPath,
} from '@channelwright/runtime/logic/compile-sql.ts'
import { type LookupUse, lookupsOf } from '@channelwright/runtime/logic/operators/lookup.ts'
import { resolveRecordSql } from './resolve-sql.ts'
import { type CompileCondition, conditionSchema } from './shape-tables.ts'

/** A rule over one object's records as SQL text without parameters. Throws PUBLISH_RULE_NOT_SQL. */
export function compileRecordRule(
  set: DefinitionSet,
  object: ObjectDefinition,
  rule: unknown,
  resolver: SqlResolver,
  where: string,
  schema?: string,
): { sql: string; subquery: boolean; reads: readonly string[]; lookups: readonly LookupUse[] } {
  const refuse = (detail: string) => new Refusal(publishRuleNotSql, { where, detail })
  const checked = checkRule(rule as Json, recordScope(set, object.key), {
    level: 'V',
    expect: { t: 'bool', nullable: false },
  })
  if (!checked.rule) throw refuse(checked.diagnostics[0]?.message.en ?? 'it does not hold')
  try {
    const compiled = compileSql(checked.rule, resolver, schema === undefined ? {} : { schema })
    return {
      sql: inlineSql(compiled),
      subquery: compiled.subquery,
      reads: checked.reads,
      lookups: lookupsOf(checked.rule),
    }
  } catch (error) {
    if (error instanceof UnknownSqlPath) throw refuse(`"${error.path}" cannot be read here`)
    throw error
  }
}

/** Conditions of unique and exclusive constraints: the record's own fields and nothing else. */
export function constraintCompiler(set: DefinitionSet): CompileCondition {
  return (object, rule, columns) => {
    const tables = {
      schema: '',
      set,
      table: () => undefined,
      column: (_: string, field: string) => columns.get(field),
    }
    const { sql, subquery } = compileRecordRule(
      set,
      object,
      rule,
      resolveRecordSql(tables, object, '', false),
      object.key,
      conditionSchema,
    )
    if (subquery)
      throw new Refusal(publishRuleNotSql, { where: object.key, detail: 'it reads other records' })
    return sql
  }
}
