import type { ErrorDetail } from '../../src/errors/create-error.ts'
import type { Locale } from '../../src/text.ts'
import { isProblem } from '../api/problem.ts'

/** One thing to mend: at a field, or of the form as a whole. */
export interface FormProblem {
  /** Key of the field; null when it is about the whole. */
  readonly field: string | null
  readonly message: string
}

/** The field that a JSON pointer leads into: `/lines/2/qty` is about `lines`. */
export function fieldOf(pointer: string, fields: readonly string[]): string | null {
  const tokens = pointer.split('/').slice(1)
  const candidates = tokens[0] === 'values' || tokens[0] === 'body' ? tokens.slice(1) : tokens
  const key = candidates[0]?.replaceAll('~1', '/').replaceAll('~0', '~')
  return key !== undefined && fields.includes(key) ? key : null
}

/** Row of a lines field that a pointer leads into, counted from one. */
function rowOf(pointer: string): number | null {
  const row = /^\/[^/]+\/(\d+)(\/|$)/.exec(pointer)?.[1]
  return row === undefined ? null : Number(row) + 1
}

export function readDetails(
  details: readonly ErrorDetail[],
  fields: readonly string[],
  locale: Locale,
): FormProblem[] {
  return details.map((detail) => place(detail.path, detail.message[locale], fields))
}

/** What the server refused, put where it belongs; what belongs to no field of the form is said of the whole. */
export function readRefusal(error: unknown, fields: readonly string[]): FormProblem[] {
  if (!isProblem(error)) return []
  const problems = error.details.map((detail) => place(detail.path, detail.message, fields))
  return problems.some((problem) => problem.field !== null)
    ? problems
    : [
        { field: null, message: error.message },
        ...problems.filter((problem) => problem.message !== error.message),
      ]
}

function place(pointer: string, message: string, fields: readonly string[]): FormProblem {
  const row = rowOf(pointer)
  return { field: fieldOf(pointer, fields), message: row === null ? message : `#${row}: ${message}` }
}

/** Messages by field, each said once. */
export function groupByField(problems: readonly FormProblem[]): ReadonlyMap<string, readonly string[]> {
  const grouped = new Map<string, string[]>()
  for (const { field, message } of problems) {
    if (field === null) continue
    const messages = grouped.get(field) ?? []
    if (!messages.includes(message)) grouped.set(field, [...messages, message])
  }
  return grouped
}
