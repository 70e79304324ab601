import { drainJobs } from '@channelwright/server/jobs/drain-jobs.ts'
import type { Services } from '@channelwright/server/services.ts'
import { createDealWorkspace, type DealWorkspace } from './deal-workspace.ts'
import { fileBody } from './file-body.ts'
import { callAs, type TestMember } from './members.ts'
import type { TestServer } from './server.ts'

/** An organisation with one of everything in it, all of it marked with a word that stands nowhere else. */
export interface MarkedOrganisation {
  readonly workspace: string
  /** Stands in every name, text and comment of the organisation's. */
  readonly mark: string
  /** Stands in fields of its own record that not even all of its own people read. */
  readonly privateMark: string
  readonly partner: string
  readonly contact: string
  readonly registration: string
  /** Object and id of everything of its own: the three above, and what came of leads and conflicts. */
  readonly records: readonly (readonly [object: string, id: string])[]
  readonly seller: TestMember
  readonly tasks: readonly string[]
  readonly runs: readonly string[]
  readonly entries: readonly string[]
  /** One that belongs to the case, one that its sender has not used yet. */
  readonly files: readonly string[]
  /** Every id above. */
  readonly ids: readonly string[]
}

export interface LeakWorld {
  readonly main: DealWorkspace
  readonly other: DealWorkspace
  readonly own: MarkedOrganisation
  /** Below `own`. */
  readonly sub: MarkedOrganisation
  readonly rival: MarkedOrganisation
  /** In the other workspace. */
  readonly foreign: MarkedOrganisation
  readonly otherAdmin: TestMember
}

const packs = ['leads', 'deal_conflicts']

/** Two workspaces, four organisations, each with a registration that was approved and has earned something. */
export async function buildLeakWorld(server: TestServer): Promise<LeakWorld> {
  const main = await createDealWorkspace(server.services, 'main', undefined, packs)
  const other = await createDealWorkspace(server.services, 'other', undefined, packs)
  const staff = {
    main: await joinStaff(main, 'Wang Wei'),
    other: await joinStaff(other, 'XFOREIGNX Staff'),
  }
  const own = await settle(server, main, staff.main, 'XOWNX')
  const sub = await settle(server, main, staff.main, 'XSUBX', own.partner)
  const rival = await settle(server, main, staff.main, 'XRIVALX')
  const foreign = await settle(server, other, staff.other, 'XFOREIGNX')
  return { main, other, own, sub, rival, foreign, otherAdmin: staff.other.admin }
}

interface Staff {
  readonly manager: TestMember
  readonly admin: TestMember
}

async function joinStaff(deals: DealWorkspace, name: string): Promise<Staff> {
  return {
    manager: await deals.join({ name: `${name} Manager`, roles: ['channel_manager'] }),
    admin: await deals.join({ name: `${name} Admin`, roles: ['business_admin'] }),
  }
}

async function sendFile(
  server: TestServer,
  sender: TestMember,
  workspace: string,
  name: string,
): Promise<string> {
  const { body, headers } = fileBody(name, `${name} holds this`)
  const sent = await callAs(server.url, sender)('POST', `/api/v1/${workspace}/files`, { raw: body, headers })
  if (sent.status !== 201) throw new Error(`a file was refused: ${sent.text}`)
  return sent.body.id
}

