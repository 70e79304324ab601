import { fileURLToPath } from 'node:url'
import { buildRelease } from '@channelwright/runtime/definition/build-release.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { checkFlow } from '@channelwright/runtime/flow/check.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { type BenchFigure, figure } from './figure.ts'

const templates = fileURLToPath(new URL('../../templates', import.meta.url))
const title = { en: 'Step', zh: '步骤' }
const times = 15

/** A flow of 200 nodes checked from nothing, as the designer does after an edit; processor time of one check. */
export async function benchFlowsCheck(): Promise<BenchFigure[]> {
  const { release } = buildRelease((await readPacks([templates])).sources)
  const like = release?.flows.get('registration_approval')
  if (!release || !like) throw new Error('the packs of the templates have no flow to measure with')
  return [
    measure('a chain of 200 actions that each write a field', chainOf(like), release),
    measure('33 parallel blocks of two branches and 33 conditions, 200 nodes', blocksOf(like), release),
  ]
}

function measure(name: string, flow: FlowDefinition, release: Release): BenchFigure {
  const found = checkFlow(flow, release).filter(({ severity }) => severity === 'error')
  if (found.length > 0) throw new Error(`${name}: ${JSON.stringify(found[0])}`)
  const taken = Array.from({ length: times }, () => {
    const fresh = structuredClone(flow)
    const before = process.cpuUsage()
    checkFlow(fresh, release)
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }).sort((a, b) => a - b)
  return figure(`check of ${name}`, taken[Math.floor(times / 2)] ?? 0, 'ms', 50)
}

type Draft = { -readonly [K in keyof FlowDefinition]: FlowDefinition[K] }

function flowOf(like: FlowDefinition, nodes: object[], edges: object[]): FlowDefinition {
  const flow: Draft = structuredClone(like)
  flow.nodes = nodes as FlowDefinition['nodes']
  flow.edges = edges.map((edge, at) => ({ 'x-id': `e${at}`, ...edge })) as FlowDefinition['edges']
  return flow
}

const write = (id: string) => ({
  'x-id': id,
  type: 'action',
  title,
  effect: 'set_fields',
  with: { state: 'rejected' },
})

function chainOf(like: FlowDefinition): FlowDefinition {
  const ids = Array.from({ length: 198 }, (_, at) => `a${at}`)
  const all = ['s', ...ids, 'e']
  return flowOf(
    like,
    [
      { 'x-id': 's', type: 'start', title },
      ...ids.map(write),
      { 'x-id': 'e', type: 'end', title, outcome: 'rejected' },
    ],
    all.slice(1).map((to, at) => ({ from: all[at], to })),
  )
}

function blocksOf(like: FlowDefinition): FlowDefinition {
  const nodes: object[] = [{ 'x-id': 's', type: 'start', title }]
  const edges: object[] = []
  let last = 's'
  for (let at = 0; at < 33; at++) {
    const [p, a, b, j, x, m] = ['p', 'a', 'b', 'j', 'x', 'm'].map((name) => `${name}${at}`) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ]
    nodes.push(
      { 'x-id': p, type: 'parallel', title },
      write(a),
      write(b),
      { 'x-id': j, type: 'join', title },
      { 'x-id': x, type: 'condition', title },
      { 'x-id': m, type: 'merge', title },
    )
    edges.push(
      { from: last, to: p },
      { from: p, to: a },
      { from: p, to: b },
      { from: a, to: j },
      { from: b, to: j },
      { from: j, to: x },
      { from: x, to: m, when: { '>': [{ var: 'amount' }, 1000 + at] }, 'x-order': 'a0' },
      { from: x, to: m, default: true, 'x-order': 'a1' },
    )
    last = m
  }
  nodes.push({ 'x-id': 'e', type: 'end', title, outcome: 'rejected' })
  edges.push({ from: last, to: 'e' })
  return flowOf(like, nodes, edges)
}
