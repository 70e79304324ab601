import type { Advance } from '@channelwright/runtime/flow/command.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { applyEffectJob } from '../jobs/apply-effect.ts'
import { enqueueJob } from '../jobs/enqueue.ts'
import { writePrepared } from '../records/run-prepared.ts'
import { type DoneEffect, isCancelled } from './do-at-once.ts'
import { effectContext } from './reckon-effect.ts'
import { flowTable, perWorkspace } from './run-store.ts'

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
  const { run, effects, again, givenUp, cancelledActivations } = advanced
  const sent: Promise<unknown>[] = []
  if (cancelledActivations.length > 0)
    sent.push(
      unit.query(
        `UPDATE ${flowTable(unit, 'effect')} SET state = 'cancelled'
         WHERE run = $1 AND activation = ANY ($2::uuid[]) AND state IN ('queued', 'failed')`,
        [run.id, cancelledActivations],
      ),
    )
  if (givenUp.length > 0)
    sent.push(
      unit.query(
        `UPDATE ${flowTable(unit, 'effect')} SET state = 'cancelled' WHERE key = ANY ($1) AND state = 'failed'`,
        [givenUp],
      ),
    )
  for (const { key, payload } of again) {
    sent.push(
      unit.query(
        `UPDATE ${flowTable(unit, 'effect')} SET state = 'queued', payload = COALESCE($2::jsonb, payload), by = $3,
           queued_at = $4, error = NULL WHERE key = $1 AND state = 'failed'`,
        [key, payload === null ? null : JSON.stringify(payload), onBehalfOf, unit.now],
      ),
    )
    enqueueJob(unit, applyEffectJob, { run: run.id, key, release: run.release, by: onBehalfOf }, { key })
  }
  const rows: JsonObject[] = []
  for (const effect of effects) {
    const { key, activation, type, undoes = false } = effect
    const was = done.find((one) => one.effect === effect)
    if (was === undefined && isCancelled(advanced, effect)) continue
    if (was !== undefined) {
      const { payload, result } = was
      const at = { state: 'done', done_at: unit.now, result, context: null }
      rows.push({ key, activation, type, undoes, payload, ...at })
      continue
    }
    const context = (effectContext(unit, effect) ?? null) as JsonObject | null
    const { payload } = effect
    const at = { state: 'queued', done_at: null, result: null, context }
    rows.push({ key, activation, type, undoes, payload, ...at })
    enqueueJob(unit, applyEffectJob, { run: run.id, key, release: run.release, by: onBehalfOf }, { key })
  }
  if (rows.length > 0)
    sent.push(
      writePrepared(unit, writeEffectsText(unit), [JSON.stringify(rows), run.id, onBehalfOf, unit.now]),
    )
  await Promise.all(sent)
}

// No key is asked for twice: a step that waits for one that was done already would wait for ever unseen, so it is an error
// at once. A JSON null inside a row is a null of the column.
const writeEffectsText = perWorkspace(
  (table) => `INSERT INTO ${table('effect')}
     (key, run, activation, type, undoes, payload, state, by, queued_at, done_at, result, context)
   SELECT key, $2::uuid, activation, type, undoes, payload, state, $3::uuid, $4::timestamptz, done_at,
     NULLIF(result, 'null'::jsonb), NULLIF(context, 'null'::jsonb)
   FROM jsonb_to_recordset($1::jsonb) AS e (key text, activation uuid, type text, undoes boolean, payload jsonb, state text,
     done_at timestamptz, result jsonb, context jsonb)`,
)
