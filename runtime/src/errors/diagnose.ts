import type { Diagnostic } from '../definition/diagnostic.ts'
import { formatText } from '../text.ts'
import type { ErrorCode } from './create-error.ts'

/**
 * A diagnostic from its code: message and hint are filled with `values` in every language. `path` is a JSON pointer
 * into the definition; the check of the whole set adds definition, file, line and column.
 */
export function diagnose(
  error: ErrorCode,
  path: string,
  values: Readonly<Record<string, unknown>> = {},
  extra: Partial<Pick<Diagnostic, 'severity' | 'fix'>> = {},
): Diagnostic {
  return {
    code: error.code,
    severity: extra.severity ?? 'error',
    path,
    message: { en: formatText(error.message, 'en', values), zh: formatText(error.message, 'zh', values) },
    hint: { en: formatText(error.hint, 'en', values), zh: formatText(error.hint, 'zh', values) },
    ...(extra.fix ? { fix: extra.fix } : {}),
  }
}
