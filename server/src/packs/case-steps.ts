import type { CaseStep, CaseStepAtOnce } from '@channelwright/runtime/definition/case.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { rightMissing } from '@channelwright/runtime/errors/identity.ts'
import { compare } from '@channelwright/runtime/incentives/arithmetic.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'
import { runPlan } from '../incentives/run-plan.ts'
import { enqueueJobNow } from '../jobs/enqueue.ts'
import { handOverTasksJob } from '../jobs/hand-over-tasks.ts'
import {
  createRecord,
  deleteRecord,
  restoreRecord,
  updateRecord,
  type WriteOptions,
} from '../records/write-record.ts'
import { callRoute } from './case-call.ts'
import { editSources } from './case-edits.ts'
import { CaseFailure, failed } from './case-failure.ts'
import { command } from './case-flows.ts'
import { addDuration } from './case-time.ts'
import { resolveValues } from './case-values.ts'
import { type CaseWorld, comingAgain } from './case-world.ts'

/** What a step gave back, for its expectations. */
export interface StepOutcome {
  /** The answer of a `call`. */
  readonly reply?: Json
  /** Of `together`: how many succeeded, and how many were refused with each code. */
  readonly together?: { readonly done: number; readonly refused: Readonly<Record<string, number>> }
}

/** Does what a step says. Throws whatever the server refuses with; the caller compares it with what was expected. */
export async function doStep(world: CaseWorld, step: CaseStep, pointer: string): Promise<StepOutcome> {
  const outcome = step.together
    ? await actTogether(world, step.together, `${pointer}/together`)
    : await act(world, step, pointer)
  await world.settle()
  return outcome
}

async function act(world: CaseWorld, step: CaseStep, pointer: string): Promise<StepOutcome> {
  if (step.member) await changeMember(world, step.member, `${pointer}/member`)
  else if (step.wait === 'next') await world.moveTo(await timeOfNext(world, `${pointer}/wait`))
  else if (step.wait !== undefined)
    await world.moveTo(addDuration(world.clock.now(), step.wait, world.workspace.timeZone))
  else if (step.clock !== undefined) await world.moveTo(readClock(world, step.clock, `${pointer}/clock`))
  else if (step.publish) await publish(world, step, step.publish, `${pointer}/publish`)
  else return actAtOnce(world, step, pointer)
  return {}
}

/** What may also be done by several at the same instant. */
async function actAtOnce(world: CaseWorld, step: CaseStepAtOnce, pointer: string): Promise<StepOutcome> {
  if (step.create) await create(world, step.by, step.create, `${pointer}/create`)
  else if (step.update) {
    const { record, form, values } = step.update
    const { object, id } = world.record(record, `${pointer}/update/record`)
    const given = await resolveValues(world, values, `${pointer}/update/values`)
    await write(world, step.by, pointer, (unit, by) =>
      updateRecord(unit, object, id, given, { ...by, ...(form ? { form } : {}) }),
    )
  } else if (step.delete) {
    const { object, id } = world.record(step.delete.record, `${pointer}/delete/record`)
    await write(world, step.by, pointer, (unit, by) => deleteRecord(unit, object, id, by))
  } else if (step.restore) {
    const { object, id } = world.record(step.restore.record, `${pointer}/restore/record`)
    await write(world, step.by, pointer, (unit, by) => restoreRecord(unit, object, id, by))
  } else if (step.decide) await decide(world, personOf(step, pointer), step.decide, `${pointer}/decide`)
  else if (step.command) {
    const given = await resolveValues(world, step.command.with ?? {}, `${pointer}/command/with`)
    await command(world, personOf(step, pointer), { ...step.command, with: given }, `${pointer}/command`)
  } else if (step.runPlan) await compute(world, step.by, step.runPlan, `${pointer}/runPlan`)
  else if (step.call) return { reply: await callRoute(world, step.by, step.call, `${pointer}/call`) }
  return {}
}

