import type { MigrationReply } from '@channelwright/runtime/api/migrations.ts'
import type { DefinitionSource } from '@channelwright/runtime/definition/definition-set.ts'
import { workMigration } from '@channelwright/server/flows/migrations.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { beforeAll, expect, test } from 'vitest'
import { useDealPeople } from '../support/deal-people.ts'
import { readDealPacks } from '../support/deal-workspace.ts'
import type { TestMember } from '../support/members.ts'

// A new release is in force while cases are open: an administrator looks what a move would come to, and moves them.

const key = 'moving'
const world = useDealPeople(key, (source) => editFlow(source, tellFirst))
const { api, at, settle } = world
/** Open on the first release; the last of them waits for what its decision led to. */
const cases: { record: string; run: string }[] = []
let decided: { record: string; run: string }
let ended: { record: string; run: string }

beforeAll(async () => {
  for (let count = 0; count < 7; count++) cases.push(await submit())
  ended = await submit()
  await decide(world.people.manager, ended.record)
  await settle()
  decided = cases.at(-1)!
  await decide(world.people.manager, decided.record)
  await publishFlow(redraw)
}, 120_000)

interface FlowText {
  nodes: ({ 'x-id': string } & Record<string, unknown>)[]
  edges: Record<string, unknown>[]
}

function editFlow<S extends DefinitionSource>(source: S, change: (flow: FlowText) => void): S {
  if (source.path !== 'flows/registration_approval.json') return source
  const flow = JSON.parse(source.text) as FlowText
  change(flow)
  return { ...source, text: JSON.stringify(flow) }
}

/** Before anything is protected somebody is told: work that is left to a job. */
function tellFirst(flow: FlowText): void {
  const told = { 'x-id': 'n_told', type: 'action', effect: 'notify', title: { en: 'Tell', zh: '通知' } }
  const text = { to: [{ kind: 'applicant' }], title: { en: 'Approved', zh: '已批准' } }
  flow.nodes.push({ ...told, with: text })
  for (const edge of flow.edges) if (edge.to === 'n_approve') edge.to = 'n_told'
  flow.edges.push({ 'x-id': 'e_told', from: 'n_told', to: 'n_approve' })
}

/** Publishes the packs with the approval flow changed; answers with the number of the release. */
async function publishFlow(change: (flow: FlowText) => void): Promise<number> {
  const sources = await readDealPacks()
  const changed = sources.map((source) =>
    editFlow(source, (flow) => {
      tellFirst(flow)
      change(flow)
    }),
  )
  const published = await publishSources(world.server.services, world.deals.workspace, changed, {
    confirmed: 'all',
  })
  return published.release
}

/** The manager's step has another id, as when somebody drew it anew; the director decides it. */
function redraw(flow: FlowText): void {
  const text = JSON.stringify(flow).replaceAll('"n_manager"', '"n_first"')
  Object.assign(flow, JSON.parse(text))
  const first = flow.nodes.find((node) => node['x-id'] === 'n_first')
  Object.assign(first ?? {}, { approvers: [{ kind: 'role', role: 'director' }] })
}

async function submit(): Promise<{ record: string; run: string }> {
  const record = await world.submit('1000.00')
  await settle()
  return { record, run: (await runOf(record)).id }
}

async function runOf(record: string) {
  const { body } = await api(world.people.admin)('GET', at(`runs?object=registration&record=${record}`))
  return body.runs[0]
}

async function begin(body: object, member = world.people.admin) {
  return api(member)('POST', at('flow-migrations'), {
    body: { flow: 'registration_approval', ...body } as never,
  })
}

/** Begins it and lets the job work; what became of the cases. */
async function migrate(body: object): Promise<MigrationReply> {
  const begun = await begin(body)
  expect(begun.status, begun.text).toBe(202)
  await settle()
  const { body: reply } = await api(world.people.admin)('GET', at(`flow-migrations/${begun.body.id}`))
  return reply
}

async function decide(member: TestMember, record: string) {
  const { body } = await api(member)('GET', at('tasks?limit=200'))
  const task = body.tasks.find((one: { record: string }) => one.record === record)
  return api(member)('POST', at(`tasks/${task?.id}/decision`), {
    body: { decision: 'approve', taskRev: task?.rev ?? 0, commandId: world.server.services.ids.next() },
  })
}

const reason = 'The step was drawn anew'
const mapping = { n_manager: 'n_first' }

test('what a step had asked for before the move is done, and the case goes on by its new release', async () => {
  // Decided before the publish; what it leads to was not carried out yet.
  const { record, run } = decided
  const begun = await begin({ how: 'move', dry: false, reason, runs: [run] })
  await workMigration(world.server.services, key, begun.body.id)
  expect(await runOf(record)).toMatchObject({ status: 'running', release: 2 })
  await settle()
  expect(await runOf(record)).toMatchObject({ status: 'approved', release: 2 })
})

test('an administrator sees how many open cases follow older releases, and nobody else does', async () => {
  const { body } = await api(world.people.admin)('GET', at('flow-versions'))
  expect(body).toMatchObject({
    release: 2,
    flows: [{ key: 'registration_approval', current: 0, older: cases.length - 1, gone: false }],
  })
  const versions = await api(world.people.admin)('GET', at('flow-versions/registration_approval'))
  const [old] = versions.body.releases
  expect(old).toMatchObject({ release: 1, open: cases.length - 1, stuck: 0, differs: true })
  const node = old.nodes.find((one: { id: string }) => one.id === 'n_manager')
  expect(node).toMatchObject({ to: null, waiting: cases.length - 1 })
  expect(node.choices.map((one: { id: string }) => one.id)).toEqual(['n_first', 'n_director'])
  const other = await api(world.people.manager)('GET', at('flow-versions'))
  expect([other.status, other.body.code]).toEqual([403, 'RIGHT_MISSING'])
  expect((await begin({ how: 'move', dry: true }, world.people.manager)).status).toBe(403)
})

