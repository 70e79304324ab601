import { locales, type Text } from '../text.ts'
import { findDominators, orderFrom } from './dominators.ts'
import { type Gate, gathers, isPlain, splitKind } from './gate.ts'
import type { FlowGraph } from './graph.ts'
import type { BlockNet } from './net.ts'

/** Where block reduction came to a halt. */
export interface Unpaired {
  /** The split whose branches do not meet, or the join that waits in vain. */
  readonly node: string
  /** What is wrong, in words. */
  readonly pattern: Text
  /** The smallest part of the flow in which the mistake lies. */
  readonly region: readonly string[]
}

/** Tells of the innermost place that could not be reduced; null when no gate is left. */
export function nameUnpaired(
  graph: FlowGraph,
  net: BlockNet,
  gates: ReadonlyMap<string, Gate>,
): Unpaired | null {
  const left = net.ids()
  const splits = left.filter((id) => splitKind(net.gate(id)) !== null)
  const joins = left.filter((id) => net.gate(id).joins !== undefined)
  if (splits.length === 0 && joins.length === 0) return null
  const start = [...gates].find(([, gate]) => gate.place === 'start')?.[0] ?? left[0] ?? ''
  const order = orderFrom(start, (id) => [...net.out(id).keys()])
  const words = new Words(graph)

  const lonely = joins.find((id) => isLonely(net, id))
  const last = order.filter((id) => splits.includes(id)).at(-1)
  const node = lonely ?? last ?? splits[0] ?? joins[0] ?? ''
  const pattern =
    node === lonely || splitKind(net.gate(node)) === null
      ? words.say(patterns.choiceIntoJoin, { node })
      : nameSplit(net, node, words)
  return { node, pattern, region: regionAround(graph, start, node, gates) }
}

/** Whether choices alone lead to a join: it waits in vain, whatever stands around it. */
function isLonely(net: BlockNet, join: string): boolean {
  const sources = [...net.into(join)]
  const fromSplit = (id: string) =>
    [...net.into(id).keys()].some((from) => splitKind(net.gate(from)) !== null)
  if (sources.some(([from]) => !isPlain(net.gate(from)))) return false
  // Several edges out of one choice are alternatives, in a branch as elsewhere.
  return sources.every(([from, edges]) => !fromSplit(from) || (sources.length === 1 && edges.length > 1))
}

function nameSplit(net: BlockNet, split: string, words: Words): Text {
  const kind = splitKind(net.gate(split)) ?? 'and'
  const ways = [...net.out(split).keys()]
  const own = new Set(
    ways.filter((id) => isPlain(net.gate(id)) && net.gate(id).place === undefined && net.into(id).size === 1),
  )
  // Where the branches run to, once all that is theirs alone is taken together.
  const met = new Set(ways.flatMap((id) => (own.has(id) ? [...net.out(id).keys()] : [id])))
  const fromHere = (id: string) =>
    [...net.into(id).keys()].filter((from) => from === split || own.has(from)).length
  for (const id of met)
    if (net.gate(id).place === 'end') return words.say(patterns.endInside, { node: split, at: id })
  for (const id of ways)
    if (own.has(id) && (net.out(split).get(id)?.length ?? 0) > 1)
      return words.say(patterns.twice, { node: split, at: id })
  for (const id of met) {
    const gate = net.gate(id)
    if (gate.joins !== undefined && !gathers(gate, kind))
      return words.say(patterns.otherKind, { node: split, at: id })
    if (gate.joins !== undefined) continue
    const pattern = fromHere(id) > 1 ? patterns.twice : patterns.intoBranch
    return words.say(pattern, { node: split, at: id })
  }
  const [one, other] = met
  if (one !== undefined && other !== undefined)
    return words.say(patterns.severalJoins, { node: split, at: one, other })
  if (one !== undefined) {
    const outside = [...net.into(one).keys()].find((from) => from !== split && !own.has(from))
    return words.say(patterns.joinFromOutside, { node: split, at: one, other: outside ?? one })
  }
  return words.say(patterns.noJoin, { node: split })
}

const patterns = {
  choiceIntoJoin: {
    en: 'only one way leads into the join "{node}" at a time, so it waits for branches that never come',
    zh: '每次只有一条路径进入汇聚节点“{node}”,它会一直等待不会到达的分支',
  },
  endInside: {
    en: 'a branch ends at "{at}" while others are still under way',
    zh: '一条分支在“{at}”结束,而其他分支仍在进行',
  },
  twice: {
    en: 'several branches run into "{at}", which would then be done several times',
    zh: '多条分支同时进入“{at}”,该节点会被重复执行',
  },
  otherKind: {
    en: 'its branches meet in "{at}", a join of another kind',
    zh: '分支汇合到“{at}”,但该汇聚节点类型不同',
  },
  intoBranch: {
    en: 'a way from outside leads into its branch at "{at}"',
    zh: '有外部连线进入其分支中的“{at}”',
  },
  severalJoins: {
    en: 'its branches do not all meet in one join: some reach "{at}", others "{other}"',
    zh: '分支没有汇合到同一个汇聚节点:有的到“{at}”,有的到“{other}”',
  },
  joinFromOutside: {
    en: 'its join "{at}" is also reached from "{other}", which is none of its branches',
    zh: '汇聚节点“{at}”还有来自“{other}”的连线,而它不在该分支内',
  },
  noJoin: { en: 'its branches never meet in a join', zh: '分支没有汇合到汇聚节点' },
} satisfies Record<string, Text>

/** Nodes are called by their titles. */
class Words {
  constructor(private readonly graph: FlowGraph) {}

  say(pattern: Text, nodes: Readonly<Record<string, string>>): Text {
    const fill = (locale: (typeof locales)[number]) =>
      Object.entries(nodes).reduce(
        (text, [name, id]) => text.replaceAll(`{${name}}`, this.graph.nodes.get(id)?.title[locale] || id),
        pattern[locale],
      )
    return Object.fromEntries(locales.map((locale) => [locale, fill(locale)])) as Text
  }
}

/** A split up to where its ways meet again; a join from where its ways part. */
function regionAround(
  graph: FlowGraph,
  start: string,
  node: string,
  gates: ReadonlyMap<string, Gate>,
): readonly string[] {
  const next = (id: string) => (graph.out.get(id) ?? []).map((edge) => edge.to)
  const before = (id: string) => (graph.into.get(id) ?? []).map((edge) => edge.from)
  const isSplit = splitKind(gates.get(node)) !== null
  if (!isSplit) {
    const above = findDominators(start, next, before).above(node)
    return between(above, node, next, before)
  }
  // All ends as one, so that ways which never meet on the way meet there.
  const ends = [...graph.nodes.keys()].filter((id) => next(id).length === 0)
  const sink = ''
  const back = findDominators(
    sink,
    (id) => (id === sink ? ends : before(id)),
    (id) => (id === sink ? [] : ends.includes(id) ? [sink] : next(id)),
  )
  return between(node, back.above(node) || null, next, before)
}

/** All that is both behind `from` and before `to`; null stands for the rim of the graph. */
function between(
  from: string | null,
  to: string | null,
  next: (id: string) => readonly string[],
  before: (id: string) => readonly string[],
): readonly string[] {
  const ahead = from === null ? null : new Set(orderFrom(from, next))
  const behind = to === null ? null : new Set(orderFrom(to, before))
  if (ahead === null) return [...(behind ?? [])]
  return [...ahead].filter((id) => behind === null || behind.has(id))
}
