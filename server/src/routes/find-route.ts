import type { Route } from './route.ts'

/** A route with what its address says in the places of its parameters. */
export interface FoundRoute<T> {
  readonly route: T
  readonly params: Readonly<Record<string, string>>
}

interface Leaf<T> {
  readonly route: T
  /** Name of each parameter and the part of the address it stands in. */
  readonly places: readonly (readonly [name: string, at: number])[]
}

interface Branch<T> {
  readonly fixed: Map<string, Branch<T>>
  any: Branch<T> | undefined
  /** By method. */
  readonly leaves: Map<string, Leaf<T>>
}

/**
 * The list of routes as a tree of the parts of their addresses: to find one costs a step per part, and not a try of
 * each route in turn. A fixed word comes before what takes anything in its place. As with express, a slash at the end
 * and the case of fixed words do not matter, and GET answers HEAD. Throws URIError for a parameter that can't be decoded.
 */
export function createFinder<T extends Pick<Route, 'method' | 'path'>>(
  list: readonly T[],
): (method: string, path: string) => FoundRoute<T> | undefined {
  const root = createBranch<T>()
  for (const route of list) plant(root, route)
  return (method, path) => {
    const parts = path.split('/')
    if (parts.length > 2 && parts.at(-1) === '') parts.pop()
    const leaf = findLeaf(root, parts, 1, method === 'HEAD' ? 'GET' : method)
    if (!leaf) return undefined
    const params: Record<string, string> = {}
    for (const [name, at] of leaf.places) params[name] = decodeURIComponent(parts[at]!)
    return { route: leaf.route, params }
  }
}

function createBranch<T>(): Branch<T> {
  return { fixed: new Map(), any: undefined, leaves: new Map() }
}

function plant<T extends Pick<Route, 'method' | 'path'>>(root: Branch<T>, route: T): void {
  const places: (readonly [string, number])[] = []
  let branch = root
  for (const [at, part] of route.path.split('/').entries()) {
    if (at === 0) continue
    if (part.startsWith(':')) {
      places.push([part.slice(1), at])
      branch.any ??= createBranch()
      branch = branch.any
    } else {
      const word = part.toLowerCase()
      const next = branch.fixed.get(word) ?? createBranch<T>()
      branch.fixed.set(word, next)
      branch = next
    }
  }
  branch.leaves.set(route.method.toUpperCase(), { route, places })
}

function findLeaf<T>(
  branch: Branch<T>,
  parts: readonly string[],
  at: number,
  method: string,
): Leaf<T> | undefined {
  if (at === parts.length) return branch.leaves.get(method)
  const part = parts[at]!
  const fixed = branch.fixed.get(part) ?? branch.fixed.get(part.toLowerCase())
  const found = fixed && findLeaf(fixed, parts, at + 1, method)
  if (found || part === '' || !branch.any) return found
  return findLeaf(branch.any, parts, at + 1, method)
}
