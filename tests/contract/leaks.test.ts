import { routeList } from '@channelwright/server/routes/index.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Probe, probes } from '../support/leak-probes.ts'
import { buildLeakWorld, type LeakWorld, type MarkedOrganisation } from '../support/leak-world.ts'
import { type Answer, callAs, type TestMember } from '../support/members.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

// Every role, against every route, asking for another partner's and another workspace's records in every way that a
// caller can. Nothing that comes back may carry the target's mark.

let server: TestServer
let world: LeakWorld
let before: string

beforeAll(async () => {
  server = await startTestServer()
  world = await buildLeakWorld(server)
  before = await takePicture()
}, 180_000)
afterAll(() => server?.close())

const platformTables = ['cw_run', 'cw_task', 'cw_ledger_entry']

/** Every row of everything the targets own, as the owner of the database sees it. */
async function takePicture(): Promise<string> {
  const { owner } = server.services
  const picture: unknown[] = []
  for (const deals of [world.main, world.other])
    for (const table of [...world.own.records.map(([object]) => object), ...platformTables]) {
      const { rows } = await owner.query(
        `SELECT to_jsonb(t) AS row FROM "${deals.workspace.schema}"."${table}" t ORDER BY id`,
      )
      picture.push(table, rows)
    }
  const { rows } = await owner.query(
    'SELECT user_id, roles, partner, status FROM channelwright.membership ORDER BY user_id',
  )
  return JSON.stringify([picture, rows.filter((row) => targets().some((t) => t.seller.user === row.user_id))])
}

const targets = () => [world.own, world.sub, world.rival, world.foreign]

interface Attack {
  readonly who: string
  readonly role: string | null
  readonly at: (world: LeakWorld) => string | null
  readonly on: (world: LeakWorld) => MarkedOrganisation[]
  /** Words beyond the targets' marks that must not appear. */
  readonly hidden?: (world: LeakWorld) => string[]
  /** Ids that the attacker knows by right: the own organisation's and that of the one above it. */
  readonly known?: (world: LeakWorld) => string[]
}

const partnerRoles = ['partner_sales', 'partner_admin']
const staffRoles = ['channel_manager', 'direct_sales', 'director', 'finance', 'business_admin']
const attacks: Attack[] = [
  ...partnerRoles.map(
    (role): Attack => ({
      who: `${role} of a partner`,
      role,
      at: (w) => w.own.partner,
      on: (w) => [w.rival, w.foreign],
      ...(role === 'partner_sales'
        ? { hidden: (w: LeakWorld) => [w.own.privateMark, w.sub.privateMark] }
        : {}),
    }),
  ),
  ...partnerRoles.map(
    (role): Attack => ({
      who: `${role} of a sub-partner`,
      role,
      at: (w) => w.sub.partner,
      on: (w) => [w.own, w.rival, w.foreign],
      known: (w) => [w.own.partner],
    }),
  ),
  ...staffRoles.map(
    (role): Attack => ({ who: `${role} of the vendor`, role, at: () => null, on: (w) => [w.foreign] }),
  ),
  {
    who: 'a partner person without a role',
    role: null,
    at: (w) => w.own.partner,
    on: (w) => [w.own, w.rival, w.foreign],
    known: (w) => [w.own.partner],
  },
]

async function attack(member: TestMember | null, probe: Probe): Promise<Answer> {
  return callAs(server.url, member)(probe.method, probe.path, {
    ...(probe.body === undefined ? {} : { body: probe.body }),
    ...(probe.headers ? { headers: probe.headers } : {}),
  })
}

interface Secrets {
  readonly hidden: readonly string[]
  readonly known: readonly string[]
}

function findLeaks(
  answer: Answer,
  probe: Probe,
  target: MarkedOrganisation,
  { hidden, known }: Secrets,
): string[] {
  const about = `${probe.method} ${decodeURIComponent(probe.path)} → ${answer.status}`
  const asked = probe.path + JSON.stringify(probe.body ?? null)
  const words = [target.mark, target.privateMark, ...hidden].filter((word) => answer.text.includes(word))
  const ids = target.ids.filter(
    (id) => !asked.includes(id) && !known.includes(id) && answer.text.includes(id),
  )
  const leaks = [...words, ...ids].map((what) => `${about} tells ${what}: ${answer.text.slice(0, 300)}`)
  if (answer.status >= 500) leaks.push(`${about} broke: ${answer.text.slice(0, 300)}`)
  if (probe.empty && answer.status === 200 && answer.body?.records?.length) leaks.push(`${about} lists rows`)
  if (probe.empty && answer.status === 200 && answer.body?.count?.value) leaks.push(`${about} counts rows`)
  const isDone = probe.each ? answer.text.includes('"done":true') : answer.status < 300
  if (/^(POST|PATCH|DELETE|PUT)$/.test(probe.method) && isDone) leaks.push(`${about} was carried out`)
  return leaks
}

