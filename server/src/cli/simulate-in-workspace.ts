import { readFile } from 'node:fs/promises'
import type { SimulateReply } from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit } from '../db/unit.ts'
import { simulateCase } from '../flows/simulate.ts'
import { openTrialPlace } from '../flows/trial-actor.ts'
import { readTriedFlow } from '../flows/tried-flow.ts'
import { withServices } from './with-services.ts'

export interface WorkspaceTrial {
  readonly workspace: string
  readonly flow: string
  readonly as?: string
  readonly release?: boolean
  /** Id of a record, or a file with the values of one that is made up. */
  readonly record: string
  readonly applicant?: string
  readonly at?: string
  /** Step → answer. */
  readonly decisions: Readonly<Record<string, string>>
}

/** One case walked over the data of a workspace, with the flow as it was tried; nothing is written. */
export async function simulateInWorkspace(
  trial: WorkspaceTrial,
): Promise<{ readonly flow: FlowDefinition; readonly walked: SimulateReply }> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(trial.record)
  const subject = isId
    ? { record: trial.record }
    : { values: JSON.parse(await readFile(trial.record, 'utf8')) as JsonObject }
  const { decisions } = trial
  return withServices(async (services) => {
    const { served, actor, workspace } = await openTrialPlace(services, trial.workspace, trial.as)
    const tried = await readTriedFlow(services, workspace, served, trial.flow, {
      use: trial.release === true ? 'release' : 'draft',
    })
    const walked = await inUnit(
      services,
      served,
      actor,
      (unit) =>
        simulateCase(unit, tried, {
          ...subject,
          decisions,
          ...(trial.applicant === undefined ? {} : { applicant: trial.applicant }),
          ...(trial.at === undefined ? {} : { at: trial.at }),
        }),
      { readOnly: true },
    )
    return { flow: tried.flow, walked }
  })
}
