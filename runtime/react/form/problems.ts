import type { FormDefinition } from '../../src/definition/form.ts'
import type { FieldDefinition, ObjectDefinition } from '../../src/definition/object.ts'
import type { ErrorDetail } from '../../src/errors/create-error.ts'
import { awaitsFile, isUnsent } from '../../src/fields/file/on-its-way.ts'
import { linesOf } from '../../src/fields/index.ts'
import { titleOf } from '../../src/fields/shared.ts'
import type { JsonObject } from '../../src/json.ts'
import { valueAt } from '../../src/logic/pointer.ts'
import type { Locale } from '../../src/text.ts'
import { isProblem } from '../api/problem.ts'
import type { useSpeech } from '../words/i18n.ts'

/** One thing to mend: at a field, or of the form as a whole. */
export interface FormProblem {
  /** Key of the field; null when it is about the whole. */
  readonly field: string | null
  readonly message: string
  /** JSON pointer from the field's value to the part that is wrong: `/2/quantity` of lines. Empty: the value itself. */
  readonly below: string
}

/** The field that a JSON pointer leads into, and what is left of it: `/lines/2/qty` is about `lines` at `/2/qty`. */
export function fieldOf(
  pointer: string,
  fields: readonly string[],
): { readonly field: string | null; readonly below: string } {
  const tokens = pointer.split('/').slice(1)
  const inner = tokens[0] === 'values' || tokens[0] === 'body' ? tokens.slice(1) : tokens
  const key = inner[0]?.replaceAll('~1', '/').replaceAll('~0', '~')
  return key !== undefined && fields.includes(key)
    ? {
        field: key,
        below: inner
          .slice(1)
          .map((token) => `/${token}`)
          .join(''),
      }
    : { field: null, below: '' }
}

export function readDetails(
  details: readonly ErrorDetail[],
  fields: readonly string[],
  locale: Locale,
): FormProblem[] {
  return details.map((detail) => ({ ...fieldOf(detail.path, fields), message: detail.message[locale] }))
}

/** Files that did not arrive are told as such; those that are on their way are waited for, and no problem. */
export function tellOfFiles(
  problems: readonly FormProblem[],
  values: JsonObject,
  unsent: string,
): readonly FormProblem[] {
  return problems.flatMap((problem) => {
    const { field, below } = problem
    const at = field === null || !/\/\d+$/.test(below) ? undefined : valueAt(values[field] ?? null, below)
    if (typeof at !== 'string') return [problem]
    return awaitsFile([at]) ? [] : [isUnsent(at) ? { ...problem, message: unsent } : problem]
  })
}

/** What the server refused, put where it belongs; what belongs to no field of the form is said of the whole. */
export function readRefusal(error: unknown, fields: readonly string[]): FormProblem[] {
  if (!isProblem(error)) return []
  const problems = error.details.map((detail) => ({
    ...fieldOf(detail.path, fields),
    message: detail.message,
  }))
  return problems.some((problem) => problem.field !== null)
    ? problems
    : [
        { field: null, message: error.message, below: '' },
        ...problems.filter((problem) => problem.message !== error.message),
      ]
}

/** Problems by field, each said once. */
export function groupByField(problems: readonly FormProblem[]): ReadonlyMap<string, readonly FormProblem[]> {
  const grouped = new Map<string, FormProblem[]>()
  for (const problem of problems) {
    if (problem.field === null) continue
    const known = grouped.get(problem.field) ?? []
    const told = known.some((one) => one.message === problem.message && one.below === problem.below)
    if (!told) grouped.set(problem.field, [...known, problem])
  }
  return grouped
}

/** The same sentence about several places, told once: `what` names them. */
export interface ToldProblem {
  readonly message: string
  readonly places: readonly FormProblem[]
}

/** Problems by what they say, in the order in which they come. */
export function groupByMessage(problems: readonly FormProblem[]): ToldProblem[] {
  const grouped = new Map<string, FormProblem[]>()
  for (const problem of problems) {
    const known = grouped.get(problem.message) ?? []
    if (known.some((one) => one.field === problem.field && one.below === problem.below)) continue
    grouped.set(problem.message, [...known, problem])
  }
  return [...grouped].map(([message, places]) => ({ message, places }))
}

/** What people call the place of a problem: the field's title on this form; of lines the row and the column too. */
export function namePlace(
  form: FormDefinition,
  object: ObjectDefinition,
  { field: key, below }: FormProblem,
  locale: Locale,
  say: ReturnType<typeof useSpeech>['say'],
): string {
  const definition = object.schema.properties[key ?? ''] as FieldDefinition | undefined
  if (!definition) return key ?? ''
  const field = form.fields?.[key ?? '']?.title?.[locale] ?? titleOf(definition, locale)
  const cell = /^\/(\d+)(?:\/(.+))?$/.exec(below)
  if (!cell || !linesOf(definition)) return field
  const row = Number(cell[1]) + 1
  const column = linesOf(definition)?.properties[cell[2] ?? '']
  return column
    ? say('form.cellAt', { field, row, column: titleOf(column, locale) })
    : say('form.lineAt', { field, row })
}
