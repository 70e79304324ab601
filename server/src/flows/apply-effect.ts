import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { FlowCommand } from '@channelwright/runtime/flow/command.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import { isClosed } from '@channelwright/runtime/flow/run.ts'
import { wantedOf } from '@channelwright/runtime/flow/wanted-of.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { RetrySettings } from '@channelwright/runtime/nodes/action/failure-settings.ts'
import { formatText, type Text } from '@channelwright/runtime/text.ts'
import { isUnavailable } from '../db/failures.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import { reachFailpoint } from '../jobs/failpoint.ts'
import type { Services } from '../services.ts'
import { carryOn } from './carry-on.ts'
import { effects, sentEffects } from './effects/index.ts'
import { engineActor } from './engine-actor.ts'
import { loadFlowData, type ReadyFlow, readyFlow, underRelease } from './flow-data.ts'
import { reckonEffect } from './reckon-effect.ts'
import { flowTable, readRun } from './run-store.ts'

export interface EffectOrder {
  readonly run: string
  readonly key: string
  readonly release: number
  /** In whose name. */
  readonly by: string
}

interface EffectRow {
  activation: string
  type: string
  payload: JsonObject
  context: JsonObject | null
  state: 'queued' | 'done' | 'failed' | 'cancelled'
}

/**
 * Does one effect and tells the run, in one transaction that first asks whether it is done already: delivered twice,
 * or broken off anywhere, it is applied once. Throws when it is to be tried again; what no further try can change
 * becomes an incident at once.
 */
export async function applyEffect(services: Services, workspace: string, order: EffectOrder): Promise<void> {
  try {
    await doEffect(services, workspace, order, null).catch(async (error: unknown) => {
      if (!(error instanceof MustBeSent)) throw error
      // Nothing is locked while another system thinks.
      const sent = await error.send(services)
      reachFailpoint('effect.sent')
      await doEffect(services, workspace, order, sent)
    })
  } catch (error) {
    if (!isFinal(error)) throw error
    await failEffect(services, workspace, order, error)
    return
  }
  reachFailpoint('effect.after-commit')
}

/** An effect that reaches out of the database: not in a transaction that others wait for. */
class MustBeSent extends Error {
  constructor(readonly send: (services: Services) => Promise<JsonObject>) {
    super('This effect is sent before it is marked done')
  }
}

/** `sent`: what came of sending, for effects that reach out of the database. */
function doEffect(
  services: Services,
  workspace: string,
  order: EffectOrder,
  sent: JsonObject | null,
): Promise<void> {
  return withEffect(services, workspace, order, async (unit, run, effect) => {
    reachFailpoint('effect.claimed')
    const { type, activation } = effect
    const which = { key: order.key, activation }
    const send = sentEffects[type]
    if (send !== undefined && sent === null)
      throw new MustBeSent((services) =>
        send(services, { ...which, workspace, run: order.run }, effect.payload),
      )
    const apply = send === undefined ? effects[type]?.apply : undefined
    if (apply === undefined && sent === null) throw new Error(`There is no effect ${type}`)
    const node = run.activations.find((one) => one.id === activation)?.node
    const cause = { kind: 'flow', key: run.flow, run: run.id, ...(node && { node }) } as const
    const payload = apply === undefined ? effect.payload : await reckon(unit, run, effect, order.key)
    const result =
      apply === undefined ? (sent ?? {}) : await unit.causedBy(cause, () => apply(unit, run, payload, which))
    reachFailpoint('effect.applied')
    await unit.asEngine(() =>
      unit.query(
        `UPDATE ${flowTable(unit, 'effect')} SET state = 'done', done_at = $2, result = $3, payload = $4
         WHERE key = $1`,
        [order.key, unit.now, JSON.stringify(result), JSON.stringify(payload)],
      ),
    )
    await tellRun(unit, run, { type: 'effect_done', key: order.key, result }, order.by)
    reachFailpoint('effect.before-commit')
  })
}

/** Under the release that the case follows by now: it may have been moved since the effect was asked for. */
async function reckon(unit: Unit, run: FlowRun, effect: EffectRow, key: string): Promise<JsonObject> {
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const ready = readyFlow(served, run.flow)
  return reckonEffect(underRelease(unit, served), ready, run, { ...effect, key }, effect.context ?? {})
}

