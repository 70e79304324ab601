import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Gate } from '@channelwright/runtime/flow/gate.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { reduceBlocks } from '@channelwright/runtime/flow/reduce.ts'

/** A graph of nodes that only say how they split and gather. */
export interface Net {
  readonly gates: Map<string, Gate>
  readonly edges: [string, string][]
}

/** What block reduction makes of a net. */
export function reduceNet(net: Net) {
  const title = { en: '', zh: '' }
  const flow = {
    nodes: [...net.gates.keys()].map((id) => ({ 'x-id': id, type: 'x', title })),
    edges: net.edges.map(([from, to], i) => ({ 'x-id': `e${i}`, from, to, exit: 'x' })),
  } as unknown as FlowDefinition
  return reduceBlocks(graphOf(flow), (one) => net.gates.get(one['x-id']))
}

export type Verdict = 'sound' | 'unsound' | 'malformed' | 'too large'

/** A token on its way to a node. `of`: the splits that let it loose, outermost first, with the branch of each. */
interface Token {
  readonly at: string
  readonly of: readonly {
    readonly split: string
    readonly branch: number
    readonly siblings: readonly number[]
  }[]
}

/**
 * Every way the flow can go, played out: a second opinion on block reduction that shares nothing with it. Each token
 * remembers the branches it is on, because a join gathers by branch and not by edge. Sound: no join ever gets a token
 * that is no branch of the split it waits for, no step is reached on several branches, an end only what stands in no
 * branch; nothing is left over; and every split has one join of its own. Malformed: a node that nothing leads to or
 * that leads nowhere, or a circle, which the checks before the reduction tell of.
 */
export function playTokens({ gates, edges }: Net): Verdict {
  const out = new Map(
    [...gates.keys()].map((id) => [id, edges.flatMap(([from, to]) => (from === id ? [to] : []))]),
  )
  if (isMalformed(gates, edges)) return 'malformed'
  const start = [...gates].find(([, gate]) => gate.place === 'start')?.[0] ?? ''
  const joinOf = new Map<string, string>()
  const splitOf = new Map<string, string>()
  /** Node → the branches it is on, which are the same however it is reached. */
  const branchesOf = new Map<string, string>()
  const seen = new Set<string>()
  const open: Token[][] = [[{ at: start, of: [] }]]
  for (let tokens = open.pop(); tokens !== undefined; tokens = open.pop()) {
    const name = tokens.map(nameToken).sort().join(' ')
    if (seen.has(name)) continue
    seen.add(name)
    if (seen.size > 20_000) return 'too large'
    if (tokens.length === 0) continue
    const next = move(tokens)
    if (next === null) return 'unsound'
    open.push(...next)
  }
  return 'sound'

  /** All that can come next, by moving one token; the order in which tokens move makes no difference. */
  function move(tokens: readonly Token[]): Token[][] | null {
    for (const token of tokens) {
      const gate = gates.get(token.at) ?? {}
      const rest = tokens.filter((other) => other !== token)
      if (gate.joins === undefined) {
        const branches = token.of.map(({ split, branch }) => `${split}.${branch}`).join('>')
        if ((branchesOf.get(token.at) ?? branches) !== branches) return null
        branchesOf.set(token.at, branches)
      }
      if (gate.place === 'end') return token.of.length === 0 && rest.length === 0 ? [rest] : null
      if (gate.joins !== undefined) {
        const gathered = gather(token, tokens)
        if (gathered === 'wrong') return null
        if (gathered !== 'waits') return leave(gathered.rest, token.at, token.of.slice(0, -1))
        continue
      }
      if (gate.splits === 'and' || gate.splits === 'or') {
        const ways = out.get(token.at) ?? []
        const all = ways.map((_, branch) => branch)
        return (gate.splits === 'and' ? [all] : subsets(all)).map((taken) => [
          ...rest,
          ...taken.map(
            (branch): Token => ({
              at: ways[branch]!,
              of: [...token.of, { split: token.at, branch, siblings: taken }],
            }),
          ),
        ])
      }
      return leave(rest, token.at, token.of)
    }
    return null
  }

  function leave(rest: readonly Token[], from: string, of: Token['of']): Token[][] {
    return (out.get(from) ?? []).map((at) => [...rest, { at, of }])
  }

  function gather(token: Token, tokens: readonly Token[]): 'wrong' | 'waits' | { rest: Token[] } {
    const top = token.of.at(-1)
    const join = token.at
    if (top === undefined) return 'wrong'
    const kind = gates.get(top.split)?.splits
    const wanted = gates.get(join)?.joins
    if (wanted !== 'any' && wanted !== kind) return 'wrong'
    if ((joinOf.get(top.split) ?? join) !== join || (splitOf.get(join) ?? top.split) !== top.split)
      return 'wrong'
    joinOf.set(top.split, join)
    splitOf.set(join, top.split)
    const here = tokens.filter((other) => other.at === join)
    const branches = here.map((other) => other.of.at(-1)?.branch)
    if (here.some((other) => other.of.length !== token.of.length || other.of.at(-1)?.split !== top.split))
      return 'wrong'
    if (new Set(branches).size < branches.length) return 'wrong'
    if (branches.length < top.siblings.length) return 'waits'
    return { rest: tokens.filter((other) => other.at !== join) }
  }
}

