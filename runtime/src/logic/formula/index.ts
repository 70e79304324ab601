// The door of formulas. Loaded lazily in the browser: import this file, not the door of the rules.
export { type CompleteOptions, completeFormula, type FormulaCompletion } from './complete.ts'
export { anyFields, type FormulaField, type FormulaFields, formulaFields, type TitleOf } from './fields.ts'
export type { TextRange } from './pieces.ts'
export type { FormulaDiagnostic } from './problems.ts'
export { type FormulaOptions, placeDiagnostics, type ReadFormula, readFormula } from './read-formula.ts'
export { schemaTitles } from './schema-titles.ts'
export { functionNames } from './spelling.ts'
export { type WriteOptions, writeFormula } from './write-formula.ts'
