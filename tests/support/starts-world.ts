import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { inUnit, type Unit } from '@channelwright/server/db/unit.ts'
import { engineActor, nobody } from '@channelwright/server/flows/engine-actor.ts'
import { drainJobs, nextJobAt } from '@channelwright/server/jobs/drain-jobs.ts'
import { publishSources } from '@channelwright/server/publish/publish-sources.ts'
import { createWorkspace } from '@channelwright/server/publish/workspace.ts'
import { createRecord } from '@channelwright/server/records/write-record.ts'
import type { ServedRelease, Workspace } from '@channelwright/server/services.ts'
import { afterAll, beforeAll, expect } from 'vitest'
import { step, word } from './flow-sketch.ts'
import { addMember, callAs, type TestMember } from './members.ts'
import { startTestServer, type TestServer } from './server.ts'
import { fieldsOf, tinyPack } from './tiny-pack.ts'

// A workspace of orders whose flows begin without a person: what tests of clocks, of messages and of cases within
// cases have in common.

export const code = (prefix: string): Json => ({ startsWith: [{ var: 'code' }, prefix] })
export const set = (id: string, values: JsonObject) =>
  step(id, 'action', { effect: 'set_fields', with: values })
export const ask = (id: string, more: JsonObject = {}) =>
  step(id, 'task', { approvers: [{ kind: 'role', role: 'chief' }], ...more })

/** Nodes in a row; where one has several exits all of them lead on. */
export function flow(
  name: string,
  trigger: JsonObject,
  nodes: readonly JsonObject[],
  more: JsonObject = {},
): JsonObject {
  const row = [step('n_start', 'start'), ...nodes, step('n_end', 'end', { outcome: 'approved' })]
  const exits: Record<string, string[]> = {
    n_event: ['happened', 'timed_out'],
    n_sub: ['ended'],
    n_each: ['done'],
    n_assign: ['assigned', 'unassigned'],
  }
  const edges = row.slice(1).flatMap((node, at) => {
    const from = String(row[at]?.['x-id'])
    const leaving =
      row[at]?.timeout === undefined && from === 'n_event' ? ['happened'] : (exits[from] ?? [null])
    return leaving.map((exit) => ({ from, to: node['x-id'] ?? '', ...(exit === null ? {} : { exit }) }))
  })
  return {
    kind: 'flow/1',
    key: name,
    'x-id': `w_${name}`,
    title: word(name),
    object: 'order',
    trigger,
    nodes: row,
    edges: edges.map((edge, at) => ({ 'x-id': `e${at}`, ...edge })),
    ...more,
    settings: { withdraw: 'until_end', onWithdraw: {}, ...(more.settings as JsonObject | undefined) },
  }
}

export const when = (prefix: string): JsonObject => ({ type: 'record', when: code(prefix) })
export const text = { type: 'string', maxLength: 100 }
/** Worked from Monday to Friday, with these days off. */
const calendar = (off: readonly string[]): JsonObject => ({
  kind: 'calendar/1',
  key: 'office',
  'x-id': 'c_office',
  title: word('Office'),
  timezone: 'Asia/Shanghai',
  covers: { from: '2026-01-01', to: '2027-12-31' },
  workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  hours: [{ from: '09:00', to: '18:00' }],
  days: off.map((from) => ({
    'x-id': `d${from.replaceAll('-', '')}`,
    title: word('Off'),
    from,
    work: false,
  })),
})

/** What all of them share beside their flows. `off`: days on which nobody works. */
function addCommon(all: Record<string, JsonObject>, off: readonly string[]): void {
  fieldsOf(all, 'objects/order.json').partner_ref = {
    ...(fieldsOf(all, 'objects/order.json').note as JsonObject),
    'x-id': 'f_ref',
  }
  const order = all['objects/order.json']!
  order.unique = [{ 'x-id': 'u_ref', fields: ['partner_ref'], message: word('Taken') }]
  all['objects/org.json']!.unique = [{ 'x-id': 'u_name', fields: ['name'], message: word('Taken') }]
  all['calendars/office.json'] = calendar(off)
  all['grants/outside.json'] = {
    kind: 'grant/1',
    key: 'outside',
    'x-id': 'g_outside',
    title: word('Outside'),
    role: 'outside',
    for: 'staff',
    objects: { order: { read: { rows: true, fields: ['code'] } } },
    platform: ['raise_events'],
  }
  ;(all['grants/chief.json']!.platform as string[]).push('administer_flows')
}