async function settle(
  server: TestServer,
  deals: DealWorkspace,
  staff: Staff,
  mark: string,
  parent?: string,
): Promise<MarkedOrganisation> {
  const { key, schema } = deals.workspace
  const privateMark = `${mark.slice(0, -1)}PRIVATEX`
  const partner = await deals.seed('partner', {
    legal_name: `${mark} Ltd`,
    type: 'reseller',
    status: 'active',
    channel_manager: staff.manager.user,
    note: `${privateMark} note`,
    ...(parent ? { parent } : {}),
  })
  const contact = await deals.seed('contact', {
    partner,
    name: `${mark} Contact`,
    email: `${mark}@example.test`,
  })
  // Everybody reads the catalogue: nothing in it is anybody's.
  const line = await deals.seed('product_line', {
    code: `L-${server.services.ids.next().slice(-12)}`,
    name: 'Line',
  })
  const seller = await deals.join({ name: `${mark} Seller`, roles: ['partner_sales'], partner })
  const as = (member: TestMember) => callAs(server.url, member)
  const made = await as(seller)('POST', `/api/v1/${key}/records/registration?form=registration_new`, {
    body: {
      customer_name: `${mark} Customer`,
      contact_name: `${mark} Buyer`,
      note: `${mark} project`,
      product_line: line,
      amount: '250000.00',
      close_on: '2026-06-01',
    },
  })
  if (made.status !== 201) throw new Error(`a registration was refused: ${made.text}`)
  const registration = made.body.record.id as string
  const todo = await as(staff.manager)('GET', `/api/v1/${key}/tasks?limit=200`)
  const task = todo.body.tasks.find((one: { record: string }) => one.record === registration)
  const evidence = await sendFile(server, staff.manager, key, `${mark} evidence.txt`)
  const unused = await sendFile(server, seller, key, `${mark} unused.txt`)
  const decided = await as(staff.manager)('POST', `/api/v1/${key}/tasks/${task?.id}/decision`, {
    body: {
      decision: 'approve',
      comment: `${mark} comment`,
      attachments: [evidence],
      taskRev: task?.rev,
      commandId: server.services.ids.next(),
    },
  })
  if (decided.status !== 200) throw new Error(`a decision was refused: ${decided.text}`)
  await drainJobs(server.services, key)
  await as(staff.admin)('POST', `/api/v1/${key}/plans/registration_bonus/run`, { body: {} })
  const idsOf = async (sql: string, value: string) => {
    const { rows } = await server.services.owner.query<{ id: string }>(
      sql.replaceAll('$schema', `"${schema}"`),
      [value],
    )
    return rows.map((row) => row.id)
  }
  const more = await seedLeadsAndConflicts(server.services.owner, deals, {
    mark,
    partner,
    line,
    registration,
    seller,
  })
  const runs = await idsOf('SELECT id FROM $schema.cw_run WHERE record = $1', registration)
  const tasks = await idsOf(
    'SELECT t.id FROM $schema.cw_task t JOIN $schema.cw_run r ON r.id = t.run WHERE r.record = $1',
    registration,
  )
  const entries = await idsOf('SELECT id FROM $schema.cw_ledger_entry WHERE earner = $1', partner)
  const organisation = {
    workspace: key,
    mark,
    privateMark,
    partner,
    contact,
    registration,
    records: [
      ['partner', partner],
      ['contact', contact],
      ['registration', registration],
      ...Object.entries(more),
    ] as const,
    seller,
    tasks,
    runs,
    entries,
    files: [evidence, unused],
  }
  return {
    ...organisation,
    ids: [...organisation.records.map(([, id]) => id), ...runs, ...tasks, ...entries, ...organisation.files],
  }
}

/** What other packs keep of the organisation, in states in which no flow begins. */
async function seedLeadsAndConflicts(
  owner: Services['owner'],
  deals: DealWorkspace,
  of: Pick<MarkedOrganisation, 'mark' | 'partner' | 'registration' | 'seller'> & { readonly line: string },
): Promise<Readonly<Record<string, string>>> {
  const { mark, partner, line: product_line, registration } = of
  const person = of.seller.user
  const authorisation = await deals.seed('authorisation', {
    ...{ partner, product_line, region: 'east', lead_contact: person, share: 10, score: 80, active: true },
  })
  const lead = await deals.seed('lead', {
    company: `${mark} Lead`,
    contact_name: `${mark} Asker`,
    need: `${mark} need`,
    region: 'east',
    ...{ product_line, partner, authorisation, registration, state: 'accepted', owner_person: person },
  })
  const lead_activity = await deals.seed('lead_activity', {
    ...{ lead, partner, kind: 'call', happened_on: '2026-02-01', note: `${mark} call`, person },
  })
  const lead_assignment = await deals.seed('lead_assignment', { lead, partner, person, outcome: 'accepted' })
  const conflict = await deals.seed('conflict', {
    customer_name: `${mark} Customer`,
    ruling: `${mark} ruling`,
    ...{ product_line, state: 'decided', opened_at: '2026-02-01T01:00:00Z' },
  })
  // A flow has begun this one when the registration was filed.
  const { rows } = await owner.query<{ id: string }>(
    `UPDATE "${deals.workspace.schema}".conflict_party SET evidence = $1, conflict = $2 WHERE registration = $3 RETURNING id`,
    [`${mark} evidence`, conflict, registration],
  )
  const conflict_party = rows[0]!.id
  const appeal = await deals.seed('appeal', {
    statement: `${mark} statement`,
    meeting: `${mark} meeting`,
    ...{ party: conflict_party, conflict, partner, person, state: 'dismissed' },
  })
  return { authorisation, lead, lead_activity, lead_assignment, conflict, conflict_party, appeal }
}
