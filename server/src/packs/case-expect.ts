import type { CaseExpect } from '@channelwright/runtime/definition/case-expect.ts'
import { describeRefusal, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { locales } from '@channelwright/runtime/text.ts'
import { flowTable } from '../flows/run-store.ts'
import { listRecords } from '../records/list-records.ts'
import { loadWhole } from '../records/load-whole.ts'
import { tableOf } from '../records/record-table.ts'
import { expectEarnings, expectExplanation, expectLedger } from './case-expect-money.ts'
import { expectColumns, expectRows } from './case-expect-rows.ts'
import { CaseFailure, expectSame, failed } from './case-failure.ts'
import { matches } from './case-match.ts'
import { partAt } from './case-parts.ts'
import type { StepOutcome } from './case-steps.ts'
import { resolveValue, resolveValues } from './case-values.ts'
import type { CaseWorld } from './case-world.ts'

/** Compares what stands now with what a step expects. Throws a CaseFailure at the first difference. */
export async function checkExpectations(
  world: CaseWorld,
  expected: CaseExpect,
  outcome: StepOutcome,
  pointer: string,
): Promise<void> {
  await expectOutcome(world, expected, outcome, pointer)
  for (const [at, one] of each(expected.records)) await expectRecords(world, one, `${pointer}/records/${at}`)
  for (const [at, one] of each(expected.tasks)) await expectTasks(world, one, `${pointer}/tasks/${at}`)
  for (const [at, one] of each(expected.runs)) await expectRun(world, one, `${pointer}/runs/${at}`)
  for (const [at, one] of each(expected.ledger)) await expectLedger(world, one, `${pointer}/ledger/${at}`)
  for (const [at, one] of each(expected.explanations))
    await expectExplanation(world, one, `${pointer}/explanations/${at}`)
  for (const [at, one] of each(expected.earnings))
    await expectEarnings(world, one, `${pointer}/earnings/${at}`)
  for (const [at, one] of each(expected.visible)) await expectVisible(world, one, `${pointer}/visible/${at}`)
  for (const [at, one] of each(expected.rows)) await expectRows(world, one, `${pointer}/rows/${at}`)
}

/** What the step itself gave back, and when. */
async function expectOutcome(
  world: CaseWorld,
  { now, reply, together }: CaseExpect,
  outcome: StepOutcome,
  pointer: string,
): Promise<void> {
  if (now !== undefined && Date.parse(now) !== Date.parse(world.clock.now()))
    throw failed({ en: 'The time', zh: '时间' }, now, world.clock.now(), `${pointer}/now`)
  for (const [path, value] of Object.entries(reply ?? {})) {
    const at = `${pointer}/reply/${path.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const wanted = await resolveValue(world, value as Json, at)
    const found = partAt(outcome.reply ?? null, path)
    if (!matches(wanted, found))
      throw failed({ en: `The answer at "${path}"`, zh: `应答的"${path}"` }, wanted, found ?? 'nothing', at)
  }
  if (together === undefined) return
  const { done, refused } = outcome.together ?? { done: 0, refused: {} }
  const what = { en: 'What was done together', zh: '同时执行的结果' }
  if (together.done !== undefined && together.done !== done)
    throw failed(what, together.done, { done, refused }, `${pointer}/together/done`)
  if (together.refused !== undefined)
    expectSame(what, together.refused, refused, `${pointer}/together/refused`)
}

/** The refusal that a step got, against the one it expects. */
export async function checkRefusal(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['refused']>,
  error: unknown,
  pointer: string,
): Promise<void> {
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
  if (expected.detail !== undefined && !error.details.some((detail) => detail.code === expected.detail)) {
    const found = error.details.map((detail) => detail.code)
    throw failed({ en: 'Detail of the refusal', zh: '拒绝明细' }, expected.detail, found, `${pointer}/detail`)
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
    const text = String(await resolveValue(world, hidden, `${pointer}/hides/${at}`))
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
  const wanted = await resolveValues(world, expected.values ?? {}, `${pointer}/values`)
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
    expectColumns(wanted, record, expected.record, `${pointer}/values`)
    return
  }
  const { object } = expected
  if (object === undefined)
    throw new CaseFailure(
      { en: `Name a record or an object (at ${pointer})`, zh: `请指明记录或对象(位置 ${pointer})` },
      pointer,
    )
  const where = await resolveValues(world, expected.where ?? {}, `${pointer}/where`)
  const records = (await allRecords(world, object)).filter((record) => matches(where, record))
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
  for (const record of records) expectColumns(wanted, record, object, `${pointer}/values`)
  if (expected.as === undefined) return
  const [only, ...others] = records
  if (only === undefined || others.length > 0)
    throw failed(
      { en: `The ${object} to name`, zh: `要命名的 ${object}` },
      1,
      records.length,
      `${pointer}/as`,
    )
  world.keep(expected.as, { object, id: String(only.id) }, `${pointer}/as`)
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

type TaskRow = JsonObject & { node: string; assignee: string; state: string; comment: string | null }
type RunRow = JsonObject & { id: string; status: string; outcome: string | null; release: number }

async function expectTasks(
  world: CaseWorld,
  expected: NonNullable<CaseExpect['tasks']>[number],
  pointer: string,
): Promise<void> {
  const { id } = world.record(expected.record, `${pointer}/record`)
  const assignee =
    expected.assignee === undefined ? undefined : world.userId(expected.assignee, `${pointer}/assignee`)
  const tasks = await world.asEngine((unit) =>
    unit.query<TaskRow>(
      `SELECT * FROM ${flowTable(unit, 'task')} WHERE record = $1 ORDER BY created_at, seq`,
      [id],
    ),
  )
  const has = await resolveValues(world, expected.has ?? {}, `${pointer}/has`)
  const fits = tasks.filter(
    (task) =>
      (expected.node === undefined || task.node === expected.node) &&
      (assignee === undefined || task.assignee === assignee) &&
      (expected.state === undefined || task.state === expected.state) &&
      (expected.comment === undefined || (task.comment ?? '').includes(expected.comment)) &&
      matches(has, task),
  )
  if (expected.count === undefined ? fits.length > 0 : fits.length === expected.count) return
  const names = new Map([...world.users].map(([name, user]) => [user, `@${name}`]))
  const found = tasks.map((task) => ({
    node: task.node,
    assignee: names.get(task.assignee) ?? task.assignee,
    state: task.state,
    comment: task.comment,
    ...Object.fromEntries(Object.keys(has).map((key) => [key, task[key]])),
  }))
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
    unit.query<RunRow>(
      `SELECT * FROM ${flowTable(unit, 'run')}
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
  const has = await resolveValues(world, expected.has ?? {}, `${pointer}/has`)
  expectColumns(has, latest, expected.record, `${pointer}/has`)
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