test('the dry run tells of each case what would become of it, and changes nothing', async () => {
  const { record, run } = cases[0]!
  const refused = await migrate({ how: 'move', dry: true, runs: [run] })
  expect(refused).toMatchObject({ dry: true, counts: { refused: 1, would_move: 0 } })
  expect(refused.runs[0]?.problem).toMatchObject({ code: 'FLOW_MIGRATE_NODE' })
  expect(refused.runs[0]?.problem?.message).toContain('Channel manager')
  const wouldMove = await migrate({ how: 'move', dry: true, mapping })
  expect(wouldMove).toMatchObject({ counts: { would_move: cases.length - 1 }, reason: null })
  expect(wouldMove.runs[0]).toMatchObject({
    run,
    title: expect.stringContaining('DR-2026'),
    report: { lost: 0, tasks: [{ fate: 'stays', person: { name: 'Mei Manager' } }] },
  })
  const asked = await migrate({ how: 'move', dry: true, mapping, people: 'resolve', runs: [run, ended.run] })
  const said = asked.runs.map((one) => one.problem?.code ?? one.outcome)
  expect(said.sort()).toEqual(['FLOW_RUN_CLOSED', 'would_move'])
  const report = asked.runs.find((one) => one.run === run)?.report
  expect(report?.tasks.map(({ person, fate }) => [person.name, fate])).toEqual([
    ['Mei Manager', 'goes'],
    ['Dan Director', 'comes'],
  ])
  const after = await runOf(record)
  expect(after.release).toBe(1)
  expect(after.timeline.map((entry: { type: string }) => entry.type)).not.toContain('migrated')
})

test('a move needs a reason, keeps whoever is asked, and stands in the history of the case', async () => {
  const { record, run } = cases[1]!
  const wish = { how: 'move', dry: false, mapping, runs: [run] }
  const silent = await begin({ ...wish, reason: '  ' })
  expect([silent.status, silent.body.code]).toEqual([422, 'FLOW_MIGRATION_REASON'])
  const moved = await migrate({ ...wish, reason })
  expect(moved).toMatchObject({ counts: { moved: 1 }, reason, by: { name: 'Ada Admin' } })
  expect(moved.ended_at).not.toBeNull()
  const after = await runOf(record)
  expect(after.release).toBe(2)
  const said = after.timeline.find((entry: { type: string }) => entry.type === 'migrated')
  expect(said).toMatchObject({ by: { name: 'Ada Admin' }, comment: reason })
  // Steps that are gone keep the name that they had.
  expect(JSON.stringify(after.timeline)).toContain('“渠道经理审批”待')
  expect((await decide(world.people.manager, record)).status).toBe(200)
  await settle()
  expect((await runOf(record)).status).toBe('approved')
  const again = await migrate({ ...wish, reason })
  expect(again.runs[0]?.problem?.code).toBe('FLOW_RUN_CLOSED')
})

test('a case is begun anew on the release in force: the old one ends, the same person has submitted it again', async () => {
  const { record, run } = cases[2]!
  const would = await migrate({ how: 'restart', dry: true, runs: [run] })
  expect(would.runs[0]).toMatchObject({ outcome: 'would_restart', report: { next: null } })
  const done = await migrate({ how: 'restart', dry: false, reason, runs: [run] })
  expect(done.runs[0]).toMatchObject({ outcome: 'restarted' })
  const { body } = await api(world.people.admin)('GET', at(`runs?object=registration&record=${record}`))
  expect(body.runs.map((one: { status: string; release: number }) => [one.status, one.release])).toEqual([
    ['running', 2],
    ['terminated', 1],
  ])
  expect(body.runs[0]).toMatchObject({ id: done.runs[0]?.report?.next, applicant: { name: 'Sam Sales' } })
  expect((await decide(world.people.director, record)).status).toBe(200)
})

test('several hands at one move move each case once', async () => {
  const runs = cases.slice(3, 6).map(({ run }) => run)
  const begun = await begin({ how: 'move', dry: false, reason, mapping, runs })
  await Promise.all([1, 2, 3].map(() => workMigration(world.server.services, key, begun.body.id)))
  await settle()
  const { body } = await api(world.people.admin)('GET', at(`flow-migrations/${begun.body.id}`))
  expect(body.counts).toMatchObject({ moved: 3, refused: 0, waiting: 0 })
  const { rows } = await world.server.services.owner.query(
    `SELECT run FROM ws_${key}.cw_event WHERE type = 'migrated' AND run = ANY ($1::uuid[])`,
    [runs],
  )
  expect(rows).toHaveLength(3)
})

test('a move that was thought out for another release is refused; one under way stops where a publish overtakes it', async () => {
  const { run } = cases[0]!
  const old = await begin({ how: 'move', dry: true, release: 1 })
  expect([old.status, old.body.code]).toEqual([409, 'FLOW_MIGRATE_OLD'])
  const begun = await begin({ how: 'move', dry: false, reason, mapping, runs: [run] })
  await publishFlow(redraw)
  await settle()
  const { body } = await api(world.people.admin)('GET', at(`flow-migrations/${begun.body.id}`))
  expect(body.runs[0].problem.code).toBe('FLOW_MIGRATE_OLD')
  const single = await api(world.people.admin)('POST', at(`runs/${run}/migrate`), {
    body: { release: 2, reason, commandId: world.server.services.ids.next() } as never,
  })
  expect([single.status, single.body.code]).toEqual([409, 'FLOW_MIGRATE_OLD'])
})
