import type { CaseExpect } from '@channelwright/runtime/definition/case.ts'
import { describeRefusal, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { equalDecimals, parseDecimal } from '@channelwright/runtime/logic/decimal.ts'
import { locales } from '@channelwright/runtime/text.ts'
import { flowTable } from '../flows/run-store.ts'
import { listRecords } from '../records/list-records.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { expectEarnings, expectExplanation, expectLedger } from './case-expect-money.ts'
import { CaseFailure, expectSame, failed } from './case-failure.ts'
import type { CaseWorld } from './case-world.ts'

/** Compares what stands now with what a step expects. Throws a CaseFailure at the first difference. */
export async function checkExpectations(
  world: CaseWorld,
  expected: CaseExpect,
  pointer: string,
): Promise<void> {
  for (const [at, one] of each(expected.records)) await expectRecords(world, one, `${pointer}/records/${at}`)
  for (const [at, one] of each(expected.tasks)) await expectTasks(world, one, `${pointer}/tasks/${at}`)
  for (const [at, one] of each(expected.runs)) await expectRun(world, one, `${pointer}/runs/${at}`)
  for (const [at, one] of each(expected.ledger)) await expectLedger(world, one, `${pointer}/ledger/${at}`)
  for (const [at, one] of each(expected.explanations))
    await expectExplanation(world, one, `${pointer}/explanations/${at}`)
  for (const [at, one] of each(expected.earnings))
    await expectEarnings(world, one, `${pointer}/earnings/${at}`)
  for (const [at, one] of each(expected.visible)) await expectVisible(world, one, `${pointer}/visible/${at}`)
}

/** The refusal that a step got, against the one it expects. */
export function checkRefusal(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['refused']>,
  error: unknown,
  pointer: string,
): void {
  if (!(error instanceof Refusal)) throw error
  expectSame({ en: 'Code of the refusal', zh: '拒绝代码' }, expected.code, error.code, `${pointer}/code`)
  const problems = locales.map((locale) => describeRefusal(error, locale))
  if (expected.status !== undefined) {
    expectSame(
      { en: 'Status of the refusal', zh: '拒绝状态' },
      expected.status,
      problems[0]?.status,
      `${pointer}/status`,
    )
  }
  if (expected.path !== undefined && !error.details.some((detail) => detail.path === expected.path)) {
    const paths = error.details.map((detail) => detail.path)
    throw failed({ en: 'Path of the refusal', zh: '拒绝位置' }, expected.path, paths, `${pointer}/path`)
  }
  for (const [index, locale] of locales.entries()) {
    const wanted = expected.message?.[locale]
    const said = [
      problems[index]?.message,
      ...(problems[index]?.details ?? []).map((detail) => detail.message),
    ].join('\n')
    if (wanted !== undefined && !said.includes(wanted)) {
      throw failed(
        { en: 'Message of the refusal', zh: '拒绝信息' },
        wanted,
        said,
        `${pointer}/message/${locale}`,
      )
    }
  }
  const whole = JSON.stringify(problems)
  for (const [at, hidden] of (expected.hides ?? []).entries()) {
    const text = hidden.startsWith('@') ? String(world.resolve(hidden, `${pointer}/hides/${at}`)) : hidden
    if (whole.includes(text)) {
      throw failed(
        { en: 'The refusal hides', zh: '拒绝信息不应包含' },
        hidden,
        whole,
        `${pointer}/hides/${at}`,
      )
    }
  }
}

async function expectRecords(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['records']>[number],
  pointer: string,
): Promise<void> {
  const wanted = expected.values && world.values(expected.values, `${pointer}/values`)
  if (expected.record !== undefined) {
    const { object, id } = world.record(expected.record, `${pointer}/record`)
    const record = await findRecord(world, object, id, expected.deleted ?? false)
    if (record === null) {
      const state = expected.deleted ? { en: 'in the bin', zh: '在回收站中' } : { en: 'there', zh: '存在' }
      throw failed(
        { en: `${expected.record} is ${state.en}`, zh: `${expected.record} ${state.zh}` },
        true,
        false,
        pointer,
      )
    }
    if (wanted) expectValues(wanted, record, `${pointer}/values`, expected.record)
    return
  }
  const { object } = expected
  if (object === undefined)
    throw new CaseFailure(
      { en: `Name a record or an object (at ${pointer})`, zh: `请指明记录或对象(位置 ${pointer})` },
      pointer,
    )
  const where = world.values(expected.where ?? {}, `${pointer}/where`)
  const records = (await allRecords(world, object)).filter((record) =>
    Object.entries(where).every(([key, value]) => same(value, record[key])),
  )
  const [least, most] =
    expected.count === undefined ? [1, Number.POSITIVE_INFINITY] : [expected.count, expected.count]
  if (records.length < least || records.length > most) {
    throw failed(
      { en: `Records of ${object}`, zh: `${object} 的记录数` },
      expected.count ?? 'at least 1',
      records.length,
      pointer,
    )
  }
  if (wanted) for (const record of records) expectValues(wanted, record, `${pointer}/values`, object)
}

function findRecord(world: CaseWorld, object: string, id: string, deleted: boolean) {
  return world.asEngine(async (unit) => {
    try {
      return await loadWhole(unit, tableOf(unit.served, object), id, 'seed', { deleted })
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  })
}

function allRecords(world: CaseWorld, object: string) {
  return world.asEngine(async (unit) => {
    const table = tableOf(unit.served, object)
    const ids = await unit.query<{ id: string }>(
      `SELECT id FROM ${table.from} WHERE deleted_at IS NULL ORDER BY id LIMIT 1000`,
    )
    const records = []
    for (const { id } of ids) records.push(await loadWhole(unit, table, id, 'seed'))
    return records
  })
}

function expectValues(
  wanted: Readonly<Record<string, Json>>,
  record: Readonly<Record<string, Json>>,
  pointer: string,
  name: string,
): void {
  for (const [key, value] of Object.entries(wanted)) {
    if (same(value, record[key])) continue
    throw failed(
      { en: `${name}.${key}`, zh: `${name}.${key}` },
      value,
      record[key] ?? null,
      `${pointer}/${key}`,
    )
  }
}

/** Exact numbers are the same whatever zeros end them; all else as JSON says. */
function same(a: Json, b: Json | undefined): boolean {
  if (typeof a === 'string' && typeof b === 'string' && parseDecimal(a) && parseDecimal(b))
    return equalDecimals(a, b)
  if (
    typeof a === 'object' &&
    a !== null &&
    typeof b === 'object' &&
    b !== null &&
    !Array.isArray(a) &&
    !Array.isArray(b)
  ) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].every((key) => same(a[key] ?? null, b[key] ?? null))
  }
  return JSON.stringify(a) === JSON.stringify(b ?? null)
}

