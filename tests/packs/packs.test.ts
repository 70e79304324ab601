import { fileURLToPath } from 'node:url'
import type { CaseResult } from '@channelwright/runtime/api/definitions.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'

const { sources, cases } = await readPacks([fileURLToPath(new URL('../../templates', import.meta.url))])

let test: TestServices
let results: readonly CaseResult[]
beforeAll(async () => {
  test = await openTestServices()
  // All in one go, as publishing runs them.
  results = await runCases(test.services, [...sources, ...cases])
}, 300_000)
afterAll(() => test.close())

it.each(cases.map((source) => [`${source.pack}/${source.path}`, source] as const))(
  'the case %s passes',
  (_, { pack, path }) => {
    expect(results.find((one) => one.pack === pack && one.path === path)).toMatchObject({ failure: null })
  },
)

it('every pack has cases', () => {
  const packs = new Set(sources.map((source) => source.pack))
  expect(new Set(cases.map((source) => source.pack))).toEqual(packs)
})
