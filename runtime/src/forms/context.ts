/** What `$` holds while rules run, on either side. Types of the same names: `definition/scopes.ts`. */
export interface RuleContext {
  readonly $user: {
    readonly id: string
    readonly partner: string | null
    readonly partners: readonly string[]
    readonly roles: readonly string[]
  }
  /** The day in the workspace's time zone. */
  readonly $today: string
  /** ISO 8601 instant, UTC, milliseconds. */
  readonly $now: string
  /** In the form of a task: the answer that is being given, null until one is chosen. */
  readonly $decision?: string | null
}

const calendars = new Map<string, Intl.DateTimeFormat>()

/** The calendar day of an instant in a time zone (IANA name). */
export function dayIn(instant: string, timeZone: string): string {
  let calendar = calendars.get(timeZone)
  if (!calendar) {
    calendar = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    })
    calendars.set(timeZone, calendar)
  }
  const parts = calendar.formatToParts(new Date(instant))
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`
}

/** The context of one person at one moment. */
export function ruleContext(user: RuleContext['$user'], now: string, timeZone: string): RuleContext {
  const { id, partner, partners, roles } = user
  return { $user: { id, partner, partners, roles }, $today: dayIn(now, timeZone), $now: now }
}