async function expectTasks(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['tasks']>[number],
  pointer: string,
): Promise<void> {
  const { id } = world.record(expected.record, `${pointer}/record`)
  const assignee =
    expected.assignee === undefined ? undefined : world.userId(expected.assignee, `${pointer}/assignee`)
  const tasks = await world.asEngine((unit) =>
    unit.query<{ node: string; assignee: string; state: string; comment: string | null }>(
      `SELECT node, assignee, state, comment FROM ${flowTable(unit, 'task')} WHERE record = $1 ORDER BY created_at, seq`,
      [id],
    ),
  )
  const fits = tasks.filter(
    (task) =>
      (expected.node === undefined || task.node === expected.node) &&
      (assignee === undefined || task.assignee === assignee) &&
      (expected.state === undefined || task.state === expected.state) &&
      (expected.comment === undefined || (task.comment ?? '').includes(expected.comment)),
  )
  if (expected.count === undefined ? fits.length > 0 : fits.length === expected.count) return
  const names = new Map([...world.users].map(([name, user]) => [user, `@${name}`]))
  const found = tasks.map((task) => ({ ...task, assignee: names.get(task.assignee) ?? task.assignee }))
  throw failed(
    { en: `Tasks on ${expected.record}`, zh: `${expected.record} 的待办` },
    expected,
    found,
    pointer,
  )
}

