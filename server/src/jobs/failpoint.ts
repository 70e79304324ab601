/**
 * Named places where a test lets the process die as a power cut would: `CHANNELWRIGHT_FAILPOINT=name` kills the
 * process when that place is reached, `name:2` on the second time. Inert unless the variable is set at start.
 */
export const failpoints = [
  'command.after-guard',
  'command.before-commit',
  'command.after-commit',
  'advance.events-written',
  'advance.effects-queued',
  'effect.claimed',
  'effect.sent',
  'effect.applied',
  'effect.before-commit',
  'effect.after-commit',
  'timer.claimed',
  'timer.after-commit',
  'news.before-commit',
  'news.after-commit',
  'batch.one-decided',
  'delegation.one-given-back',
  'mail.sent',
] as const
export type Failpoint = (typeof failpoints)[number]

const [wanted, nth] = (process.env.CHANNELWRIGHT_FAILPOINT ?? '').split(':')
let passed = 0

/** Whether this process is to die somewhere; `family`: somewhere among those whose names begin so. */
export function isFailpointSet(family = ''): boolean {
  return wanted !== '' && wanted!.startsWith(family)
}

export function reachFailpoint(name: Failpoint): void {
  if (wanted === '' || wanted !== name) return
  passed += 1
  // SIGKILL to oneself: no handler, no rollback, no goodbye to Postgres.
  if (passed >= Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL')
}

/**
 * Does these together: their statements leave as one message. While a test kills the server between two of them, one
 * after the other.
 */
export async function sendTogether(steps: readonly (Failpoint | (() => unknown))[]): Promise<void> {
  if (wanted === '') {
    await Promise.all(steps.map((step) => (typeof step === 'string' ? undefined : step())))
    return
  }
  for (const step of steps)
    if (typeof step === 'string') reachFailpoint(step)
    else await step()
}
