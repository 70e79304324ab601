import { type Decided, standingDecisions } from '../../flow/decisions.ts'
import { idAt } from '../../flow/people.ts'
import type { Activation, Asked } from '../../flow/run.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import type { NodeContext, PeopleQuestion } from '../node-type.ts'
import type { Approver } from './settings.ts'

/** Questions of approvers that depend on nothing but the settings: found together before the node is run. */
export function settledQuestions(approvers: readonly Approver[]): readonly PeopleQuestion[] {
  return approvers.flatMap((approver): PeopleQuestion[] => {
    switch (approver.kind) {
      case 'user':
        return [{ ask: 'user', user: approver.user }]
      case 'field':
        return [{ ask: 'field', path: approver.path }]
      case 'applicant':
        return [{ ask: 'applicant' }]
      case 'group':
        return [{ ask: 'group', group: approver.group }]
      case 'query':
        return [{ ask: 'query', rule: approver.rule as never }]
      case 'role':
        return approver.scope === undefined ? [{ ask: 'role', role: approver.role }] : []
      case 'supervisor':
      case 'supervisor_chain':
      case 'dept_head':
        return typeof approver.of === 'object' ? [{ ask: 'field', path: approver.of.path }] : []
      default:
        return []
    }
  })
}

/** Who is to be asked, as a step keeps it. A bare name is one that was kept when seats had no weight. */
export function readAsked(value: Json | undefined): readonly Asked[] {
  return (Array.isArray(value) ? value : []).flatMap((one): Asked[] => {
    if (typeof one === 'string') return [{ user: one, weight: 1 }]
    return isJsonObject(one) && typeof one.user === 'string'
      ? [
          {
            user: one.user,
            weight: Number(one.weight ?? 1),
            ...(one.isUnasked === true && { isUnasked: true }),
          },
        ]
      : []
  })
}

/** How many seats a step asks one after the other, from the first on; those who were added come behind them. */
export function seatsInTurn({ state }: Pick<Activation, 'state'>): number {
  return state.isSequential === true ? readAsked(state.slots).length : 0
}

/** Paths of the record that the entries lead along, to be loaded before they are asked for. */
export function pathsOf(approvers: readonly Approver[]): readonly string[] {
  return approvers.flatMap((approver) => {
    if (approver.kind === 'field') return [approver.path]
    if (approver.kind === 'partner_contact') return [approver.partner]
    return 'of' in approver && typeof approver.of === 'object' ? [approver.of.path] : []
  })
}

/** The people that the entries stand for, each once, in their order. */
export function findApprovers(context: NodeContext, approvers: readonly Approver[]): readonly Asked[] {
  context.ask(...settledQuestions(approvers))
  const found = new Map<string, Asked>()
  for (const approver of approvers)
    for (const user of usersOf(context, approver))
      if (!found.has(user)) found.set(user, { user, weight: approver.weight ?? 1 })
  return [...found.values()]
}

function usersOf(context: NodeContext, approver: Approver): readonly string[] {
  const ask = (question: PeopleQuestion) => context.ask(question)[0] ?? []
  switch (approver.kind) {
    case 'role':
      return ask({ ask: 'role', role: approver.role, ...scopeOf(context, approver.scope) })
    case 'supervisor': {
      const { level = 1 } = approver
      return from(context, approver.of).flatMap((of) => ask({ ask: 'superiors', of, level }))
    }
    case 'supervisor_chain': {
      const { untilLevel, untilRole } = approver
      const last = untilRole === undefined ? [] : ask({ ask: 'role', role: untilRole })
      return from(context, approver.of).flatMap((of) => {
        const chain = chainOf(context, of, untilLevel)
        const end = chain.findIndex((user) => last.includes(user))
        return end < 0 ? chain : chain.slice(0, end + 1)
      })
    }
    case 'dept_head': {
      const { up = 0 } = approver
      return from(context, approver.of).flatMap((of) => ask({ ask: 'department_heads', of, level: up + 1 }))
    }
    case 'node_actor':
      return decidersAt(context, approver.node)
    case 'picked_by_applicant':
    case 'picked_by_previous':
      return pickedFor(context, approver)
    case 'partner_contact': {
      const partner = idAt(context.data, approver.partner)
      const { role } = approver
      return partner === null
        ? []
        : ask({ ask: 'partner_contact', partner, ...(role === undefined ? {} : { role }) })
    }
    default:
      return settledQuestions([approver]).flatMap(ask)
  }
}

/** Everybody above a person, or one level after the other: where nobody is left at one, whoever is next above it. */
function chainOf(context: NodeContext, of: string, untilLevel: number | undefined): readonly string[] {
  const levels =
    untilLevel === undefined ? [{}] : Array.from({ length: untilLevel }, (_, at) => ({ level: at + 1 }))
  const found = context.ask(...levels.map((level) => ({ ask: 'superiors', of, ...level }) as const))
  return [...new Set(found.flat())]
}

function scopeOf(context: NodeContext, scope: Readonly<Record<string, unknown>> | undefined) {
  if (scope === undefined) return {}
  const values: JsonObject = {}
  for (const [field, rule] of Object.entries(scope)) values[field] = context.evaluate(rule as never)
  return { scope: values }
}

/** From whom one climbs. */
function from(
  context: NodeContext,
  of: 'applicant' | 'previous' | { readonly path: string } | undefined,
): readonly string[] {
  if (of === undefined || of === 'applicant') return [context.applicant]
  if (of === 'previous') {
    const earlier = standingDecisions(context.run.tasks).filter(
      ({ activation }) => activation !== context.activation.id,
    )
    const last = earlier.reduce<Decided | undefined>(
      (latest, one) => (latest === undefined || one.decidedAt >= latest.decidedAt ? one : latest),
      undefined,
    )
    return [last?.decidedBy ?? context.applicant]
  }
  return context.ask({ ask: 'field', path: of.path })[0] ?? []
}

function decidersAt(context: NodeContext, node: string): readonly string[] {
  const last = context.run.activations.findLast((one) => one.node === node && one.status === 'done')
  const users = standingDecisions(context.run.tasks).flatMap(({ activation, state, decidedBy }) =>
    activation === last?.id && state !== 'rejected' ? [decidedBy] : [],
  )
  return keepActive(context, [...new Set(users)])
}

type PickEntry = Extract<Approver, { kind: 'picked_by_applicant' | 'picked_by_previous' }>

/** Who may be picked; null: everybody. */
export function rangeOf(context: NodeContext, { range }: PickEntry): ReadonlySet<string> | null {
  return range === undefined ? null : new Set(range.flatMap((entry) => usersOf(context, entry)))
}

/** Those picked who are active and within the range; too few are nobody at all. */
function pickedFor(context: NodeContext, entry: PickEntry): readonly string[] {
  const { min = 1, max = 100 } = entry
  const picked = keepActive(context, context.run.picks[context.node['x-id']] ?? [])
  const allowed = rangeOf(context, entry)
  const within = picked.filter((user) => allowed === null || allowed.has(user)).slice(0, max)
  return within.length < min ? [] : within
}

export function keepActive(context: NodeContext, users: readonly string[]): readonly string[] {
  const answers = context.ask(...users.map((user) => ({ ask: 'user', user }) as const))
  return users.filter((user, index) => answers[index]?.includes(user))
}
