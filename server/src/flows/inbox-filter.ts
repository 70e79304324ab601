import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { cursorInvalid } from '@channelwright/runtime/errors/records.ts'
import type { Unit } from '../db/unit.ts'
import { fieldsRead } from '../records/object-rights.ts'
import { searchText, type TextSearch } from '../records/search-text.ts'
import { seenTable } from '../records/seen-table.ts'

/** What narrows the lists of tasks and runs. */
export interface FlowFilter {
  readonly flow?: string
  readonly applicant?: string
  readonly overdue?: boolean
  /** Only what has been waiting for more than so many days. */
  readonly waiting?: number
  /** Part of the record's name. */
  readonly search?: string
  /** Of flows that name an amount, those of at least or at most so much; exact decimals. */
  readonly from?: string
  readonly to?: string
}

/**
 * The condition for cases of an amount, over a row that has `flow`, `object` and `record`; null: none is asked for. The
 * amount is the field that the flow in force names, and the person must read it: others do not find by it either.
 */
export function amountCondition(unit: Unit, { from, to }: FlowFilter, values: unknown[]): string | null {
  if (from === undefined && to === undefined) return null
  const bind = (value: unknown) => `$${values.push(value)}`
  const limits = (column: string) =>
    [
      from === undefined ? null : `${column} >= ${bind(from)}::numeric`,
      to === undefined ? null : `${column} <= ${bind(to)}::numeric`,
    ].filter((one) => one !== null)
  const tests: string[] = []
  for (const { key, object, settings } of unit.served.release.flows.values()) {
    const amount = settings?.amount
    if (amount === undefined || !unit.served.release.objects.has(object)) continue
    const table = seenTable(unit, object)
    const column = table.fields.get(amount)?.column
    if (!column || !fieldsRead(unit.served, unit.actor, object).has(amount)) continue
    tests.push(
      `(flow = ${bind(key)} AND object = ${bind(object)} AND record IN (SELECT t.id FROM ${table.from} t
        WHERE ${limits(`t.${column}`).join(' AND ')} AND t.deleted_at IS NULL))`,
    )
  }
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`
}

/** Records of one object, looked for by their names. */
interface NamedRecords {
  readonly object: string
  readonly from: string
  readonly search: TextSearch
}

type Bind = (value: unknown) => string

/**
 * The condition that the record of a row is called so, with the values bound behind `values`; null: nothing is looked for.
 * `row`: the name of a table with `object` and `record`, of which few rows are looked at: each looks its own record up,
 * for to look through all records would take longer. Names are searched with the person's own rights: what they may not
 * read they do not find.
 */
export function searchCondition(
  unit: Unit,
  search: string | undefined,
  values: unknown[],
  row: string,
): string | null {
  const wanted = search?.trim() ?? ''
  if (wanted === '') return null
  const bind = (value: unknown) => `$${values.push(value)}`
  return eitherOf(searchNames(unit, wanted, bind).map((named) => ownName(named, row, bind)))
}

/**
 * The same over any number of rows `r`. `named`: only records that the indexes of their names have found; then nothing
 * else may be asked in the unit meanwhile.
 */
export async function namedCondition(
  unit: Unit,
  wanted: string,
  { named }: { readonly named: boolean },
  bind: Bind,
): Promise<string> {
  const tests: string[] = []
  for (const one of searchNames(unit, wanted, bind)) {
    const ids = named && one.search.named ? await one.search.named() : null
    const among = ids === null ? '' : `r.record = ANY (${bind(ids)}::uuid[]) AND `
    tests.push(`(${among}${ownName(one, 'r', bind)})`)
  }
  return eitherOf(tests)
}

function ownName({ object, from, search: { found } }: NamedRecords, row: string, bind: Bind): string {
  return `(${row}.object = ${bind(object)} AND (SELECT ${found} FROM ${from} t WHERE t.id = ${row}.record AND t.deleted_at IS NULL))`
}

function eitherOf(tests: readonly string[]): string {
  return tests.length === 0 ? 'false' : `(${tests.join(' OR ')})`
}

function searchNames(unit: Unit, wanted: string, bind: Bind): NamedRecords[] {
  const { release } = unit.served
  const objects = new Set([...release.flows.values()].map((flow) => flow.object))
  return [...objects].flatMap((object) => {
    if (!release.objects.has(object)) return []
    const table = seenTable(unit, object)
    const display = table.fields.get(table.object.display)
    const readable = fieldsRead(unit.served, unit.actor, object)
    if (!display?.column || !readable.has(display.key)) return []
    const { from } = table
    if (display.type.column(display.definition)?.sql === 'text')
      return [{ object, from, search: searchText(unit, table, [display.key], readable, wanted, bind) }]
    const like = bind(`%${wanted.replace(/[\\%_]/g, '\\$&')}%`)
    return [{ object, from, search: { found: `t.${display.column}::text ILIKE ${like}`, named: null } }]
  })
}

/** The place in a list that is sorted by time and id. */
export function writeCursor(at: string, id: string): string {
  return Buffer.from(`${at} ${id}`).toString('base64url')
}

export function readCursor(text: string): { at: string; id: string } {
  const [at = '', id = ''] = Buffer.from(text, 'base64url').toString().split(' ')
  if (Number.isNaN(Date.parse(at)) || !/^[0-9a-f-]{36}$/.test(id)) throw new Refusal(cursorInvalid)
  return { at, id }
}
