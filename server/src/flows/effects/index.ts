import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../../db/unit.ts'
import type { Services } from '../../services.ts'
import { copyEffect } from './copy.ts'
import { createRecordEffect } from './create_record.ts'
import { deleteRecordEffect } from './delete_record.ts'
import { documentEffect, removeFileEffect } from './document.ts'
import { endFlowEffect } from './end_flow.ts'
import { findRecordsEffect } from './find_records.ts'
import { notifyEffect } from './notify.ts'
import { offerEffect } from './offer.ts'
import { raiseEventEffect } from './raise_event.ts'
import { runPlanEffect } from './run_plan.ts'
import { sequenceNumberEffect } from './sequence_number.ts'
import { setFieldsEffect } from './set_fields.ts'
import { startFlowEffect } from './start_flow.ts'
import { updateRecordEffect } from './update_record.ts'
import { sendWebhook } from './webhook.ts'

/** Which effect it is. */
export interface EffectOf {
  readonly key: string
  /** The step that wanted it. */
  readonly activation: string
}

/** Makes one effect real, inside the transaction that marks it done. What it returns stands in the run's history. */
export type ApplyEffect = (
  unit: Unit,
  run: FlowRun,
  payload: JsonObject,
  effect: EffectOf,
) => Promise<JsonObject>

/** By the name of the effect: those of `runtime/src/nodes/action/effects/index.ts` and those that node types use. */
export const effects: Readonly<Record<string, ApplyEffect>> = {
  copy: copyEffect,
  create_record: createRecordEffect,
  delete_record: deleteRecordEffect,
  document: documentEffect,
  end_flow: endFlowEffect,
  find_records: findRecordsEffect,
  notify: notifyEffect,
  offer: offerEffect,
  raise_event: raiseEventEffect,
  remove_file: removeFileEffect,
  run_plan: runPlanEffect,
  run_rule: setFieldsEffect,
  sequence_number: sequenceNumberEffect,
  set_fields: setFieldsEffect,
  start_flow: startFlowEffect,
  update_record: updateRecordEffect,
}

/** Those that write no more than a few rows: applied in the transaction of the command that wants them. */
export const effectsAtOnce: ReadonlySet<string> = new Set([
  'create_record',
  'find_records',
  'run_rule',
  'sequence_number',
  'set_fields',
  'update_record',
])

/** Those that reach out of the database, before the transaction that marks them done; perhaps several times. */
export const sentEffects: Readonly<
  Record<string, (services: Services, effect: EffectOf, payload: JsonObject) => Promise<JsonObject>>
> = { webhook: sendWebhook }