async function expectRun(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['runs']>[number],
  pointer: string,
): Promise<void> {
  const { id } = world.record(expected.record, `${pointer}/record`)
  const runs = await world.asEngine((unit) =>
    unit.query<{ id: string; status: string; outcome: string | null; release: number }>(
      `SELECT id, status, outcome, release FROM ${flowTable(unit, 'run')}
       WHERE record = $1 AND ($2::text IS NULL OR flow = $2) ORDER BY started_at DESC, id DESC`,
      [id, expected.flow ?? null],
    ),
  )
  const what = { en: `Case of ${expected.record}`, zh: `${expected.record} 的流程` }
  if (expected.count !== undefined) expectSame(what, expected.count, runs.length, `${pointer}/count`)
  const latest = runs[0]
  if (latest === undefined) {
    if (expected.count === 0) return
    throw failed(what, expected, 'none', pointer)
  }
  for (const key of ['status', 'outcome', 'release'] as const) {
    if (expected[key] !== undefined) expectSame(what, expected[key], latest[key], `${pointer}/${key}`)
  }
  if (expected.timeline === undefined) return
  const events = await world.asEngine((unit) =>
    unit.query<{ type: string }>(`SELECT type FROM ${flowTable(unit, 'event')} WHERE run = $1 ORDER BY id`, [
      latest.id,
    ]),
  )
  const types = events.map((event) => event.type)
  let from = 0
  for (const type of expected.timeline) {
    const at = types.indexOf(type, from)
    if (at < 0)
      throw failed(
        { en: `Timeline of ${expected.record}`, zh: `${expected.record} 的时间线` },
        expected.timeline,
        types,
        `${pointer}/timeline`,
      )
    from = at + 1
  }
}

async function expectVisible(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['visible']>[number],
  pointer: string,
): Promise<void> {
  const names = new Map([...world.records].map(([name, record]) => [record.id, `@${name}`]))
  const records = await world.as(expected.by, `${pointer}/by`, async (unit) => {
    try {
      return (await listRecords(unit, expected.object, { limit: 200 })).records
    } catch (error) {
      // No right to read the object at all looks as if there were no such object.
      if (error instanceof Refusal && error.code === 'OBJECT_UNKNOWN') return []
      throw error
    }
  })
  const seen = records.map((record) => names.get(record.id) ?? record.id)
  const what = {
    en: `What ${expected.by} sees of ${expected.object}`,
    zh: `${expected.by} 可见的 ${expected.object}`,
  }
  if (expected.records !== undefined)
    expectSame(what, [...expected.records].sort(), [...seen].sort(), `${pointer}/records`)
  for (const name of expected.includes ?? [])
    if (!seen.includes(name)) throw failed(what, `with ${name}`, seen, `${pointer}/includes`)
  for (const name of expected.excludes ?? [])
    if (seen.includes(name)) throw failed(what, `without ${name}`, seen, `${pointer}/excludes`)
  for (const record of records) {
    const missing = (expected.fields ?? []).filter((field) => !(field in record))
    if (missing.length > 0) throw failed(what, expected.fields, Object.keys(record), `${pointer}/fields`)
    const shown = (expected.hiddenFields ?? []).filter((field) => field in record)
    if (shown.length > 0)
      throw failed(what, `without ${shown.join(', ')}`, Object.keys(record), `${pointer}/hiddenFields`)
  }
}

function each<T>(list: readonly T[] | undefined): IterableIterator<[number, T]> {
  return (list ?? []).entries()
}
