/** Which nodes stand on every way to a node, for a graph given by its edges. */
export interface Dominators {
  /** Every way from the root to `b` leads through `a`; a reachable node dominates itself. */
  dominates(a: string, b: string): boolean
  /** The nearest other node on every way to `id`; null for the root and for what is not reached. */
  above(id: string): string | null
}

interface Place {
  above: string | null
  from: number
  to: number
}

/**
 * Dominators of what is reached from `root`, by the iteration of Cooper, Harvey and Kennedy: on a graph without
 * circles, taken in topological order, one round suffices. Never throws, whatever is drawn.
 */
export function findDominators(
  root: string,
  next: (id: string) => readonly string[],
  before: (id: string) => readonly string[],
): Dominators {
  const order = orderFrom(root, next)
  const rank = new Map(order.map((id, at) => [id, at]))
  const above = new Map<string, string>([[root, root]])
  const meet = (one: string, other: string): string => {
    let [a, b] = [one, other]
    while (a !== b) {
      const later = (rank.get(a) ?? 0) > (rank.get(b) ?? 0)
      if (later) a = above.get(a) ?? root
      else b = above.get(b) ?? root
    }
    return a
  }
  for (let changed = true; changed; ) {
    changed = false
    for (const id of order) {
      if (id === root) continue
      const known = before(id).filter((one) => above.has(one))
      const [first, ...others] = known
      if (first === undefined) continue
      const found = others.reduce(meet, first)
      if (above.get(id) === found) continue
      above.set(id, found)
      changed = true
    }
  }
  const places = numberTree(root, order, above)
  return {
    dominates: (a, b) => {
      const [upper, lower] = [places.get(a), places.get(b)]
      return upper !== undefined && lower !== undefined && upper.from <= lower.from && lower.to <= upper.to
    },
    above: (id) => places.get(id)?.above ?? null,
  }
}

/** What is reached from `root`, each node after all that lead to it as far as there are no circles. */
export function orderFrom(root: string, next: (id: string) => readonly string[]): string[] {
  const done: string[] = []
  const seen = new Set([root])
  const path: { id: string; left: readonly string[]; at: number }[] = [{ id: root, left: next(root), at: 0 }]
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const to = top.left[top.at]
    top.at += 1
    if (to === undefined) {
      done.push(top.id)
      path.pop()
    } else if (!seen.has(to)) {
      seen.add(to)
      path.push({ id: to, left: next(to), at: 0 })
    }
  }
  return done.reverse()
}

/** Numbers the tree so that a node's interval holds those of all below it. */
function numberTree(root: string, order: readonly string[], above: ReadonlyMap<string, string>) {
  const below = new Map<string, string[]>(order.map((id) => [id, []]))
  for (const id of order) {
    const upper = above.get(id)
    if (id !== root && upper !== undefined) below.get(upper)?.push(id)
  }
  const places = new Map<string, Place>()
  let count = 0
  const path: { id: string; at: number }[] = [{ id: root, at: 0 }]
  places.set(root, { above: null, from: count++, to: 0 })
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const child = below.get(top.id)?.[top.at]
    top.at += 1
    if (child === undefined) {
      const place = places.get(top.id)
      if (place !== undefined) place.to = count
      path.pop()
    } else {
      places.set(child, { above: top.id, from: count++, to: 0 })
      path.push({ id: child, at: 0 })
    }
  }
  return places
}
