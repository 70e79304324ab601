import type { GroupReply, RecordJson, RecordPage } from '@channelwright/runtime/api/records.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { dayIn } from '@channelwright/runtime/forms/context.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule, compileRule, type TypedRule } from '@channelwright/runtime/logic/index.ts'
import type { ListQuery } from '@channelwright/runtime/react/api/client.ts'
import { firstDayOf } from '@channelwright/runtime/views/table/date-parts.ts'
import { type Group, hasDateParts, type Measure } from '@channelwright/runtime/views/table/measures.ts'
import { sumUpRecords } from '@channelwright/runtime/views/table/sum-up.ts'
import { isSample, sampleId } from './sample-values.ts'

/** Records that a preview sums up at most; a page has as many as one answer of the server. */
export const mostSummed = 1000
const page = 200

/** A view that says what it groups by and what is told of each group. */
export interface GroupedView {
  readonly object?: string
  readonly group?: readonly Group[]
  readonly measures?: readonly Measure[]
}

interface Source {
  readonly set: DefinitionSet
  /** `$user`, `$today` and their like, for rules. */
  readonly context: JsonObject
  /** In which moments have their days. */
  readonly timeZone: string
  /** Records as the drafts make them. */
  list(query: ListQuery & { readonly object: string }): Promise<RecordPage>
}

/** What a grouped view of the drafts tells of the preview's own records: what it names and is not there is left out. */
export async function sumUpPreview(
  { set, context, timeZone, list }: Source,
  view: GroupedView,
  query: { readonly object: string; readonly filter?: Json; readonly search?: string; readonly view: string },
): Promise<GroupReply> {
  const titles: Record<string, string> = {}
  const records: RecordJson[] = []
  for (let cursor: string | null | undefined; cursor !== null && records.length < mostSummed; ) {
    const found = await list({ ...query, expand: '*', limit: page, ...(cursor ? { cursor } : {}) })
    records.push(...found.records)
    Object.assign(titles, found.titles)
    cursor = found.next
  }
  const fieldAt = (path: string): FieldDefinition | null => {
    const [key = '', inner] = path.split('.')
    const field = set.objects.get(query.object)?.schema.properties[key] as FieldDefinition | undefined
    if (inner === undefined || !field) return field ?? null
    const target = set.objects.get(String(field['x-object']))?.schema.properties[inner]
    return (target as FieldDefinition | undefined) ?? null
  }
  const groups = (view.group ?? []).filter(({ field, by }) => {
    const found = fieldAt(field)
    return found !== null && (by === undefined || hasDateParts(found))
  })
  const measures = (view.measures ?? []).flatMap((measure) => {
    const field = measure.field === undefined ? null : fieldAt(measure.field)
    const { filter } = measure
    const rule = filter === undefined ? null : readRule(filter as Json, set, query.object)
    if (rule === undefined || (measure.field !== undefined && field === null)) return []
    return [{ measure, field, rule }]
  })
  const through = new Set(
    [...groups.map(({ field }) => field), ...measures.flatMap(({ rule }) => rule?.reads ?? [])].flatMap(
      (path) => (path.includes('.') && !path.startsWith('$') ? [path.split('.')[0] ?? ''] : []),
    ),
  )
  const related = new Map<string, ReadonlyMap<string, RecordJson>>()
  for (const key of through) {
    const target = String(fieldAt(key)?.['x-object'] ?? '')
    if (!set.objects.has(target)) continue
    const found = await readNamed(list, target, new Set(records.map((record) => String(record[key] ?? ''))))
    Object.assign(titles, found.titles)
    related.set(key, found.records)
  }
  const rows = records.map((record): JsonObject => {
    const row: JsonObject = { ...(record as unknown as JsonObject) }
    for (const [key, of] of related) row[key] = (of.get(String(record[key])) as unknown as JsonObject) ?? null
    return row
  })
  const reply = sumUpRecords(
    rows.map((row, at) => ({ row, record: records[at]! })),
    groups.map(({ field, by }) => {
      const [key = '', inner] = field.split('.')
      const isMoment = fieldAt(field)?.['x-field'] === 'datetime'
      return {
        ...(by === undefined ? {} : { by }),
        key({ row, record }) {
          const value = filled(inner === undefined ? record[key] : (row[key] as JsonObject | null)?.[inner])
          if (by === undefined || value === null) return value
          return firstDayOf(isMoment ? dayIn(String(value), timeZone) : String(value), by)
        },
      }
    }),
    measures.map(({ measure, field, rule }) => {
      const holds = rule && compileRule(rule)
      return {
        kind: measure.kind,
        field,
        value({ row, record }) {
          const answer = holds?.(row, context)
          if (answer && !(answer.ok && answer.value === true)) return null
          return measure.field === undefined ? 1 : filled(record[measure.field])
        },
      }
    }),
  )
  return {
    ...reply,
    group: groups.map((one) => one['x-id']),
    measures: measures.map(({ measure }) => measure['x-id']),
    titles,
    more: false,
  }
}

const filled = (value: unknown): Json => (value === undefined || value === '' ? null : (value as Json))

/** Undefined: it is not sound, and what it counts is not known. */
function readRule(rule: Json, set: DefinitionSet, object: string): TypedRule | undefined {
  const expect = { t: 'bool', nullable: false } as const
  return checkRule(rule, recordScope(set, object), { level: 'L', expect }).rule ?? undefined
}

async function readNamed(list: Source['list'], object: string, ids: ReadonlySet<string>) {
  const titles: Record<string, string> = {}
  const records = new Map<string, RecordJson>()
  const take = (found: RecordPage) => {
    for (const record of found.records) records.set(record.id, record)
    Object.assign(titles, found.titles)
  }
  const real = [...ids].filter((id) => id !== '' && !isSample(id))
  for (let at = 0; at < real.length; at += page)
    take(
      await list({
        object,
        filter: { in: [{ var: 'id' }, real.slice(at, at + page)] },
        expand: '*',
        limit: page,
      }),
    )
  // Made-up records have made-up ones behind them: the same, whoever names them.
  if (ids.has(sampleId(object, 0))) take(await list({ object, expand: '*', limit: page }))
  return { records, titles }
}
