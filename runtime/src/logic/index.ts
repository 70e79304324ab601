// The door of the rules: everything other rooms use of them.
export { type CheckedRule, type CheckOptions, checkRule } from './check.ts'
export {
  type ChildRows,
  type CompiledSql,
  compileSql,
  inlineSql,
  type SqlOptions,
  type SqlResolver,
  type SqlSource,
  sqlType,
  UnknownSqlPath,
} from './compile-sql.ts'
export { type EvalOptions, evalLine } from './eval-line.ts'
export { type CompiledRule, compileRule } from './evaluate.ts'
export { type ExplainOptions, explainTrace } from './explain.ts'
export type { TypedRule } from './ir.ts'
export { limits } from './limits.ts'
export { describeUsage, type Operator, type OperatorGroup } from './operator.ts'
export { findOperator, operators } from './operators/index.ts'
export { type Replay, replayTrace } from './replay.ts'
export { describeType } from './rule-type.ts'
export { inferRuleType, ruleTypeFromJsonSchema, scopeFromType } from './schema-type.ts'
export { contextTypes, recordFields, type ScopeOptions, scopeFromFields } from './scope.ts'
export { sqlLiteral } from './sql-literal.ts'
export { compileTrace, type RuleTrace, type TraceStep, type TraceTurn, traceRule } from './trace.ts'
export type { RuleLevel, RuleScope, RuleType } from './types.ts'
export type { RuleResult } from './value.ts'