async function tryAll(
  member: TestMember | null,
  on: readonly MarkedOrganisation[],
  secrets: Partial<Secrets> = {},
): Promise<string[]> {
  const { hidden = [], known = [] } = secrets
  const objects = [...world.main.served.release.objects.keys()]
  const leaks: string[] = []
  for (const route of routeList)
    for (const target of on)
      for (const probe of probes[route.name]?.(target, objects) ?? [])
        leaks.push(...findLeaks(await attack(member, probe), probe, target, { hidden, known }))
  return leaks
}

describe('nothing of another partner or workspace comes out', () => {
  it('is asked of every route: a new one must say here what could leak through it', () => {
    expect(Object.keys(probes).sort()).toEqual(routeList.map((route) => route.name).sort())
  })

  it('is asked with something at stake: each target has runs, tasks and earnings', () => {
    for (const target of targets()) {
      expect(target.tasks.length).toBeGreaterThan(0)
      expect(target.runs.length).toBeGreaterThan(0)
      expect(target.entries.length).toBeGreaterThan(0)
    }
  })

  it.each(attacks)('$who', { timeout: 180_000 }, async ({ who, role, at, on, hidden, known }) => {
    const member = await world.main.join({ name: who, roles: role ? [role] : [], partner: at(world) })
    expect(await tryAll(member, on(world), { hidden: hidden?.(world), known: known?.(world) })).toEqual([])
  })

  it('an administrator of the other workspace', { timeout: 180_000 }, async () => {
    expect(await tryAll(world.otherAdmin, [world.own, world.rival])).toEqual([])
  })

  it('somebody who is not signed in', { timeout: 180_000 }, async () => {
    expect(await tryAll(null, [world.rival, world.foreign])).toEqual([])
  })

  it('and the marks are there for those who may see them', async () => {
    const owner = callAs(server.url, world.rival.seller)
    const list = await owner('GET', '/api/v1/main/records/registration?expand=*&count=true')
    expect(list.text).toContain(world.rival.mark)
    expect(list.body.count.value).toBe(1)
    for (const object of ['lead', 'lead_activity', 'conflict_party', 'appeal'])
      expect((await owner('GET', `/api/v1/main/records/${object}`)).text).toContain(world.rival.mark)
    // What is decided between partners is theirs to know from their own party alone.
    const through = await owner('GET', '/api/v1/main/records/conflict_party?expand=*')
    expect(through.text).not.toContain(`${world.rival.mark} ruling`)
    const above = await world.main.join({
      name: 'Above',
      roles: ['partner_admin'],
      partner: world.own.partner,
    })
    const both = await callAs(server.url, above)('GET', '/api/v1/main/records/registration')
    expect(both.text).toContain(world.own.mark)
    expect(both.text).toContain(world.sub.mark)
  })

  it('and nothing was changed by all of it', async () => {
    expect(await takePicture()).toBe(before)
  })
})

describe('a field that one may not read', () => {
  it('can be neither listed, filtered, sorted, searched nor exported by', async () => {
    const seller = callAs(server.url, world.own.seller)
    const path = '/api/v1/main/records/partner'
    const filter = (rule: unknown) => `${path}?filter=${encodeURIComponent(JSON.stringify(rule))}`
    expect((await seller('GET', `${path}?fields=legal_name,note`)).body.code).toBe('LIST_INVALID')
    expect((await seller('GET', filter({ exists: [{ var: 'note' }] }))).body.code).toBe('FILTER_INVALID')
    expect((await seller('GET', `${path}?sort=annual_commitment`)).body.code).toBe('LIST_INVALID')
    const through = filter({ exists: [{ var: 'partner.note' }] }).replace('/partner?', '/registration?')
    expect((await seller('GET', through)).body.code).toBe('FILTER_INVALID')
    const history = await seller('GET', `${path}/${world.own.partner}/history`)
    expect(history.body.entries).toHaveLength(1)
    expect(history.text).not.toContain(world.own.privateMark)
    const release = await seller('GET', '/api/v1/main/release')
    expect(Object.keys(release.body.objects.partner.definition.schema.properties)).not.toContain('note')
  })
})
