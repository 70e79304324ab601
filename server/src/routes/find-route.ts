import createRouter, { type HTTPMethod } from 'find-my-way'
import type { Route } from './route.ts'

/** A route with what its address says in the places of its parameters. */
export interface FoundRoute<T> {
  readonly route: T
  readonly params: Record<string, string>
}

/** Longer than any key or id of ours, with room for what is encoded. */
const maxParamLength = 1_000

/**
 * The list of routes as a tree of the parts of their addresses: to find one costs a step per part, and not a try of
 * each route in turn. A fixed word comes before what takes anything in its place. As with express, a slash at the end
 * and the case of fixed words do not matter, and GET answers HEAD. Throws URIError for an address that can't be decoded.
 */
export function createFinder<T extends Pick<Route, 'method' | 'path'>>(
  list: readonly T[],
): (method: string, path: string) => FoundRoute<T> | undefined {
  const unused = () => undefined
  const router = createRouter({
    ignoreTrailingSlash: true,
    caseSensitive: false,
    maxParamLength,
    // Without it an address that can't be decoded would be taken for one that there is no route for.
    onBadUrl: unused,
  })
  for (const route of list) router.on(route.method.toUpperCase() as HTTPMethod, route.path, unused, { route })
  return (method, path) => {
    const found = router.find((method === 'HEAD' ? 'GET' : method) as HTTPMethod, path)
    if (found === null) return undefined
    if (!found.store) throw new URIError(`${path} can't be decoded`)
    const isWhole = Object.values(found.params).every((value) => value !== '')
    return isWhole
      ? { route: (found.store as { route: T }).route, params: found.params as Record<string, string> }
      : undefined
  }
}
