import type { Diagnostic } from '../definition/diagnostic.ts'
import { formatText, type Locale, type Text } from '../text.ts'
import type { ErrorCode } from './create-error.ts'

/**
 * A diagnostic from its code: message and hint are filled with `values` in every language; a value that is itself a
 * `Text` is taken in the language of the message. `path` is a JSON pointer into the definition; the check of the
 * whole set adds definition, file, line and column.
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
    message: fillText(error.message, values),
    hint: fillText(error.hint, values),
    ...(extra.fix ? { fix: extra.fix } : {}),
  }
}

/** The text in every language, filled with `values`; a value that is itself a `Text` is taken in its language. */
export function fillText(text: Text, values: Readonly<Record<string, unknown>>): Text {
  return {
    en: formatText(text, 'en', localize(values, 'en')),
    zh: formatText(text, 'zh', localize(values, 'zh')),
  }
}

function localize(values: Readonly<Record<string, unknown>>, locale: Locale): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, isText(value) ? value[locale] : value]),
  )
}

function isText(value: unknown): value is Text {
  return typeof value === 'object' && value !== null && 'en' in value && 'zh' in value
}
