// The door of the import of foreign rules. json-logic-js comes with it: load it where it is used.
export type { RuleDifference } from './compare.ts'
export { importRule, type RuleImport } from './import-rule.ts'
export type { RuleRewrite } from './rewrites.ts'