/** After the last try: the effect is marked failed and its run shows an incident. */
export async function failEffect(
  services: Services,
  workspace: string,
  order: EffectOrder,
  error: unknown,
): Promise<void> {
  // What people see is our own words only: a driver's message may hold other people's values.
  services.log.warn({ err: error, workspace, effect: order.key }, 'An effect of a flow could not be applied')
  await withEffect(services, workspace, order, async (unit, run) => {
    const reason =
      error instanceof Refusal ? describeIn(error, unit, run) : { en: 'internal error', zh: '内部错误' }
    await unit.query(`UPDATE ${flowTable(unit, 'effect')} SET state = 'failed', error = $2 WHERE key = $1`, [
      order.key,
      reason.en,
    ])
    await tellRun(unit, run, { type: 'effect_failed', key: order.key, reason }, order.by)
  })
}

/** What was refused and, where it is about fields of the record, which and why. */
function describeIn({ definition, values, details = [] }: Refusal, unit: Unit, run: FlowRun): Text {
  const { properties = {} } = unit.served.release.objects.get(run.object)?.schema ?? {}
  const about = (locale: keyof Text) =>
    details.slice(0, 3).map(({ path, message }) => {
      const key = path.split('/')[1] ?? ''
      const field = properties[key]
      const title = locale === 'zh' ? field?.['x-title']?.zh : field?.title
      return ` ${title ?? key}${locale === 'zh' ? ':' : ': '}${formatText(message, locale)}`
    })
  return {
    en: [formatText(definition.message, 'en', values), ...about('en')].join(''),
    zh: [formatText(definition.message, 'zh', values), ...about('zh')].join(''),
  }
}

/** How its step wants it tried; undefined: as the queue does. Read only once it has failed. */
export async function readRetry(
  services: Services,
  workspace: string,
  order: EffectOrder,
): Promise<RetrySettings | undefined> {
  const asked = await services.releases.at(workspace, order.release)
  const actor = engineActor(services, asked, order.by)
  const run = await inUnit(services, asked, actor, (unit) => readRun(unit, order.run, 'look'))
  if (run === undefined) return undefined
  return wantedBy(run, readyFlow(await services.releases.at(workspace, run.release), run.flow), order.key)
    ?.retry
}

/** The entry of the settings that asked for the effect of that key. */
function wantedBy(run: FlowRun, { flow }: ReadyFlow, key: string) {
  const activation = run.activations.find(({ id }) => key.startsWith(`${run.id}:${id}:`))
  return activation && wantedOf(flow, activation, key)
}

async function withEffect(
  services: Services,
  workspace: string,
  order: EffectOrder,
  work: (unit: Unit, run: FlowRun, effect: EffectRow) => Promise<void>,
): Promise<void> {
  const served = await services.releases.at(workspace, order.release)
  await inUnit(services, served, engineActor(services, served, order.by), async (unit) => {
    // The run first, as every command does: two that lock in another order could wait for each other.
    const run = await readRun(unit, order.run, 'lock')
    const [effect] = await unit.query<EffectRow>(
      `SELECT activation, type, payload, context, state FROM ${flowTable(unit, 'effect')} WHERE key = $1 FOR UPDATE`,
      [order.key],
    )
    if (run === undefined || effect?.state !== 'queued') return
    await work(unit, run, effect)
  })
}

/** A run that is closed, or stops, hears the news without having to look at its record, which may be gone. */
async function tellRun(unit: Unit, run: FlowRun, command: FlowCommand, by: string): Promise<void> {
  // The case may have been moved to another release since the effect was asked for.
  const served = await unit.services.releases.at(unit.served.workspace.key, run.release)
  const [pinned, ready] = [underRelease(unit, served), readyFlow(served, run.flow)]
  const goesOn =
    command.type === 'effect_done' ||
    (command.type === 'effect_failed' && wantedBy(run, ready, command.key)?.onFail === 'continue')
  const needsData = goesOn && !isClosed(run)
  const data = needsData ? await loadFlowData(pinned, ready, run.record, run.applicant) : {}
  await carryOn(pinned, ready, run, command, data, by)
}

/** A refusal of the record itself stays one however often it is tried; a busy or absent database does not. */
export function isFinal(error: unknown): boolean {
  return (
    error instanceof Refusal &&
    error.definition.status < 500 &&
    error.definition.status !== 412 &&
    !isUnavailable(error)
  )
}