/** All at once, each in its own transaction; who of them wins is for the server to say. */
async function actTogether(
  world: CaseWorld,
  steps: readonly CaseStepAtOnce[],
  pointer: string,
): Promise<StepOutcome> {
  for (const [index, step] of steps.entries()) await passTime(world, step, `${pointer}/${index}`)
  const ended = await Promise.allSettled(
    steps.map((step, index) =>
      isTime(step) ? world.settle() : actAtOnce(world, step, `${pointer}/${index}`),
    ),
  )
  const refused: Record<string, number> = {}
  for (const one of ended) {
    if (one.status === 'fulfilled') continue
    if (!(one.reason instanceof Refusal)) throw one.reason
    refused[one.reason.code] = (refused[one.reason.code] ?? 0) + 1
  }
  return { together: { done: ended.filter((one) => one.status === 'fulfilled').length, refused } }
}

function isTime({ wait, clock }: CaseStepAtOnce): boolean {
  return wait !== undefined || clock !== undefined
}

/** The clock goes on; what falls due at that very moment is left to happen beside what people do. */
async function passTime(world: CaseWorld, { wait, clock }: CaseStepAtOnce, pointer: string): Promise<void> {
  if (wait === 'next') world.clock.moveTo(await timeOfNext(world, `${pointer}/wait`))
  else if (wait !== undefined)
    world.clock.moveTo(addDuration(world.clock.now(), wait, world.workspace.timeZone))
  else if (clock !== undefined) world.clock.moveTo(readClock(world, clock, `${pointer}/clock`))
}

async function create(
  world: CaseWorld,
  by: string | undefined,
  { as, object, form, values }: NonNullable<CaseStep['create']>,
  pointer: string,
): Promise<void> {
  const given = await resolveValues(world, values, `${pointer}/values`)
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

function personOf(step: Pick<CaseStep, 'by'>, pointer: string): string {
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
  const given = {
    decision,
    ...(comment === undefined ? {} : { comment }),
    ...(values === undefined ? {} : { values: await resolveValues(world, values, `${pointer}/values`) }),
  }
  await command(world, by, { do: 'decide', record, node, with: given }, pointer)
}

async function timeOfNext(world: CaseWorld, pointer: string): Promise<string> {
  const at = await world.nextAt(comingAgain())
  if (at === null)
    throw failed({ en: 'What waits for its time', zh: '等待到期的事项' }, 'something', 'nothing', pointer)
  return at
}

function readClock(world: CaseWorld, to: string, pointer: string): string {
  const now = world.clock.now()
  if (Date.parse(to) < Date.parse(now))
    throw failed({ en: 'The clock never goes back', zh: '时钟不能倒退' }, `not before ${now}`, to, pointer)
  return new Date(to).toISOString()
}

async function publish(
  world: CaseWorld,
  { by }: CaseStep,
  edits: NonNullable<CaseStep['publish']>,
  pointer: string,
): Promise<void> {
  const sources = editSources(world.sources, edits, pointer)
  if (by === undefined) return world.publish(sources)
  const served = await world.served()
  const { user, roles } = await world.actor(served, by, pointer)
  if (!mayDo(served.release, roles, 'publish')) throw new Refusal(rightMissing, { right: 'publish' })
  return world.publish(sources, user)
}

async function changeMember(
  world: CaseWorld,
  { user, active, roles, partner }: NonNullable<CaseStep['member']>,
  pointer: string,
): Promise<void> {
  const organisation =
    partner === undefined || partner === null ? null : world.record(partner, `${pointer}/partner`).id
  await world.services.owner.query(
    `UPDATE channelwright.membership SET status = coalesce($3, status), roles = coalesce($4, roles),
       partner = CASE WHEN $5 THEN $6::uuid ELSE partner END
     WHERE workspace = $1 AND user_id = $2`,
    [
      world.workspace.id,
      world.userId(user, `${pointer}/user`),
      active === undefined ? null : active ? 'active' : 'inactive',
      roles ?? null,
      partner !== undefined,
      organisation,
    ],
  )
  if (active === false)
    await enqueueJobNow(world.services, world.workspace.key, handOverTasksJob, {
      user: world.userId(user, `${pointer}/user`),
    })
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
