import { formatText, type Locale, type Text } from '../text.ts'

/** What every error code says of itself. `docs/errors.md` is kept equal to the list of these. */
export interface ErrorCode {
  readonly code: string
  /** HTTP status where the error answers a request; diagnostics carry 422. */
  readonly status: number
  /** May hold `{name}` placeholders, filled from the values of the single error. */
  readonly message: Text
  /** What the reader can do about it. */
  readonly hint: Text
}

export function defineError<const C extends string>(definition: ErrorCode & { readonly code: C }) {
  return definition
}

/**
 * An expected refusal: bad input, missing right, lost race. `values` fill the placeholders of the message,
 * `details` say where (JSON pointers, field keys, rows). Neither may hold secrets or other people's data.
 */
export class Refusal extends Error {
  constructor(
    readonly definition: ErrorCode,
    readonly values: Readonly<Record<string, unknown>> = {},
    readonly details: readonly ErrorDetail[] = [],
  ) {
    super(formatText(definition.message, 'en', values))
    this.name = 'Refusal'
  }
  get code() {
    return this.definition.code
  }
}

/** One place that is wrong. */
export interface ErrorDetail {
  /** JSON pointer into the input. */
  readonly path: string
  readonly code: string
  readonly message: Text
}

/** RFC 9457 problem details, in the reader's language. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  message: string
  hint: string
  details: { path: string; code: string; message: string }[]
}

export function describeRefusal(refusal: Refusal, locale: Locale): Problem {
  const { code, status, message, hint } = refusal.definition
  const text = formatText(message, locale, refusal.values)
  return {
    type: `https://channelwright.dev/errors#${code.toLowerCase()}`,
    title: text,
    status,
    code,
    message: text,
    hint: formatText(hint, locale, refusal.values),
    details: refusal.details.map((d) => ({ path: d.path, code: d.code, message: d.message[locale] })),
  }
}
