import type { CaseStep } from '@channelwright/runtime/definition/case.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { compare } from '@channelwright/runtime/incentives/arithmetic.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { commandInUnit, type PersonsCommand } from '../flows/command.ts'
import { flowTable } from '../flows/run-store.ts'
import { runPlan } from '../incentives/run-plan.ts'
import {
  createRecord,
  deleteRecord,
  restoreRecord,
  updateRecord,
  type WriteOptions,
} from '../records/write-record.ts'
import { CaseFailure, failed } from './case-failure.ts'
import { addDuration } from './case-time.ts'
import type { CaseWorld } from './case-world.ts'

/** Does what a step says. Throws whatever the server refuses with; the caller compares it with what was expected. */
export async function doStep(world: CaseWorld, step: CaseStep, pointer: string): Promise<void> {
  await act(world, step, pointer)
  await world.settle()
}

async function act(world: CaseWorld, step: CaseStep, pointer: string): Promise<void> {
  if (step.create) return create(world, step.by, step.create, `${pointer}/create`)
  if (step.update) {
    const { record, form, values } = step.update
    const { object, id } = world.record(record, `${pointer}/update/record`)
    const given = world.values(values, `${pointer}/update/values`)
    await write(world, step.by, pointer, (unit, by) =>
      updateRecord(unit, object, id, given, { ...by, ...(form ? { form } : {}) }),
    )
    return
  }
  if (step.delete) {
    const { object, id } = world.record(step.delete.record, `${pointer}/delete/record`)
    await write(world, step.by, pointer, (unit, by) => deleteRecord(unit, object, id, by))
    return
  }
  if (step.restore) {
    const { object, id } = world.record(step.restore.record, `${pointer}/restore/record`)
    await write(world, step.by, pointer, (unit, by) => restoreRecord(unit, object, id, by))
    return
  }
  if (step.decide) return decide(world, personOf(step, pointer), step.decide, `${pointer}/decide`)
  if (step.administer) {
    const { record, do: type, reason } = step.administer
    const run = await latestRun(world, record, `${pointer}/administer`)
    await command(world, personOf(step, pointer), pointer, { type, run, reason })
    return
  }
  if (step.member) return changeMember(world, step.member, `${pointer}/member`)
  if (step.withdraw) return withdraw(world, personOf(step, pointer), step.withdraw, `${pointer}/withdraw`)
  if (step.wait !== undefined)
    return world.moveTo(addDuration(world.clock.now(), step.wait, world.workspace.timeZone))
  if (step.clock !== undefined) return world.moveTo(new Date(step.clock).toISOString())
  if (step.runPlan) return compute(world, step.by, step.runPlan, `${pointer}/runPlan`)
  if (step.publish) return world.publish(editSources(world, step.publish, `${pointer}/publish`))
}

async function create(
  world: CaseWorld,
  by: string | undefined,
  { as, object, form, values }: NonNullable<CaseStep['create']>,
  pointer: string,
): Promise<void> {
  const given = world.values(values, `${pointer}/values`)
  const { id } = await write(world, by, pointer, (unit, options) =>
    createRecord(unit, object, given, { ...options, ...(form ? { form } : {}) }),
  )
  if (as !== undefined) world.keep(as, { object, id }, `${pointer}/as`)
}

/** By a person with their rights; by nobody: put there by the engine, as data from another system would be. */
function write<T>(
  world: CaseWorld,
  by: string | undefined,
  pointer: string,
  work: (unit: Unit, options: WriteOptions) => Promise<T>,
): Promise<T> {
  return by === undefined
    ? world.asEngine((unit) => work(unit, { by: 'seed' }))
    : world.as(by, `${pointer}/by`, (unit) => work(unit, {}))
}

function personOf(step: CaseStep, pointer: string): string {
  if (step.by !== undefined) return step.by
  throw new CaseFailure(
    { en: `Say who does this (at ${pointer}/by)`, zh: `请写明由谁执行(位置 ${pointer}/by)` },
    `${pointer}/by`,
  )
}

async function decide(
  world: CaseWorld,
  by: string,
  { record, node, decision, comment, values }: NonNullable<CaseStep['decide']>,
  pointer: string,
): Promise<void> {
  const { id } = world.record(record, `${pointer}/record`)
  const user = world.userId(by, `${pointer}/by`)
  const tasks = await world.asEngine((unit) =>
    unit.query<{ id: string; rev: number; node: string; assignee: string; state: string }>(
      `SELECT id, rev, node, assignee, state FROM ${flowTable(unit, 'task')} WHERE record = $1 ORDER BY created_at DESC, seq DESC`,
      [id],
    ),
  )
  const fits = tasks.filter((task) => node === undefined || task.node === node)
  const own = fits.filter((task) => task.assignee === user)
  const open = own.filter((task) => task.state === 'pending')
  if (open.length > 1) {
    throw failed(
      { en: `Open tasks of ${by}; name the node`, zh: `${by} 的待办多于一项,请指明节点` },
      1,
      open.map((one) => one.node),
      pointer,
    )
  }
  // Somebody else's task, or one that was decided: the server says what it thinks of that.
  const task = open[0] ?? own[0] ?? fits.find((one) => one.state === 'pending') ?? fits[0]
  if (task === undefined)
    throw failed({ en: `Tasks on ${record}`, zh: `${record} 的待办` }, 'a task', 'none', pointer)
  await command(world, by, pointer, {
    type: 'decide',
    task: task.id,
    taskRev: task.rev,
    decision,
    ...(comment === undefined ? {} : { comment }),
    ...(values === undefined ? {} : { values: world.values(values, `${pointer}/values`) }),
  })
}

