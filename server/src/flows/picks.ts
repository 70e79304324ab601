import type { PickOffer } from '@channelwright/runtime/api/flows.ts'
import type { Person } from '@channelwright/runtime/api/records.ts'
import type { FlowNode } from '@channelwright/runtime/definition/flow.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { flowPickUnasked } from '@channelwright/runtime/errors/flow-picks.ts'
import type { PeopleQuestion } from '@channelwright/runtime/flow/people.ts'
import {
  hasPicks,
  leastPicked,
  mostPicked,
  type PickAsk,
  picksAsked,
} from '@channelwright/runtime/flow/picks.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { Unit } from '../db/unit.ts'
import { listPeople, namePeople } from '../records/people.ts'
import { lookingUp } from '../records/rules.ts'
import { findPeople, type PeopleSubject } from './find-people.ts'
import { loadFlowData, type ReadyFlow } from './flow-data.ts'

/** The steps whose people are chosen at a node of a flow; `about`: the record as it stands, where there is one. */
export async function pickOffers(
  unit: Unit,
  ready: ReadyFlow,
  from: FlowNode,
  about: { readonly record: string; readonly applicant: string } | null,
  chosen: Readonly<Record<string, readonly string[]>> = {},
): Promise<PickOffer[]> {
  const asks = await asksAt(unit, ready, from, about)
  const names = await namePeople(unit, new Set(Object.values(chosen).flat()))
  return asks.map(({ node, entry, needed }) => ({
    node: node['x-id'],
    title: node.title,
    min: leastPicked(entry),
    max: mostPicked(entry),
    needed,
    chosen: (chosen[node['x-id']] ?? []).map((id) => ({ id, name: names.get(id) ?? null })),
  }))
}

async function asksAt(
  unit: Unit,
  ready: ReadyFlow,
  from: FlowNode,
  about: { readonly record: string; readonly applicant: string } | null,
): Promise<readonly PickAsk[]> {
  if (!hasPicks(ready.flow)) return []
  // Without a record nobody knows which way the case will go.
  if (about === null) return picksAsked(ready.flow, from, () => null)
  const data = await unit.asEngine(() => loadFlowData(unit, ready, about.record, about.applicant))
  return lookingUp(unit, data, (known) =>
    picksAsked(ready.flow, from, (rule) => {
      const outcome = ready.evaluate(rule, known)
      return outcome.ok ? outcome.value === true : null
    }),
  )
}

/** Most people that are offered at once; a search finds the others. */
const mostOffered = 50

/**
 * Who may be chosen for a step: of its range those whom the person may know, by name. Throws FLOW_PICK_UNASKED where
 * nobody chooses people for it.
 */
export async function findPickable(
  unit: Unit,
  ready: ReadyFlow,
  node: string,
  subject: PeopleSubject,
  search = '',
): Promise<Person[]> {
  const found = ready.flow.nodes.find((one) => one['x-id'] === node) as FlowNode | undefined
  const entries = (found?.approvers ?? []) as readonly {
    readonly kind: string
    readonly range?: readonly Range[]
  }[]
  const entry = entries.find(({ kind }) => kind === 'picked_by_applicant' || kind === 'picked_by_previous')
  if (entry === undefined) throw new Refusal(flowPickUnasked)
  const { range } = entry
  if (range === undefined) return listPeople(unit, { search, limit: mostOffered })
  const groups = await unit.asEngine(async () => {
    const groups: (readonly string[])[] = []
    for (const one of range) groups.push(await findPeople(unit, questionOf(one), subject))
    return groups
  })
  const names = await namePeople(unit, new Set(groups.flat()))
  const wanted = search.trim().normalize('NFC').toLocaleLowerCase()
  return [...names]
    .filter(([, name]) => name.normalize('NFC').toLocaleLowerCase().includes(wanted))
    .sort(([, a], [, b]) => (a < b ? -1 : a > b ? 1 : 0))
    .slice(0, mostOffered)
    .map(([id, name]) => ({ id, name, staff: true }))
}

type Range =
  | { readonly kind: 'role'; readonly role: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'user'; readonly user: string }

function questionOf(one: Range): PeopleQuestion {
  if (one.kind === 'role') return { ask: 'role', role: one.role }
  return one.kind === 'group' ? { ask: 'group', group: one.group } : { ask: 'user', user: one.user }
}

/** What a range is asked about before there is a record: the organisation of whoever makes it. */
export function subjectOfNew(unit: Unit, object: string): PeopleSubject {
  const { release } = unit.served
  const owner = release.objects.get(object)?.owner
  const data: JsonObject =
    owner === undefined || unit.actor.partner === null ? {} : { [owner]: unit.actor.partner }
  return { object, applicant: unit.actor.user, data }
}
