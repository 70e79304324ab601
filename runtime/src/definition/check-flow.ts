import { checkFlow } from '../flow/check.ts'
import type { DefinitionSet } from './definition-set.ts'
import type { Diagnostic } from './diagnostic.ts'
import type { FlowDefinition } from './flow.ts'

/** The flow's own checks; nothing is said of a flow over an object that could not be read. */
export function checkFlowDefinition(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  return set.incomplete?.has(`object:${flow.object}`) ? [] : checkFlow(flow, set)
}
