import type { NodeContext } from '../nodes/node-type.ts'

/** Who takes the place of somebody who is gone: who stands in for them, the nearest above them, an administrator. */
export function successorOf(
  { ask, delegations }: Pick<NodeContext, 'ask' | 'delegations'>,
  gone: string,
  fits: (user: string) => boolean,
): string | null {
  const standIns = delegations([gone]).map(({ to }) => to)
  const [superiors = [], ...here] = ask(
    { ask: 'superiors', of: gone },
    ...standIns.map((user) => ({ ask: 'user', user }) as const),
  )
  const standsIn = standIns.find((user, index) => here[index]?.includes(user) && fits(user))
  const found = standsIn ?? superiors.find(fits)
  if (found !== undefined) return found
  const [admins = []] = ask({ ask: 'admin' })
  return admins.find(fits) ?? null
}
