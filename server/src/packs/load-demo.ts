import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAccounts, preparePassword, putMemberships } from '../auth/accounts.ts'
import { dateInZone } from '../db/time-zone.ts'
import { inUnit } from '../db/unit.ts'
import { engineActor, nobody } from '../flows/engine-actor.ts'
import { runPlan } from '../incentives/run-plan.ts'
import { createWorkspace, findWorkspace } from '../publish/workspace.ts'
import { tableOf } from '../records/record-table.ts'
import type { ServedRelease, Services, Workspace } from '../services.ts'
import type { DemoAccount } from '../welcome.ts'
import { type DemoFile, readDemoFiles } from './demo-data.ts'
import { DemoLoad } from './demo-load.ts'
import { needsOf } from './gather-packs.ts'
import { installPacks } from './install-pack.ts'

const templates = fileURLToPath(new URL('../../../templates', import.meta.url))

/** The one workspace that has demo accounts. */
export const demoKey = 'demo'
/** Of all demo accounts; they exist nowhere but in the demo workspace, and never in production. */
export const demoPassword = 'channel-demo-2026'

/**
 * Makes the demo workspace with the packs in `templates/` that are shown there and their demo data, moved so that it ends today; gives the
 * accounts to sign in as. Where a start was cut short the next one goes on; where all is there it only reads the
 * accounts. Throws in production.
 */
export async function loadDemo(
  services: Services,
  /** Called once, before what takes a while. */
  began: () => void = () => undefined,
): Promise<DemoAccount[]> {
  if (services.config.production) throw new Error('demo accounts never exist in production')
  const found = await findWorkspace(services, demoKey)
  // Somebody's own workspace of that name is left alone.
  if (found !== undefined && !found.demo) return []
  if (found === undefined) began()
  const workspace = found ?? (await makeWorkspace(services))
  const packs = await orderPacks(templates)
  if ((await services.releases.current(demoKey)) === undefined) {
    const folders = packs.map((pack) => join(templates, pack))
    await installPacks(services, demoKey, folders, { confirmed: 'all', skipCases: true })
  }
  const served = await services.releases.current(demoKey)
  if (served === undefined) throw new Error('the demo workspace has no release')
  const files = await readDemoFiles(templates, packs)
  if (!(await isLoaded(services, served, files))) await load(services, workspace, served, files)
  return files.flatMap((file) =>
    (file.accounts ?? []).flatMap(({ user, role }) => {
      const email = file.users?.find((one) => one.as === user)?.email
      return email === undefined ? [] : [{ email, password: demoPassword, role }]
    }),
  )
}

function makeWorkspace(services: Services): Promise<Workspace> {
  return createWorkspace(services, {
    key: demoKey,
    title: { en: 'Xinghan Group (demo)', zh: '星汉集团(演示)' },
    timeZone: 'Asia/Shanghai',
    demo: true,
  })
}

/** Records come in one transaction, so one of them means all. */
async function isLoaded(
  services: Services,
  served: ServedRelease,
  files: readonly DemoFile[],
): Promise<boolean> {
  const object = files[0]?.tables[0]?.object
  if (object === undefined || !served.tables.has(object)) return true
  const { rows } = await services.owner.query<{ there: boolean }>(
    `SELECT EXISTS (SELECT FROM ${tableOf(served, object).from}) AS there`,
  )
  return rows[0]?.there ?? false
}

async function load(
  services: Services,
  workspace: Workspace,
  served: ServedRelease,
  files: readonly DemoFile[],
): Promise<void> {
  const today = dateInZone(services.clock.now(), workspace.timeZone)
  const demo = new DemoLoad(services, served, files, today)
  await putPeople(services, workspace, files, demo)
  await inUnit(services, served, engineActor(services, served, nobody), async (unit) => {
    await demo.putRecords(unit)
    for (const plan of served.release.plans.keys()) await runPlan(unit, plan, { startedBy: null })
  })
  // The planner knows nothing of tables that were filled a moment ago.
  const tables = files.flatMap((file) => file.tables.map((table) => tableOf(served, table.object).from))
  await services.owner.query(`ANALYZE ${[...new Set(tables)].join(', ')}`)
}

/** Users with their memberships. Only the accounts get a password: nobody signs in as the others. */
async function putPeople(
  services: Services,
  workspace: Workspace,
  files: readonly DemoFile[],
  demo: DemoLoad,
): Promise<void> {
  const users = files.flatMap((file) => file.users ?? [])
  const accounts = new Set(files.flatMap((file) => (file.accounts ?? []).map((account) => account.user)))
  const passwordHash = await preparePassword(demoPassword)
  await createAccounts(
    services,
    services.owner,
    users
      .filter((user) => accounts.has(user.as))
      .map(({ email, name, locale }) => ({ email, name, locale, passwordHash })),
  )
  await services.owner.query(
    `INSERT INTO channelwright."user" (id, name, email, locale)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) ON CONFLICT (email) DO NOTHING`,
    [
      users.map(() => services.ids.next()),
      users.map((user) => user.name),
      users.map((user) => user.email),
      users.map((user) => user.locale),
    ],
  )
  const { rows } = await services.owner.query<{ id: string; email: string }>(
    'SELECT id, email FROM channelwright."user" WHERE email = ANY($1)',
    [users.map((user) => user.email)],
  )
  const ids = new Map(rows.map((row) => [row.email, row.id]))
  const idOf = (email: string) => {
    const id = ids.get(email)
    if (id === undefined) throw new Error(`the demo user ${email} was not made`)
    return id
  }
  for (const user of users) demo.name(user.as, idOf(user.email))
  await putMemberships(
    services,
    services.owner,
    workspace.id,
    users.map((user) => ({
      user: idOf(user.email),
      roles: user.roles,
      partner: user.partner === undefined ? null : demo.idOf(`@${user.partner}`),
    })),
  )
}

/** Packs that the demo has, so that each stands after those it needs. */
async function orderPacks(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((one) => one.isDirectory())
    .map((one) => one.name)
  const needs = new Map<string, readonly string[]>()
  for (const name of names.sort()) {
    const text = await readFile(join(folder, name, 'pack.json'), 'utf8').catch(() => null)
    if (text !== null && isShown(text)) needs.set(name, needsOf(text))
  }
  const ordered: string[] = []
  const visit = (name: string) => {
    if (ordered.includes(name) || !needs.has(name)) return
    for (const other of needs.get(name) ?? []) if (other !== name) visit(other)
    if (!ordered.includes(name)) ordered.push(name)
  }
  for (const name of needs.keys()) visit(name)
  return ordered
}

/** A library to copy from says `"demo": false`. */
function isShown(text: string): boolean {
  const pack: unknown = JSON.parse(text)
  return !(typeof pack === 'object' && pack !== null && 'demo' in pack && pack.demo === false)
}