/** Opens the workspace before the tests of a file and closes it after them. `flows` is called for each publish. */
export function useStartsWorld(key: string, flows: () => readonly JsonObject[]) {
  let server: TestServer
  let workspace: Workspace
  let served: ServedRelease
  let chief: TestMember
  let outside: TestMember
  let org: string

  /** `change` comes after all else. */
  async function publish(
    change: (all: Record<string, JsonObject>) => void = () => undefined,
    off: readonly string[] = [],
  ): Promise<void> {
    const sources = tinyPack((all) => {
      addCommon(all, off)
      for (const one of flows()) all[`flows/${String(one.key)}.json`] = one
      change(all)
    })
    await publishSources(server.services, workspace, sources, { confirmed: 'all' })
    served = (await server.services.releases.current(key))!
  }

  beforeAll(async () => {
    server = await startTestServer()
    workspace = await createWorkspace(server.services, {
      key,
      title: word('Starts'),
      timeZone: 'Asia/Shanghai',
    })
    await publish()
    chief = await addMember(server.services, workspace, { name: 'Chu Chief', roles: ['chief'] })
    outside = await addMember(server.services, workspace, { name: 'Other System', roles: ['outside'] })
    org = await asEngine(
      async (unit) => (await createRecord(unit, 'org', { name: 'Any' }, { by: 'seed' })).id,
    )
  }, 120_000)
  afterAll(() => server?.close())

  const settle = () => drainJobs(server.services, key)
  const asEngine = <T>(work: (unit: Unit) => Promise<T>) =>
    inUnit(server.services, served, engineActor(server.services, served, nobody), work)
  const table = (name: string) => `"${workspace.schema}".cw_${name}`
  const sql = <T>(query: string, values: readonly unknown[] = []) =>
    asEngine((unit) => unit.query<T>(query, values))

  async function order(values: JsonObject, by: 'flow' | 'seed' = 'flow'): Promise<string> {
    const actor = engineActor(server.services, served, chief.user)
    const { id } = await inUnit(server.services, served, actor, (unit) =>
      createRecord(unit, 'order', { org, ...values }, { by }),
    )
    await settle()
    return id
  }

  async function read(id: string) {
    const { table: name } = served.tables.get('order')!
    const [row] = await sql<Record<string, string | null>>(
      `SELECT * FROM "${workspace.schema}"."${name}" WHERE id = $1`,
      [id],
    )
    return row!
  }
  const runsOf = (record: string) =>
    sql<{ id: string; flow: string; status: string; outcome: string | null; applicant: string }>(
      `SELECT id, flow, status, outcome, applicant FROM ${table('run')} WHERE record = $1 ORDER BY started_at, id`,
      [record],
    )
  const statesOf = async (record: string) =>
    (await runsOf(record)).map(({ flow: name, status }) => `${name} ${status}`)

  async function act(run: string, command: string, body: JsonObject = {}) {
    const reply = await callAs(server.url, chief)('POST', `/api/v1/${key}/runs/${run}/${command}`, {
      body: { commandId: server.services.ids.next(), ...body },
    })
    expect(reply.status, reply.text).toBe(200)
    await settle()
  }

  async function finishTask(record: string, node: string) {
    const [task] = await sql<{ id: string; rev: number }>(
      `SELECT id, rev FROM ${table('task')} WHERE record = $1 AND node = $2 AND state = 'pending'`,
      [record, node],
    )
    const reply = await callAs(server.url, chief)('POST', `/api/v1/${key}/tasks/${task?.id}/decision`, {
      body: { commandId: server.services.ids.next(), taskRev: task?.rev ?? 0, decision: 'done' },
    })
    expect(reply.status, reply.text).toBe(200)
    await settle()
  }

  /** Time passes; what falls due on the way happens at its own time. */
  async function moveTo(instant: string): Promise<void> {
    for (;;) {
      const at = await nextJobAt(server.services, key)
      if (at === null || Date.parse(at) > Date.parse(instant)) break
      if (Date.parse(at) > Date.parse(server.clock.now())) server.clock.set(at)
      await settle()
    }
    server.clock.set(instant)
    await settle()
  }

  const tasksAt = async (record: string) =>
    (
      await sql<{ node: string }>(
        `SELECT node FROM ${table('task')} WHERE record = $1 AND state = 'pending' ORDER BY node`,
        [record],
      )
    ).map(({ node }) => node)

  return {
    key,
    // Known only once the workspace stands.
    get server() {
      return server
    },
    get workspace() {
      return workspace
    },
    get served() {
      return served
    },
    get chief() {
      return chief
    },
    get outside() {
      return outside
    },
    get org() {
      return org
    },
    publish,
    settle,
    table,
    sql,
    order,
    read,
    runsOf,
    statesOf,
    act,
    finishTask,
    moveTo,
    tasksAt,
  }
}
