import type { TriedFlow } from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { PreviewPlace } from '../previews.ts'

/** The flow as it stands in the editor, whether or not it has been saved. */
export function unsavedOf(flow: FlowDefinition, place: PreviewPlace | undefined): TriedFlow {
  return place === undefined ? {} : { unsaved: { ...place, text: JSON.stringify(flow) } }
}
