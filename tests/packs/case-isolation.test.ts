import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { ScratchWorkspaces } from '@channelwright/server/packs/scratch.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'

// Cases run one after another in a workspace that is emptied in between: none of them may notice that.

const { sources } = await readPacks([fileURLToPath(new URL('../../templates', import.meta.url))])
const bonus = new URL('../../templates/registration_bonus/cases/marginal_bands.json', import.meta.url)
const story: unknown = JSON.parse(readFileSync(bonus, 'utf8'))

let bench: TestServices
beforeAll(async () => {
  bench = await openTestServices()
})
afterAll(() => bench.close())

async function query<T extends object>(sql: string): Promise<T[]> {
  return (await bench.services.owner.query<T>(sql)).rows
}

const scratchSchemas = () =>
  query<{ name: string }>(`SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^ws_scratch'`)

test('a case finds nothing of the one before, and nothing stays when all are done', async () => {
  if (!isJsonObject(story) || !isJsonObject(story.given)) throw new Error('no case')
  const names = await platformTables()
  // Schedules stand in a table of their own from the publish on; for each case they are planned anew.
  const counted = names.flatMap((table) => (table.endsWith('schedule') ? [] : [{ table, count: 0 }]))
  const empty = {
    ...story,
    key: 'nothing_there',
    'x-id': 'cs_nothing_there',
    given: { ...story.given, users: {}, records: [] },
    steps: [
      { expect: { rows: counted, records: [{ object: 'registration', count: 0 }] } },
      { expect: { records: [{ object: 'partner', count: 0 }] } },
    ],
  }
  const seen: Promise<{ name: string }[]>[] = []
  const results = await runCases(
    bench.services,
    [
      ...sources,
      ...[story, empty, story].map((one, at) => ({
        pack: 'registration_bonus',
        path: `cases/c${at}.json`,
        text: JSON.stringify(one),
      })),
    ],
    { report: () => seen.push(scratchSchemas()) },
  )
  expect(results.map(({ failure }) => failure)).toEqual([null, null, null])
  expect(new Set((await Promise.all(seen)).flat().map(({ name }) => name)).size).toBe(1)
  expect(await scratchSchemas()).toEqual([])
  expect(await query(`SELECT 1 FROM channelwright."user" WHERE email LIKE '%@case.invalid'`)).toEqual([])
  expect(
    await query(`SELECT 1 FROM channelwright_jobs._private_jobs WHERE payload->>'workspace' ~ '^scratch'`),
  ).toEqual([])
})

test('only a scratch workspace can be emptied', async () => {
  const scratches = new ScratchWorkspaces(bench.services)
  try {
    const scratch = await scratches.lend(bench.services, 'Asia/Shanghai', sources)
    await scratch.empty(bench.services)
    await query(`UPDATE channelwright.workspace SET scratch = false WHERE id = '${scratch.workspace.id}'`)
    await expect(scratch.empty(bench.services)).rejects.toThrow('no scratch workspace')
  } finally {
    await scratches.close()
  }
})

/** What the platform keeps of people's doings; what it keeps of the definitions stays while they do. */
async function platformTables(): Promise<string[]> {
  const scratches = new ScratchWorkspaces(bench.services)
  try {
    const { workspace } = await scratches.lend(bench.services, 'Asia/Shanghai', sources)
    const tables = await query<{ name: string }>(
      `SELECT substr(tablename, 4) AS name FROM pg_tables
       WHERE schemaname = '${workspace.schema}' AND starts_with(tablename, 'cw_') AND tablename <> 'cw_field'`,
    )
    return tables.map(({ name }) => name)
  } finally {
    await scratches.close()
  }
}
