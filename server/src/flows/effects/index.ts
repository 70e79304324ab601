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
import { putBackEffect } from './put_back.ts'
import { raiseEventEffect } from './raise_event.ts'
import { runPlanEffect } from './run_plan.ts'
import { sequenceNumberEffect } from './sequence_number.ts'
import { setFieldsEffect } from './set_fields.ts'
import { startFlowEffect } from './start_flow.ts'
import { takeBackChildrenEffect } from './take_back_children.ts'
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

/** How one effect is made real. */
export interface EffectEntry {
  readonly apply: ApplyEffect
  /** It writes no more than a few rows here: applied in the transaction of the command that wants it. Default no. */
  readonly atOnce?: boolean
}

/** By the name of the effect: those of `runtime/src/nodes/action/effects/index.ts` and those that node types use. */
export const effects: Readonly<Record<string, EffectEntry>> = {
  copy: { apply: copyEffect },
  create_record: { apply: createRecordEffect, atOnce: true },
  delete_record: { apply: deleteRecordEffect },
  document: { apply: documentEffect },
  end_flow: { apply: endFlowEffect },
  find_records: { apply: findRecordsEffect, atOnce: true },
  notify: { apply: notifyEffect },
  offer: { apply: offerEffect },
  put_back: { apply: putBackEffect, atOnce: true },
  raise_event: { apply: raiseEventEffect },
  remove_file: { apply: removeFileEffect },
  run_plan: { apply: runPlanEffect },
  run_rule: { apply: setFieldsEffect, atOnce: true },
  sequence_number: { apply: sequenceNumberEffect, atOnce: true },
  set_fields: { apply: setFieldsEffect, atOnce: true },
  start_flow: { apply: startFlowEffect },
  update_record: { apply: updateRecordEffect, atOnce: true },
}

export interface SentEffectOf extends EffectOf {
  readonly workspace: string
  readonly run: string
}

/**
 * Those that reach out of the database, or to other cases, which have transactions of their own: before the transaction
 * that marks them done; perhaps several times.
 */
export const sentEffects: Readonly<
  Record<string, (services: Services, effect: SentEffectOf, payload: JsonObject) => Promise<JsonObject>>
> = { take_back_children: takeBackChildrenEffect, webhook: sendWebhook }
