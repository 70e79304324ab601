import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { Unit } from '../db/unit.ts'
import { applyEffectJob } from '../jobs/apply-effect.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { runPrepared } from '../records/run-prepared.ts'
import { type DoneEffect, isCancelled } from './do-at-once.ts'
import { effectContext } from './reckon-effect.ts'
import { flowTable } from './run-store.ts'

/**
 * Writes down what is to be done and enqueues the jobs that do it, and what this transaction did already; breaks off
 * what belongs to cancelled steps. Sent together.
 */
export async function queueEffects(
  unit: Unit,
  advanced: Extract<Advance, { kind: 'advanced' }>,
  onBehalfOf: string,
  done: readonly DoneEffect[],
): Promise<void> {
  const { run, effects, cancelledActivations } = advanced
  const sent: Promise<unknown>[] = []
  if (cancelledActivations.length > 0)
    sent.push(
      unit.query(
        `UPDATE ${flowTable(unit, 'effect')} SET state = 'cancelled'
         WHERE run = $1 AND activation = ANY ($2::uuid[]) AND state IN ('queued', 'failed')`,
        [run.id, cancelledActivations],
      ),
    )
  for (const effect of effects) {
    const { key, activation, type } = effect
    const was = done.find((one) => one.effect === effect)
    if (was === undefined && isCancelled(advanced, effect)) continue
    const context = was === undefined ? effectContext(unit, effect) : null
    sent.push(
      // A retry hands an effect out again under its key; one that was applied stays applied.
      runPrepared(
        unit,
        `INSERT INTO ${flowTable(unit, 'effect')} AS kept
           (key, run, activation, type, payload, state, by, queued_at, done_at, result, context)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, state = excluded.state, by = excluded.by,
           queued_at = excluded.queued_at, context = excluded.context, error = NULL WHERE kept.state <> 'done'`,
        [
          key,
          run.id,
          activation,
          type,
          JSON.stringify(was?.payload ?? effect.payload),
          was === undefined ? 'queued' : 'done',
          onBehalfOf,
          unit.now,
          was === undefined ? null : unit.now,
          was === undefined ? null : JSON.stringify(was.result),
          context === null ? null : JSON.stringify(context),
        ],
      ),
    )
    if (was !== undefined) continue
    enqueueJob(unit, applyEffectJob, { run: run.id, key, release: run.release, by: onBehalfOf }, { key })
  }
  await Promise.all(sent)
}
