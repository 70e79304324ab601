import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { ErrorCode } from '../../errors/create-error.ts'
import { diagnose } from '../../errors/diagnose.ts'
import type { TextRange } from './pieces.ts'

/** Something wrong at certain characters of a formula. */
export interface FormulaDiagnostic extends Diagnostic {
  /** Characters (UTF-16 units) before the place; `end` is after it. */
  readonly offset: number
  readonly end: number
  /** From 1. */
  readonly line: number
  readonly column: number
}

/** A diagnostic with the place in the text. */
export function placeAt(text: string, diagnostic: Diagnostic, { from, to }: TextRange): FormulaDiagnostic {
  const before = text.slice(0, from)
  const line = before.split('\n').length
  return { ...diagnostic, offset: from, end: to, line, column: from - before.lastIndexOf('\n') }
}

/** Thrown while a formula is read; never leaves `readFormula`. */
export class FormulaProblem {
  constructor(
    readonly error: ErrorCode,
    readonly range: TextRange,
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {}
  place(text: string): FormulaDiagnostic {
    return placeAt(text, diagnose(this.error, '', this.values), this.range)
  }
}