function nameToken({ at, of }: Token): string {
  return `${at}:${of.map(({ split, branch, siblings }) => `${split}.${branch}/${siblings.join('')}`).join('>')}`
}

function subsets(all: readonly number[]): number[][] {
  return Array.from({ length: 2 ** all.length - 1 }, (_, at) =>
    all.filter((_one, bit) => ((at + 1) >> bit) & 1),
  )
}

function isMalformed(gates: Net['gates'], edges: Net['edges']): boolean {
  const ids = [...gates.keys()]
  const spread = (place: string, ahead: boolean) => {
    const seen = new Set(ids.filter((id) => gates.get(id)?.place === place))
    for (const id of seen)
      for (const [from, to] of edges) {
        if (ahead && from === id) seen.add(to)
        if (!ahead && to === id) seen.add(from)
      }
    return seen
  }
  const [forward, backward] = [spread('start', true), spread('end', false)]
  if (ids.some((id) => !forward.has(id) || !backward.has(id))) return true
  const left = new Map(ids.map((id) => [id, edges.filter(([, to]) => to === id).length]))
  const free = ids.filter((id) => left.get(id) === 0)
  for (const id of free)
    for (const [from, to] of edges) {
      if (from !== id) continue
      const count = (left.get(to) ?? 0) - 1
      left.set(to, count)
      if (count === 0) free.push(to)
    }
  return free.length < ids.length
}

/** Blocks put into one another at random, choices drawn freely among them, every branch led to the join of its split. */
export function randomNet(seed: number): Net {
  const random = randomFrom(seed)
  const gates = new Map<string, Gate>([['s', { place: 'start' }]])
  const edges: [string, string][] = []
  let count = 0
  const add = (gate: Gate) => {
    const id = `n${count++}`
    gates.set(id, gate)
    return id
  }
  const link = (froms: readonly string[], to: string) => {
    for (const from of froms) edges.push([from, to])
  }
  /** Builds a part after `froms` and gives the nodes that lead on from it; several where a choice was left open. */
  const part = (froms: readonly string[], depth: number): string[] => {
    const kind = depth === 0 ? 0 : random(6)
    if (kind <= 1) {
      const id = add({})
      link(froms, id)
      return kind === 0 ? [id] : part([id], depth - 1)
    }
    const concurrent = kind === 2 || kind === 3
    const split = add(kind === 2 ? { splits: 'and' } : kind === 3 ? { splits: 'or' } : {})
    link(froms, split)
    const ends = Array.from({ length: 2 + random(2) }, () => part([split], depth - 1))
    // A choice may stay open and be closed by whatever comes next: its join, another merge or the end.
    if (!concurrent && kind === 5) return ends.flat()
    const close = add(concurrent ? { joins: random(2) === 0 ? 'any' : kind === 2 ? 'and' : 'or' } : {})
    link(ends.flat(), close)
    return [close]
  }
  let last = part(['s'], 1 + random(3))
  if (random(2) === 0) last = part(last, 1)
  gates.set('e', { place: 'end' })
  link(last, 'e')
  return { gates, edges }
}

/** The same with one edge bent: another source, another target, taken away, or one drawn that was not there. */
export function bendOne(net: Net, seed: number): Net {
  const random = randomFrom(seed ^ 0x5bd1e995)
  const gates = new Map(net.gates)
  const edges = net.edges.map(([from, to]): [string, string] => [from, to])
  const order = [...gates.keys()]
  const at = random(edges.length)
  const edge = edges[at]!
  const sources = order.filter((id) => gates.get(id)?.place !== 'end')
  const targets = order.filter((id) => gates.get(id)?.place !== 'start')
  switch (random(5)) {
    case 0:
      edges[at] = [sources[random(sources.length)]!, edge[1]]
      break
    case 1:
      edges.splice(at, 1)
      break
    case 2:
      edges.push([sources[random(sources.length)]!, targets[random(targets.length)]!])
      break
    default:
      edges[at] = [edge[0], targets[random(targets.length)]!]
  }
  // The start and each join lead on by one edge: the check of exits sees to that before.
  return { gates, edges }
}

function randomFrom(seed: number) {
  let state = seed || 1
  return (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return (state >>> 8) % below
  }
}

/** Nets that reduction and token game judge differently; null when they agree. */
export function findDisagreement(seed: number): { net: Net; reduced: boolean; played: Verdict } | null {
  const whole = randomNet(seed)
  for (const [net, bent] of [
    [whole, false],
    [bendOne(whole, seed), true],
  ] as const) {
    const played = playTokens(net)
    if (played === 'too large' || (bent && played === 'malformed')) continue
    const reduced = reduceNet(net).unpaired === null
    if (reduced !== (played === 'sound') || (!bent && !reduced)) return { net, reduced, played }
  }
  return null
}
