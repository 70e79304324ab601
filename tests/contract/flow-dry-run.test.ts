import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { PeopleQuestion } from '@channelwright/runtime/flow/people.ts'
import { inUnit } from '@channelwright/server/db/unit.ts'
import { dryRunFlows } from '@channelwright/server/flows/dry-run.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { findPeople } from '@channelwright/server/flows/find-people.ts'
import { PeopleBook } from '@channelwright/server/flows/people-book.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { saveDraft } from '@channelwright/server/publish/drafts.ts'
import { checkDrafts, planDrafts, publishDrafts } from '@channelwright/server/publish/publish-drafts.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDealWorkspace, type DealWorkspace, templates } from '../support/deal-workspace.ts'
import type { TestMember } from '../support/members.ts'
import { openTestServices, type TestServices } from '../support/services.ts'

// A flow is tried on the real people of a workspace before it is published.

let opened: TestServices
let deals: DealWorkspace
let manager: TestMember
let director: TestMember
let author: string
const sellers: string[] = []

beforeAll(async () => {
  opened = await openTestServices()
  deals = await createDealWorkspace(opened.services, 'dry')
  manager = await deals.join({ name: 'Mei', roles: ['channel_manager'] })
  director = await deals.join({ name: 'Dan', roles: ['director'] })
  author = (await deals.join({ name: 'Ada', roles: ['business_admin'] })).user
  const partner = (legal_name: string, channel_manager?: string) =>
    deals.seed('partner', {
      legal_name,
      type: 'reseller',
      status: 'active',
      ...(channel_manager === undefined ? {} : { channel_manager }),
    })
  const managed = await partner('Orion Ltd', manager.user)
  const bare = await partner('Bare Ltd')
  await addSellers(1_223, managed)
  await addSellers(17, bare)
  const top = await deals.seed('department', { name: 'Channel', code: 'CH', head: director.user })
  await deals.seed('employee', { name: 'Dan', user: director.user, department: top, region: 'north' })
  await deals.seed('employee', {
    name: 'Mei',
    user: manager.user,
    supervisor: director.user,
    department: top,
  })
  await deals.seed('work_group', { code: 'board', name: 'Board', members: [{ user: director.user }] })
  await deals.seed('representative', { partner: bare, user: sellers.at(-1)!, job: 'finance' })
}, 120_000)

afterAll(() => opened?.close())

/** Many at once, without sessions. */
async function addSellers(count: number, partner: string): Promise<void> {
  const { services } = opened
  const ids = Array.from({ length: count }, () => services.ids.next())
  sellers.push(...ids)
  await services.owner.query(
    `INSERT INTO channelwright."user" (id, name, email)
     SELECT id, 'Seller ' || row_number() OVER (), id || '@example.test' FROM unnest($1::uuid[]) AS id`,
    [ids],
  )
  await services.owner.query(
    `INSERT INTO channelwright.membership (id, workspace, user_id, roles, partner)
     SELECT gen_random_uuid(), $1, id, ARRAY['partner_sales'], $3 FROM unnest($2::uuid[]) AS id`,
    [deals.workspace.id, ids, partner],
  )
}

type Step = Record<string, unknown>

/** The flow of the pack, begun by sellers, with another step in the place of the manager's. */
function flowWith(step: Step, more: Record<string, unknown> = {}): FlowDefinition {
  const flow = structuredClone(deals.served.release.flows.get('registration_approval')) as unknown as {
    nodes: Step[]
  }
  flow.nodes = flow.nodes.map((node) => (node['x-id'] === 'n_manager' ? { ...node, ...step } : node))
  const trigger = { type: 'button', label: { en: 'Go', zh: '开始' }, roles: ['partner_sales'] }
  return { ...flow, trigger, ...more } as unknown as FlowDefinition
}

async function tell(flow: FlowDefinition): Promise<string[]> {
  const [found = []] = await dryRunFlows(opened.services, deals.workspace, [
    { flow, set: deals.served.release },
  ])
  return found.map(({ code, severity, path, message }) => `${severity} ${code} ${path}: ${message.en}`)
}

const at = '/nodes/1/approvers'

