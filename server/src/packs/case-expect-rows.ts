import type { CaseExpect } from '@channelwright/runtime/definition/case-expect.ts'
import { suggest } from '@channelwright/runtime/fields/suggest.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { quoteTable } from '../publish/quote.ts'
import { failed } from './case-failure.ts'
import { matches } from './case-match.ts'
import { keepParts } from './case-parts.ts'
import { resolveValues } from './case-values.ts'
import type { CaseWorld } from './case-world.ts'

type Row = Readonly<Record<string, Json>>

/** Rows of one of the workspace's tables of the platform, against what a step expects of them. */
export async function expectRows(
  world: CaseWorld,
  { table, count, keep, ...expected }: NonNullable<CaseExpect['rows']>[number],
  pointer: string,
): Promise<void> {
  const where = await resolveValues(world, expected.where ?? {}, `${pointer}/where`)
  const wanted = await resolveValues(world, expected.values ?? {}, `${pointer}/values`)
  const rows = (await readTable(world, table, pointer)).filter((row) => matches(where, row))
  const what = { en: `Rows of cw_${table}`, zh: `cw_${table} 的行数` }
  if (count === undefined ? rows.length === 0 : rows.length !== count)
    throw failed(what, count ?? 'at least 1', rows.length, pointer)
  for (const row of rows) expectColumns(wanted, row, `cw_${table}`, `${pointer}/values`)
  if (keep === undefined) return
  const [only, ...others] = rows
  if (only === undefined || others.length > 0) throw failed(what, 1, rows.length, `${pointer}/keep`)
  keepParts(world, only, keep, `${pointer}/keep`)
}

/** Columns of a row, one by one, so that the message names the one that differs. */
export function expectColumns(wanted: Row, row: Row, name: string, pointer: string): void {
  for (const [key, value] of Object.entries(wanted)) {
    if (matches(value, row[key])) continue
    const what = { en: `${name}.${key}`, zh: `${name}.${key}` }
    throw failed(what, value, row[key] === undefined ? 'no such column' : row[key], `${pointer}/${key}`)
  }
}

async function readTable(world: CaseWorld, table: string, pointer: string): Promise<Row[]> {
  const { schema } = world.workspace
  const { rows: tables } = await world.services.owner.query<{ name: string }>(
    `SELECT substr(table_name, 4) AS name FROM information_schema.tables
     WHERE table_schema = $1 AND starts_with(table_name, 'cw_') AND table_type = 'BASE TABLE' ORDER BY 1`,
    [schema],
  )
  const names = tables.map(({ name }) => name)
  if (!names.includes(table))
    throw failed({ en: 'A table', zh: '数据表' }, suggest(table, names).known, table, `${pointer}/table`)
  const { rows } = await world.services.owner.query<Row>(
    `SELECT * FROM ${quoteTable(schema, `cw_${table}`)} LIMIT 10000`,
  )
  return rows
}
