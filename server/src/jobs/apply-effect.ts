import Type from 'typebox'
import { applyEffect, failEffect } from '../flows/apply-effect.ts'
import { defineJob } from './job.ts'

/** Does what a flow asked for, once, whatever dies meanwhile. */
export const applyEffectJob = defineJob({
  name: 'apply-effect',
  title: { en: 'carry out what a step of a flow does', zh: '执行流程动作' },
  payload: Type.Object(
    { run: Type.String(), key: Type.String(), release: Type.Integer(), by: Type.String() },
    { additionalProperties: false },
  ),
  // About half an hour.
  maxAttempts: 8,
  run: ({ services, workspace }, payload) => applyEffect(services, workspace ?? '', payload),
  exhausted: ({ services, workspace }, payload, error) =>
    failEffect(services, workspace ?? '', payload, error),
})
