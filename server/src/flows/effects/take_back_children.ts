import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowPartNotTakenBack } from '@channelwright/runtime/errors/flows.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '../../db/unit.ts'
import type { Services } from '../../services.ts'
import { applyEffect } from '../apply-effect.ts'
import { engineActor, nobody } from '../engine-actor.ts'
import { flowTable } from '../run-store.ts'
import { tellRun } from '../system-command.ts'
import type { SentEffectOf } from './index.ts'

/**
 * Takes back what cases have done that a step began, open or ended, the last one first: each is through before the one
 * before it has its turn. Never are two cases locked together. Delivered again it finds what is left. Refuses with
 * FLOW_PART_NOT_TAKEN_BACK where one of them stands still itself: an administrator sees to that one first.
 */
export async function takeBackChildrenEffect(
  services: Services,
  { workspace, run, activation }: SentEffectOf,
): Promise<JsonObject> {
  const children = await ask<{ id: string }>(
    services,
    workspace,
    (unit) => `SELECT id FROM ${flowTable(unit, 'run')}
       WHERE parent_run = $1 AND parent_activation = $2 ORDER BY started_at DESC, id DESC`,
    [run, activation],
  )
  for (const { id } of children) {
    const once = `taken back with ${activation}`
    await tellRun(services, workspace, { run: id }, () => ({ type: 'parent_left', back: true }), { once })
    await finishUndoing(services, workspace, id)
  }
  return { cases: children.length }
}

/** Does now what jobs of its own are under way for, and so knows when it is done. */
async function finishUndoing(services: Services, workspace: string, run: string): Promise<void> {
  for (;;) {
    const left = await ask<{ key: string; state: string; by: string; release: number }>(
      services,
      workspace,
      (unit) => `SELECT e.key, e.state, e.by, r.release FROM ${flowTable(unit, 'effect')} e
         JOIN ${flowTable(unit, 'run')} r ON r.id = e.run
         WHERE e.run = $1 AND e.undoes AND e.state IN ('queued', 'failed') ORDER BY e.queued_at, e.key`,
      [run],
    )
    if (left.some(({ state }) => state === 'failed')) throw new Refusal(flowPartNotTakenBack)
    if (left.length === 0) return
    for (const { key, by, release } of left) await applyEffect(services, workspace, { run, key, by, release })
  }
}

async function ask<T>(
  services: Services,
  workspace: string,
  text: (unit: Unit) => string,
  values: readonly unknown[],
): Promise<readonly T[]> {
  const served = await services.releases.current(workspace)
  if (served === undefined) return []
  return inUnit(services, served, engineActor(services, served, nobody), (unit) =>
    unit.query<T & Record<string, unknown>>(text(unit), values),
  )
}
