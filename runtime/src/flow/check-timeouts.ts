import type { DefinitionSet } from '../definition/definition-set.ts'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import { diagnose } from '../errors/diagnose.ts'
import { flowMoneyTimeout } from '../errors/flow-checks.ts'
import * as errors from '../errors/flow-people.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject, type Json } from '../json.ts'
import type { Text } from '../text.ts'
import { checkRole } from './check-approvers.ts'
import type { Duration } from './due-time.ts'
import { sayDuration } from './say-duration.ts'

export interface TimeoutEntry extends Duration {
  readonly do: string
  readonly to?: unknown
}

/** Hours that pass at least until it is due; of working time more may pass, of all else exactly so many. */
const hours = { minute: 1 / 60, hour: 1, day: 24, workday: 24, workhour: 1 }
const isWork = (unit: string) => unit === 'workday' || unit === 'workhour'

/** What leaves nothing behind that a later rule could be about. */
const ends: Readonly<Record<string, Text>> = {
  approve: { en: 'approved', zh: '自动同意' },
  reject: { en: 'refused', zh: '自动驳回' },
  return: { en: 'sent back', zh: '退回' },
}

/** What happens when a task waits too long: in order of time, nothing after the end, whoever takes over exists. */
export function checkTimeouts(
  timeouts: readonly TimeoutEntry[],
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  let ended: Text | undefined
  return timeouts.flatMap((timeout, index): Diagnostic[] => {
    const path = `${pointer}/${index}`
    const { do: does, to } = timeout
    const found: Diagnostic[] = []
    const before = timeouts[index - 1]
    if (ended !== undefined)
      found.push(diagnose(errors.flowTimeoutNever, path, { done: ended }, { severity: 'warning' }))
    else if (before !== undefined && isSurelyNotAfter(timeout, before))
      found.push(
        diagnose(errors.flowTimeoutOrder, path, {
          later: sayDuration(timeout),
          earlier: sayDuration(before),
        }),
      )
    ended ??= ends[does]
    if (does === 'approve' && flow.money === true) found.push(diagnose(flowMoneyTimeout, `${path}/do`))
    if (does === 'escalate' || does === 'transfer') found.push(...checkHeir(to, set, `${path}/to`))
    return found
  })
}

function checkHeir(to: unknown, set: DefinitionSet, path: string): Diagnostic[] {
  if (typeof to === 'string')
    return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(to)
      ? []
      : [diagnose(errors.flowTimeoutPerson, path, { to })]
  return isJsonObject(to as Json)
    ? checkRole(String((to as { role?: unknown }).role), set, `${path}/role`)
    : []
}

/** Whatever the calendar says: with working time in play only what is certain counts. */
function isSurelyNotAfter(later: Duration, earlier: Duration): boolean {
  if (later.unit === earlier.unit) return later.after <= earlier.after
  return !isWork(later.unit) && later.after * hours[later.unit] <= earlier.after * hours[earlier.unit]
}

/** The flow's calendar exists, and is there where working time is counted. */
export function checkCalendar(flow: FlowDefinition, set: DefinitionSet): Diagnostic[] {
  const calendar = flow.settings?.calendar
  if (calendar !== undefined)
    return set.calendars.has(calendar) || set.incomplete?.has(`calendar:${calendar}`)
      ? []
      : [
          diagnose(errors.flowCalendarUnknown, '/settings/calendar', {
            calendar,
            ...suggest(calendar, set.calendars.keys()),
          }),
        ]
  return flow.nodes.flatMap((node, index) => {
    const path = findWorkTime(node as Json, `/nodes/${index}`)
    return path === null ? [] : [diagnose(errors.flowCalendarMissing, path, {}, { severity: 'warning' })]
  })
}

/** The first place in the settings of a node that counts working time. */
function findWorkTime(value: Json, path: string): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (isJsonObject(value) && typeof value.after === 'number' && isWork(String(value.unit))) return path
  for (const [key, inner] of Object.entries(value)) {
    const found = findWorkTime(inner as Json, `${path}/${key}`)
    if (found !== null) return found
  }
  return null
}
