import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import { createRecordEffect } from './create_record.ts'
import { setFieldsEffect } from './set_fields.ts'

/** Makes one effect real, inside the transaction that marks it done. What it returns stands in the run's history. */
export type ApplyEffect = (unit: Unit, run: FlowRun, payload: JsonObject) => Promise<JsonObject>

/** By the name of the effect in `runtime/src/nodes/action/effects/index.ts`. */
export const effects: Readonly<Record<string, ApplyEffect>> = {
  create_record: createRecordEffect,
  set_fields: setFieldsEffect,
}
