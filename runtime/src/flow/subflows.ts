import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { findNodeType } from '../nodes/index.ts'

/** A flow that a node of another one starts. */
export interface StartedFlow {
  readonly flow: string
  /** Pointer to the key, from the node. */
  readonly at: string
}

/** The flows that the nodes of a flow start, with the node that does. */
export function flowsStartedBy(
  flow: FlowDefinition,
): { node: FlowNode; index: number; started: StartedFlow }[] {
  return flow.nodes.flatMap((node, index) =>
    (findNodeType(node.type)?.starts?.(node as FlowNode) ?? []).map((started) => ({
      node: node as FlowNode,
      index,
      started,
    })),
  )
}

/** The keys from `to` back to `from` when starting `to` from `from` would never end; null when it would. */
export function findFlowCircle(from: string, to: string, set: DefinitionSet): string[] | null {
  const came = new Map<string, string>([[to, from]])
  const queue = [to]
  for (const key of queue) {
    if (key === from) {
      const way = [from]
      for (let at = came.get(from); at !== undefined && at !== from; at = came.get(at)) way.unshift(at)
      return [from, ...way]
    }
    const flow = set.flows.get(key)
    for (const { started } of flow === undefined ? [] : flowsStartedBy(flow))
      if (!came.has(started.flow)) {
        came.set(started.flow, key)
        queue.push(started.flow)
      }
  }
  return null
}