describe('the dry run over real people', () => {
  test('counts the applicants who meet a step without anybody, and says so where the step stands', async () => {
    expect(await tell(flowWith({}))).toEqual([
      `warning FLOW_STEP_EMPTY ${at}: 17 of 1,240 applicants meet an empty step at n_manager (Channel manager): nobody is found.`,
    ])
  })

  test('is an error where the case would stop', async () => {
    const [found] = await tell(flowWith({ onEmpty: 'incident' }))
    expect(found).toContain('error FLOW_STEP_EMPTY')
    const gone = { users: ['01900000-0000-7000-8000-000000000000'] }
    expect((await tell(flowWith({ onEmpty: gone })))[0]).toContain('error FLOW_STEP_EMPTY')
  })

  test('climbs from each applicant, and tries what records may say', async () => {
    const superior = await tell(flowWith({ approvers: [{ kind: 'supervisor' }] }))
    expect(superior[0]).toContain('1,240 of 1,240 applicants meet an empty step')
    const scoped = (region: unknown) =>
      tell(flowWith({ approvers: [{ kind: 'role', role: 'director', scope: { region } }] }))
    expect(await scoped('north')).toEqual([])
    expect((await scoped('south'))[0]).toContain('1,240 of 1,240')
    // The region of the partner: none of both says one.
    expect((await scoped({ var: 'partner.region' }))[0]).toContain('1,240 of 1,240')
    const contact = { kind: 'partner_contact', partner: 'partner', role: 'finance' }
    // The last seller is their own contact; forbidden to decide, nobody is left for them.
    const found = await tell(flowWith({ approvers: [contact], selfApproval: 'forbid' }))
    expect(found[0]).toContain('1,224 of 1,240 applicants')
    expect(found[0]).toContain('nobody, or only they themselves, are found')
    const self = await tell(flowWith({ approvers: [contact], selfApproval: 'ask' }))
    expect(self[1]).toContain('FLOW_STEP_SELF')
    expect(self[1]).toContain('1 of 1,240 applicants decide on their own case')
  })

  test('leaves open what depends on the course of the case', async () => {
    expect(await tell(flowWith({ approvers: [{ kind: 'picked_by_applicant' }] }))).toEqual([])
  })

  test('names roles, people and groups that are empty', async () => {
    const found = await tell(
      flowWith({
        approvers: [
          { kind: 'role', role: 'finance' },
          { kind: 'user', user: '01900000-0000-7000-8000-000000000000' },
          { kind: 'group', group: 'nowhere' },
          { kind: 'group', group: 'board' },
        ],
      }),
    )
    expect(found.map((one) => one.split(': ')[0])).toEqual([
      `warning FLOW_ROLE_EMPTY ${at}/0/role`,
      `warning FLOW_PERSON_GONE ${at}/1/user`,
      `warning FLOW_GROUP_EMPTY ${at}/2/group`,
    ])
  })

  test('takes a moment for all of them', async () => {
    const flow = flowWith({
      approvers: [{ kind: 'field', path: 'partner.channel_manager' }, { kind: 'supervisor' }],
    })
    const before = process.cpuUsage()
    await tell(flow)
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000).toBeLessThan(1_000)
  })
})

test('the book of people answers as Postgres does, one by one', async () => {
  const { services } = opened
  const { workspace, served } = deals
  const people = [manager.user, director.user, author, ...sellers.slice(-2), nobody]
  const { rows } = await services.owner.query<{ id: string }>(`SELECT id FROM ws_dry.partner ORDER BY id`)
  const questions: PeopleQuestion[] = [
    { ask: 'admin' },
    { ask: 'applicant' },
    { ask: 'group', group: 'board' },
    { ask: 'field', path: 'partner.channel_manager' },
    ...['director', 'channel_manager', 'finance'].map((role) => ({ ask: 'role', role }) as const),
    { ask: 'role', role: 'director', scope: { region: 'north' } },
    ...people.flatMap((of): PeopleQuestion[] => [
      { ask: 'user', user: of },
      { ask: 'superiors', of },
      { ask: 'department_heads', of },
      ...[1, 2, 3].flatMap((level): PeopleQuestion[] => [
        { ask: 'superiors', of, level },
        { ask: 'department_heads', of, level },
      ]),
    ]),
    ...rows.flatMap(({ id }): PeopleQuestion[] => [
      { ask: 'partner_contact', partner: id },
      { ask: 'partner_contact', partner: id, role: 'finance' },
    ]),
  ]
  await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    const book = await PeopleBook.read(unit)
    for (const { id } of rows) {
      const data = { id: 'r', partner: { id, channel_manager: manager.user } }
      const subject = { object: 'registration', applicant: sellers.at(-1)!, data }
      for (const question of [...questions, { ask: 'role', role: 'partner_sales' } as const]) {
        if (book.answer(question, subject) === undefined) await book.fill(question, subject)
        expect(book.answer(question, subject), JSON.stringify(question)).toEqual(
          await findPeople(unit, question, subject),
        )
      }
    }
  })
  expect(workspace.key).toBe('dry')
})

describe('what is checked before a publish', () => {
  test('tells it with the drafts, and refuses what would stop cases', async () => {
    const { services } = opened
    const { workspace } = deals
    const { sources } = await readPacks([templates])
    const source = sources.find(({ path }) => path === 'flows/registration_approval.json')!
    const draft = { ...source, text: JSON.stringify(flowWith({ onEmpty: 'incident' }), null, 2) }
    const unsaved = await checkDrafts(services, workspace, draft)
    expect(unsaved.at(-1)).toMatchObject({
      code: 'FLOW_STEP_EMPTY',
      severity: 'error',
      kind: 'flow',
      key: 'registration_approval',
      file: 'deal_registration/flows/registration_approval.json',
      line: expect.any(Number),
    })
    await saveDraft(services, workspace, author, { ...draft, rev: 0 })
    const plan = await planDrafts(services, workspace)
    expect(plan.diagnostics.map(({ code }) => code)).toContain('FLOW_STEP_EMPTY')
    await expect(publishDrafts(services, workspace, { author })).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
    })
    const mild = { ...draft, text: JSON.stringify(flowWith({ onEmpty: 'admin' }), null, 2) }
    await saveDraft(services, workspace, author, { ...mild, rev: 1 })
    expect((await publishDrafts(services, workspace, { author })).release).toBe(2)
  })
})
