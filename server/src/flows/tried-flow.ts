import type { TriedFlow } from '@channelwright/runtime/api/flow-trials.ts'
import { readDefinitionSet } from '@channelwright/runtime/definition/build-release.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowTrialUnknown, flowTrialUnsound } from '@channelwright/runtime/errors/flow-trials.ts'
import { checkFlow } from '@channelwright/runtime/flow/check.ts'
import { isDefinitionPath } from '../publish/definition-store.ts'
import { layOver } from '../publish/drafts.ts'
import { readDraftedSources } from '../publish/publish-drafts.ts'
import type { ServedRelease, Services, Workspace } from '../services.ts'

export interface FlowOnTrial {
  readonly flow: FlowDefinition
  /** The definitions beside it. */
  readonly set: DefinitionSet
}

/**
 * The wording of a flow that is to be tried. Throws FLOW_TRIAL_UNKNOWN when there is none, FLOW_TRIAL_UNSOUND when its
 * own checks find errors; what is wrong with other definitions does not matter.
 */
export async function readTriedFlow(
  services: Services,
  workspace: Workspace,
  served: ServedRelease,
  key: string,
  { use = 'draft', unsaved }: TriedFlow,
): Promise<FlowOnTrial> {
  const set = use === 'release' ? served.release : await readDrafted(services, workspace, unsaved)
  const flow = set.flows.get(key)
  if (flow === undefined) throw new Refusal(flowTrialUnknown, { flow: key })
  const wrong = checkFlow(flow, set).find(({ severity }) => severity === 'error')
  if (wrong !== undefined)
    throw new Refusal(flowTrialUnsound, { flow: key }, [
      { path: wrong.path, code: wrong.code, message: wrong.message },
    ])
  // Its records stand in tables: of an object that only drafts have there are none.
  if (!served.release.objects.has(flow.object)) throw new Refusal(flowTrialUnknown, { flow: key })
  return { flow, set }
}

async function readDrafted(
  services: Services,
  workspace: Workspace,
  unsaved: TriedFlow['unsaved'],
): Promise<DefinitionSet> {
  const { sources } = await readDraftedSources(services, workspace)
  const all = unsaved ? layOver(sources, [unsaved]) : sources
  return readDefinitionSet(all.filter((source) => isDefinitionPath(source.path)))
}