async function withdraw(
  world: CaseWorld,
  by: string,
  { record, comment }: NonNullable<CaseStep['withdraw']>,
  pointer: string,
): Promise<void> {
  const run = await latestRun(world, record, pointer)
  await command(world, by, pointer, { type: 'withdraw', run, ...(comment === undefined ? {} : { comment }) })
}

async function command(world: CaseWorld, by: string, pointer: string, order: PersonsCommand): Promise<void> {
  await world.as(by, `${pointer}/by`, (unit) => commandInUnit(unit, world.services.ids.next(), order))
}

async function latestRun(world: CaseWorld, record: string, pointer: string): Promise<string> {
  const { id } = world.record(record, `${pointer}/record`)
  const [run] = await world.asEngine((unit) =>
    unit.query<{ id: string }>(
      `SELECT id FROM ${flowTable(unit, 'run')} WHERE record = $1 ORDER BY started_at DESC, id DESC LIMIT 1`,
      [id],
    ),
  )
  if (run !== undefined) return run.id
  throw failed({ en: `Cases of ${record}`, zh: `${record} 的流程` }, 'a case', 'none', pointer)
}

async function changeMember(
  world: CaseWorld,
  { user, active, roles }: NonNullable<CaseStep['member']>,
  pointer: string,
): Promise<void> {
  await world.services.owner.query(
    `UPDATE channelwright.membership SET status = coalesce($3, status), roles = coalesce($4, roles)
     WHERE workspace = $1 AND user_id = $2`,
    [
      world.workspace.id,
      world.userId(user, `${pointer}/user`),
      active === undefined ? null : active ? 'active' : 'inactive',
      roles ?? null,
    ],
  )
}

async function compute(
  world: CaseWorld,
  by: string | undefined,
  { plan, simulate, recomputeFrom, wouldPost }: NonNullable<CaseStep['runPlan']>,
  pointer: string,
): Promise<void> {
  const startedBy = by === undefined ? null : world.userId(by, `${pointer}/by`)
  const run = await world.asEngine((unit) =>
    runPlan(unit, plan, {
      startedBy,
      ...(simulate === undefined ? {} : { simulate }),
      ...(recomputeFrom === undefined ? {} : { recomputeFrom }),
    }),
  )
  if (wouldPost !== undefined && compare(run?.posted ?? '0', wouldPost) !== 0) {
    throw failed(
      { en: `What ${plan} would post`, zh: `${plan} 将入账金额` },
      wouldPost,
      run?.posted ?? '0',
      `${pointer}/wouldPost`,
    )
  }
}

/** The definitions in force with single values replaced. */
function editSources(
  world: CaseWorld,
  edits: NonNullable<CaseStep['publish']>,
  pointer: string,
): DefinitionSource[] {
  const sources = [...world.sources]
  for (const [index, edit] of edits.entries()) {
    const at = sources.findIndex((source) => {
      const definition = parse(source.text)
      return (
        isJsonObject(definition) &&
        definition.key === edit.key &&
        String(definition.kind).split('/')[0] === edit.kind
      )
    })
    const source = sources[at]
    if (source === undefined) {
      throw failed(
        { en: 'A definition to change', zh: '要修改的定义' },
        `${edit.kind} ${edit.key}`,
        'none',
        `${pointer}/${index}`,
      )
    }
    const text = JSON.stringify(
      setAt(parse(source.text), edit.path, edit.value as Json, `${pointer}/${index}/path`),
      null,
      2,
    )
    sources[at] = { ...source, text: `${text}\n` }
  }
  return sources
}

function parse(text: string): Json {
  return JSON.parse(text) as Json
}

function setAt(root: Json, path: string, value: Json, pointer: string): Json {
  const steps = path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  const put = (node: Json, [step, ...rest]: readonly string[]): Json => {
    if (step === undefined) return value
    if (Array.isArray(node)) {
      if (step === '-') return [...node, put(null, rest)]
      const index = Number(step)
      if (!(index in node))
        throw failed({ en: 'The path to change', zh: '要修改的路径' }, path, 'nothing there', pointer)
      return node.map((item, at) => (at === index ? put(item, rest) : item))
    }
    if (!isJsonObject(node))
      throw failed({ en: 'The path to change', zh: '要修改的路径' }, path, 'nothing there', pointer)
    const own = Object.hasOwn(node, step) ? (node[step] ?? null) : null
    return { ...node, [step]: put(own, rest) }
  }
  return put(root, steps)
}
