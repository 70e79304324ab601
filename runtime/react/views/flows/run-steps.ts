import type { RunReply } from '../../../src/api/flows.ts'

export type RunNode = RunReply['nodes'][number]
export type RunEdge = RunReply['edges'][number]

/** A step of a run in reading order, with the ways that lead from it until they meet again. */
export interface RunStep {
  readonly node: RunNode
  readonly ways: readonly { readonly edge: RunEdge; readonly steps: readonly RunStep[] }[]
}

/** A flow as nested lists, for those who read it from top to bottom. Every node stands once; ways back are left out. */
export function nestSteps(run: Pick<RunReply, 'nodes' | 'edges'>): readonly RunStep[] {
  const nodes = new Map(run.nodes.map((node) => [node.id, node]))
  const out = forwardEdges(run)
  const meets = meetingPoints(run.nodes, out)
  const told = new Set<string>()
  const walk = (from: string | undefined, until: string | undefined): RunStep[] => {
    const steps: RunStep[] = []
    for (let at = from; at !== undefined && at !== until && !told.has(at); at = meets.get(at)) {
      const node = nodes.get(at)
      if (!node) break
      told.add(at)
      const edges = out.get(at) ?? []
      const meet = meets.get(at)
      // A way that leads straight to where the others end has nothing to tell but that it was there.
      const ways = edges.length < 2 ? [] : edges.map((edge) => ({ edge, steps: walk(edge.to, meet) }))
      steps.push({ node, ways })
    }
    return steps
  }
  const reached = new Set(run.edges.map((edge) => edge.to))
  const roots = run.nodes.filter((node) => !reached.has(node.id))
  return (roots.length > 0 ? roots : run.nodes.slice(0, 1)).flatMap((node) => walk(node.id, undefined))
}

/** Edges by where they begin, without those that lead back to a node on the way to them. */
function forwardEdges(run: Pick<RunReply, 'nodes' | 'edges'>): ReadonlyMap<string, readonly RunEdge[]> {
  const all = new Map<string, RunEdge[]>()
  for (const edge of run.edges) all.set(edge.from, [...(all.get(edge.from) ?? []), edge])
  const forward = new Map<string, RunEdge[]>()
  const state = new Map<string, 'open' | 'closed'>()
  for (const { id: root } of run.nodes) {
    if (state.has(root)) continue
    state.set(root, 'open')
    const stack = [{ id: root, edges: [...(all.get(root) ?? [])] }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = top.edges.shift()
      if (edge === undefined) {
        state.set(top.id, 'closed')
        stack.pop()
        continue
      }
      if (state.get(edge.to) === 'open') continue
      forward.set(top.id, [...(forward.get(top.id) ?? []), edge])
      if (state.has(edge.to)) continue
      state.set(edge.to, 'open')
      stack.push({ id: edge.to, edges: [...(all.get(edge.to) ?? [])] })
    }
  }
  return forward
}

/** Node → the first node that every way from it comes through; none where the ways end apart. */
function meetingPoints(
  nodes: readonly RunNode[],
  out: ReadonlyMap<string, readonly RunEdge[]>,
): ReadonlyMap<string, string> {
  const order = lastFirst(nodes, out)
  const place = new Map(order.map((id, at) => [id, at]))
  const meets = new Map<string, string>()
  // Later nodes are known before earlier ones: two ways meet where their chains of meeting points do.
  for (const id of order) {
    let meet: string | undefined
    for (const [at, edge] of (out.get(id) ?? []).entries())
      meet = at === 0 ? edge.to : meet && meetOf(meet, edge.to, meets, place)
    if (meet !== undefined) meets.set(id, meet)
  }
  return meets
}

function meetOf(
  one: string,
  two: string,
  meets: ReadonlyMap<string, string>,
  place: ReadonlyMap<string, number>,
): string | undefined {
  let [a, b]: [string | undefined, string | undefined] = [one, two]
  while (a !== undefined && b !== undefined && a !== b) {
    // The larger place is farther from the end.
    if ((place.get(a) ?? 0) > (place.get(b) ?? 0)) a = meets.get(a)
    else b = meets.get(b)
  }
  return a === undefined || b === undefined ? undefined : a
}

/** Every node after all those that it leads to. */
function lastFirst(nodes: readonly RunNode[], out: ReadonlyMap<string, readonly RunEdge[]>): string[] {
  const order: string[] = []
  const seen = new Set<string>()
  for (const { id: root } of nodes) {
    if (seen.has(root)) continue
    seen.add(root)
    const stack = [{ id: root, next: 0 }]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const edge = (out.get(top.id) ?? [])[top.next]
      top.next += 1
      if (edge === undefined) {
        order.push(top.id)
        stack.pop()
      } else if (!seen.has(edge.to)) {
        seen.add(edge.to)
        stack.push({ id: edge.to, next: 0 })
      }
    }
  }
  return order
}
