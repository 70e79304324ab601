import { fileURLToPath } from 'node:url'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'

const { sources, cases } = await readPacks([fileURLToPath(new URL('../../templates', import.meta.url))])

let test: TestServices
beforeAll(async () => {
  test = await openTestServices()
})
afterAll(() => test.close())

it.each(cases.map((source) => [`${source.pack}/${source.path}`, source] as const))(
  'the case %s passes',
  async (_, source) => {
    const [result] = await runCases(test.services, [...sources, source])
    expect(result?.failure ?? null).toBeNull()
  },
)

it('every pack has cases', () => {
  const packs = new Set(sources.map((source) => source.pack))
  expect(new Set(cases.map((source) => source.pack))).toEqual(packs)
})
