import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { createDealWorkspace, type DealWorkspace } from './deal-workspace.ts'
import { callAs, type TestMember } from './members.ts'
import { startTestServer, type TestServer } from './server.ts'

/** A workspace of the packs with one partner, its manager, who approves, and those around them. */
export interface DealPeople {
  readonly server: TestServer
  readonly deals: DealWorkspace
  readonly partner: string
  readonly line: string
  readonly people: Readonly<Record<'manager' | 'director' | 'sales' | 'admin', TestMember>>
  api(member: TestMember): ReturnType<typeof callAs>
  /** `tasks` → its address in the workspace. */
  at(path: string): string
  /** Until no job is left. */
  settle(): Promise<unknown>
  /** A registration of a customer of its own, sent in as the form does; its id. */
  submit(amount: string): Promise<string>
}

/** Opened before the tests of a file and closed after; what it hands out is known once it stands. */
export function useDealPeople(
  key: string,
  edit?: (source: DefinitionSource) => DefinitionSource | DefinitionSource[],
): DealPeople {
  const world = {} as { -readonly [K in keyof DealPeople]: DealPeople[K] }
  let customers = 0
  world.api = (member) => callAs(world.server.url, member)
  world.at = (path) => `/api/v1/${key}/${path}`
  world.settle = () => drainJobs(world.server.services, key)
  world.submit = async (amount) => {
    customers += 1
    const made = await world.api(world.people.sales)(
      'POST',
      world.at('records/registration?form=registration_new'),
      {
        body: {
          customer_name: `Customer number ${customers}`,
          product_line: world.line,
          amount,
          close_on: '2027-05-01',
          note: 'They have a budget and a date.',
        },
      },
    )
    expect(made.status, made.text).toBe(201)
    return made.body.record.id
  }
  beforeAll(async () => {
    world.server = await startTestServer()
    world.deals = await createDealWorkspace(world.server.services, key, edit)
    const { join, seed } = world.deals
    const manager = await join({ name: 'Mei Manager', roles: ['channel_manager'] })
    world.partner = await seed('partner', {
      legal_name: 'Orion Ltd',
      type: 'reseller',
      status: 'active',
      channel_manager: manager.user,
    })
    world.line = await seed('product_line', { code: 'SRV', name: 'Servers' })
    world.people = {
      manager,
      director: await join({ name: 'Dan Director', roles: ['director'] }),
      sales: await join({ name: 'Sam Sales', roles: ['partner_sales'], partner: world.partner }),
      admin: await join({ name: 'Ada Admin', roles: ['business_admin'] }),
    }
  }, 120_000)
  afterAll(() => world.server?.close())
  return world
}
