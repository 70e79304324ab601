import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { databaseUnavailable } from '@channelwright/runtime/errors/http.ts'
import { waitAfterTry } from '@channelwright/runtime/nodes/action/failure-settings.ts'
import Type from 'typebox'
import { isConflict } from '../db/failures.ts'
import { applyEffect, type EffectOrder, failEffect, readRetry } from '../flows/apply-effect.ts'
import { defineJob, type JobContext } from './job.ts'
import { putOff } from './put-off.ts'

type EffectTry = EffectOrder & { readonly tried?: number }

/** Does what a flow asked for, once, whatever dies meanwhile. */
export const applyEffectJob = defineJob({
  name: 'apply-effect',
  title: { en: 'carry out what a step of a flow does', zh: '执行流程动作' },
  payload: Type.Object(
    {
      run: Type.String(),
      key: Type.String(),
      release: Type.Integer(),
      by: Type.String(),
      /** Tries before this one, where the settings of its step count them. */
      tried: Type.Optional(Type.Integer()),
    },
    { additionalProperties: false },
  ),
  // About half an hour.
  maxAttempts: 8,
  run: (context, payload) =>
    applyEffect(context.services, context.workspace ?? '', payload).catch((error: unknown) =>
      tryByItsSettings(context, payload, error),
    ),
  exhausted: ({ services, workspace }, payload, error) =>
    failEffect(services, workspace ?? '', payload, error),
})

/** Where the step says how often it is tried, a job of its own is the next try; otherwise the queue counts. */
async function tryByItsSettings(
  { services, workspace }: JobContext,
  payload: EffectTry,
  error: unknown,
): Promise<void> {
  // The database was away or others came in between: nothing is known of the effect itself.
  if (isConflict(error) || (error instanceof Refusal && error.definition === databaseUnavailable)) throw error
  const retry = await readRetry(services, workspace ?? '', payload).catch(() => undefined)
  if (retry === undefined) throw error
  const tried = (payload.tried ?? 0) + 1
  if (tried >= retry.max) return failEffect(services, workspace ?? '', payload, error)
  // A key of its own: the job that is being done holds that of the effect.
  const key = `${payload.key} ${tried}`
  await putOff(
    services,
    workspace,
    applyEffectJob,
    { ...payload, tried },
    { key, by: waitAfterTry(retry, tried) },
  )
}
