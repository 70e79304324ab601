import type { FlowDefinition } from '../definition/flow.ts'
import type { WantedEffect } from '../nodes/action/wanted-effect.ts'
import { findNodeType } from '../nodes/index.ts'
import { graphOf } from './graph.ts'
import type { Activation } from './run.ts'

/** The entry of a step's settings that asked for the effect of that key; null where the step has none for it. */
export function wantedOf(flow: FlowDefinition, activation: Activation, key: string): WantedEffect | null {
  const node = graphOf(flow).nodes.get(activation.node)
  return (node && findNodeType(node.type)?.wanted?.({ node, activation }, key)) ?? null
}
