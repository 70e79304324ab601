import type { PeopleQuestion } from '@channelwright/runtime/flow/people.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { findPeople } from '@channelwright/server/flows/find-people.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from '../support/deal-workspace.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

// Where people stand is data of a pack; flows ask it. The pack `organisation` stands in for any other.

let opened: TestServices
let deals: DealWorkspace
const ids: Record<string, string> = {}

beforeAll(async () => {
  opened = await openTestServices()
  deals = await createDealWorkspace(opened.services, 'org')
  const join = async (name: string, roles: string[], partner?: string) => {
    ids[name] = (await deals.join({ name, roles, ...(partner === undefined ? {} : { partner }) })).user
  }
  for (const name of ['ann', 'bob', 'eve']) await join(name, ['channel_manager'])
  for (const name of ['dora', 'head']) await join(name, ['director'])
  const partner = await deals.seed('partner', { legal_name: 'Orion Ltd', type: 'reseller', status: 'active' })
  ids.partner = partner
  await join('sam', ['partner_sales'], partner)
  const top = await deals.seed('department', { name: 'Channel', code: 'CH', head: ids.head! })
  const north = await deals.seed('department', { name: 'North', code: 'N', head: ids.dora!, parent: top })
  const employ = (name: string, more: Record<string, string>) =>
    deals.seed('employee', { name, user: ids[name]!, ...more })
  await employ('ann', { supervisor: ids.bob!, department: north, region: 'north' })
  await employ('bob', { supervisor: ids.dora!, department: north, region: 'south' })
  await employ('dora', { supervisor: ids.head!, department: top })
  // A circle in the data must not go round for ever.
  await employ('head', { supervisor: ids.dora!, department: top })
  await deals.seed('work_group', {
    code: 'board',
    name: 'Board',
    members: [{ user: ids.head! }, { user: ids.ann! }],
  })
  await deals.seed('representative', { partner, user: ids.sam!, job: 'finance' })
}, 120_000)

afterAll(() => opened?.close())

async function ask(question: PeopleQuestion): Promise<(string | undefined)[]> {
  const { services } = opened
  const found = await inUnit(services, deals.served, engineActor(services, deals.served, nobody), (unit) =>
    findPeople(unit, question, { object: 'registration', applicant: ids.ann!, data: {} }),
  )
  return found.map((id) => Object.keys(ids).find((name) => ids[name] === id))
}

test('superiors come nearest first, also where the data holds a circle', async () => {
  expect(await ask({ ask: 'superiors', of: ids.ann! })).toEqual(['bob', 'dora', 'head'])
  expect(await ask({ ask: 'superiors', of: ids.eve! })).toEqual([])
})

test('heads come from the own department upwards', async () => {
  expect(await ask({ ask: 'department_heads', of: ids.ann! })).toEqual(['dora', 'head'])
})

test('a role is narrowed by what stands in the record of the person', async () => {
  const scope = { region: 'north' }
  expect(await ask({ ask: 'role', role: 'channel_manager', scope })).toEqual(['ann'])
  expect(await ask({ ask: 'role', role: 'channel_manager', scope: { region: null } })).toEqual([])
  expect(await ask({ ask: 'role', role: 'channel_manager' })).toEqual(['ann', 'bob', 'eve'])
})

test('a group has its members in order; a contact answers for one thing at one partner', async () => {
  expect(await ask({ ask: 'group', group: 'board' })).toEqual(['head', 'ann'])
  expect(await ask({ ask: 'group', group: 'none' })).toEqual([])
  expect(await ask({ ask: 'partner_contact', partner: ids.partner!, role: 'finance' })).toEqual(['sam'])
  expect(await ask({ ask: 'partner_contact', partner: ids.partner!, role: 'sales' })).toEqual([])
})

test('a condition over the records of people finds those that it holds for', async () => {
  const rule = { '==': [{ var: 'region' }, 'south'] }
  expect(await ask({ ask: 'query', rule })).toEqual(['bob'])
})

test('who has left is passed over, so that the next above stands nearest', async () => {
  const { services } = opened
  await services.owner.query(`UPDATE channelwright.membership SET status = 'inactive' WHERE user_id = $1`, [
    ids.bob,
  ])
  expect(await ask({ ask: 'superiors', of: ids.ann! })).toEqual(['dora', 'head'])
})

test('a level is one of the organisation, also where somebody of it has left', async () => {
  const superiors = (level: number) => ask({ ask: 'superiors', of: ids.ann!, level })
  // Whoever is above stands in for level 1, and is level 2 all the same.
  expect([await superiors(1), await superiors(2), await superiors(3), await superiors(4)]).toEqual([
    ['dora'],
    ['dora'],
    ['head'],
    [],
  ])
  const heads = (level: number) => ask({ ask: 'department_heads', of: ids.ann!, level })
  expect([await heads(1), await heads(2), await heads(3)]).toEqual([['dora'], ['head'], []])
})
