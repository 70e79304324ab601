import type { Json } from '../json.ts'
import type { Text } from '../text.ts'

/** Something a check has to say of a definition. Errors stop a publish, warnings are shown with it. */
export interface Diagnostic {
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** JSON pointer into the definition. */
  readonly path: string
  readonly message: Text
  readonly hint: Text
  /** The definition it is about; filled in by the check of a whole set. */
  readonly kind?: string
  readonly key?: string
  /** The file it came from, and where in it, when it was read from one. */
  readonly file?: string
  readonly line?: number
  readonly column?: number
  /** An edit the editor can apply: replace the value at `path` by `value`. */
  readonly fix?: { readonly title: Text; readonly path: string; readonly value: Json }
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
