import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { Unit } from '../db/unit.ts'
import { applyEffectJob } from '../jobs/apply-effect.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { flowTable } from './run-store.ts'

/**
 * Writes down what is to be done and enqueues the jobs that do it; breaks off what belongs to cancelled steps. Sent
 * together.
 */
export async function queueEffects(
  unit: Unit,
  advanced: Extract<Advance, { kind: 'advanced' }>,
  onBehalfOf: string,
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
    sent.push(
      // A retry hands an effect out again under its key; one that was applied stays applied.
      unit.query(
        `INSERT INTO ${flowTable(unit, 'effect')} AS kept (key, run, activation, type, payload, state, by, queued_at)
         VALUES ($1, $2, $3, $4, $5, 'queued', $6, $7)
         ON CONFLICT (key) DO UPDATE SET payload = excluded.payload, state = 'queued', by = excluded.by,
           queued_at = excluded.queued_at, error = NULL WHERE kept.state <> 'done'`,
        [key, run.id, activation, type, JSON.stringify(effect.payload), onBehalfOf, unit.now],
      ),
      enqueueJob(unit, applyEffectJob, { run: run.id, key, release: run.release, by: onBehalfOf }, { key }),
    )
  }
  await Promise.all(sent)
}
