import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { describeResult } from '@channelwright/server/cli/pack-test.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'

// What a case says when it fails: where, what was expected, what was found.

const { sources } = await readPacks([fileURLToPath(new URL('../../templates', import.meta.url))])
const file = new URL('../../templates/deal_registration/cases/two_at_once.json', import.meta.url)

let bench: TestServices
beforeAll(async () => {
  bench = await openTestServices()
})
afterAll(() => bench.close())

/** The case of two people at once with other steps; `first` is the first step of it. */
async function run(change: (first: Record<string, unknown>) => unknown[]) {
  const whole: unknown = JSON.parse(readFileSync(file, 'utf8'))
  if (!isJsonObject(whole) || !Array.isArray(whole.steps)) throw new Error('no case')
  const steps = change(whole.steps[0] as Record<string, unknown>)
  const text = JSON.stringify({ ...whole, steps }, null, 2)
  const [result] = await runCases(bench.services, [
    ...sources,
    { pack: 'deal_registration', path: 'cases/x.json', text },
  ])
  return { result: result!, lines: text.split('\n') }
}

test('a difference is told with its place in the file, what was expected and what was found', async () => {
  const { result, lines } = await run((first) => [{ ...first, expect: { together: { done: 2 } } }])
  expect(result.failure).toMatchObject({
    step: 1,
    pointer: '/steps/0/expect/together/done',
    difference: { expected: '2', found: '{"done":1,"refused":{"NOT_EXCLUSIVE":1}}' },
  })
  expect(lines[result.failure!.line - 1]).toContain('"done": 2')
  const told = describeResult(result, 'en')
  expect(told).toMatch(/^FAIL {2}deal_registration\/cases\/x\.json/)
  expect(told).toMatch(
    /x\.json:\d+ {2}step 1 {2}\/steps\/0\/expect\/together\/done\n.*\n +expected {2}2\n +found/,
  )
})

test('columns and parts of answers are named one by one', async () => {
  const rows = [{ table: 'task', where: { record: '@first' }, values: { state: 'approved' } }]
  const column = await run((first) => [{ ...first, expect: { rows } }])
  expect(column.result.failure).toMatchObject({
    pointer: '/steps/0/expect/rows/0/values/state',
    difference: { what: { en: 'cw_task.state' }, expected: '"approved"', found: '"pending"' },
  })
  const call = { route: 'listTasks', query: { state: 'done' } }
  const answer = await run((first) => [
    { together: first.together },
    { by: '@manager', call, expect: { reply: { '/tasks': { $count: 1 } } } },
  ])
  expect(answer.result.failure).toMatchObject({ step: 2, pointer: '/steps/1/expect/reply/~1tasks' })
})

test('what cannot be run is not run: the mistakes of the case itself come first', async () => {
  const { result } = await run(() => [{ by: '@manager', call: { route: 'listTask' } }])
  expect(result.failure).toMatchObject({ step: 0, pointer: '/steps/0/call/route' })
  expect(result.failure?.message.en).toContain('listTask')
})

test('a stranger, the clock going back and a wait for nothing are answered', async () => {
  const stranger = await run(() => [
    { call: { route: 'listTasks' }, expect: { refused: { code: 'SIGN_IN_NEEDED', status: 401 } } },
    { expect: { now: '2026-03-02T01:00:00Z' } },
    { clock: '2026-03-01T00:00:00+08:00' },
  ])
  expect(stranger.result.failure).toMatchObject({ step: 3, pointer: '/steps/2/clock' })
  const idle = await run(() => [{ wait: 'next' }])
  expect(idle.result.failure?.message.en).toContain('What waits for its time')
})
