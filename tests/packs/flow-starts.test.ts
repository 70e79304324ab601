import type { JsonObject } from '@channelwright/runtime/json.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { step, word } from '../support/flow-sketch.ts'
import { openTestServices, type TestServices } from '../support/services.ts'
import { tinyPack } from '../support/tiny-pack.ts'

// In cases time passes on a clock of their own: schedules come on the way, messages are signed at its time.

function flow(key: string, trigger: JsonObject, node: JsonObject): JsonObject {
  return {
    kind: 'flow/1',
    key,
    'x-id': `w_${key}`,
    title: word(key),
    object: 'order',
    trigger,
    settings: { withdraw: 'never' },
    nodes: [step('n_start', 'start'), node, step('n_end', 'end', { outcome: 'approved' })],
    edges: [
      { 'x-id': 'e1', from: 'n_start', to: 'n_do' },
      { 'x-id': 'e2', from: 'n_do', to: 'n_end' },
    ],
  }
}

const definitions = tinyPack((all) => {
  ;(all['grants/chief.json']!.platform as string[]).push('administer_flows')
  all['objects/org.json']!.unique = [{ 'x-id': 'u_name', fields: ['name'], message: word('Taken') }]
  all['flows/daily.json'] = flow(
    'daily',
    { type: 'schedule', cron: '0 9 * * *', records: { startsWith: [{ var: 'code' }, 'D-'] } },
    step('n_do', 'action', {
      effect: 'set_fields',
      with: { amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, 1] } },
    }),
  )
  all['flows/hooked.json'] = flow(
    'hooked',
    {
      type: 'webhook',
      input: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] },
      values: { code: { var: '$input.code' }, org: { lookup: ['org', { name: 'Any' }, 'id'] } },
    },
    step('n_do', 'task', { approvers: [{ kind: 'role', role: 'chief' }] }),
  )
})

const story = (key: string, clock: string): JsonObject => ({
  kind: 'case/1',
  key,
  'x-id': `cs_${key}`,
  title: word(key),
  clock,
  timeZone: 'Asia/Shanghai',
  given: {
    users: { chu: { roles: ['chief'] } },
    records: [
      { as: 'any', object: 'org', values: { name: 'Any' } },
      { as: 'o1', object: 'order', values: { org: '@any', code: 'D-1' } },
    ],
  },
  steps: [
    { wait: 'PT1H', expect: { records: [{ record: '@o1', values: { amount: null } }] } },
    { wait: 'PT1H', expect: { records: [{ record: '@o1', values: { amount: '1.00' } }] } },
    { wait: 'P2D', expect: { records: [{ record: '@o1', values: { amount: '3.00' } }] } },
    {
      by: '@chu',
      call: {
        route: 'renewFlowHookSecret',
        params: { key: 'hooked' },
        body: {},
        keep: { secret: '/secret' },
      },
    },
    {
      call: {
        route: 'takeFlowMessage',
        params: { flow: 'hooked' },
        body: { code: 'K-1' },
        webhook: { id: 'm1', secret: '@secret' },
        keep: { made: '/record' },
      },
      expect: { records: [{ object: 'order', count: 2 }] },
    },
    {
      call: {
        route: 'takeFlowMessage',
        params: { flow: 'hooked' },
        body: { code: 'K-1' },
        webhook: { id: 'm2', secret: 'whsec_AAAA' },
      },
      expect: { refused: { code: 'HOOK_REFUSED' } },
    },
  ],
})

let bench: TestServices
beforeAll(async () => {
  bench = await openTestServices()
})
afterAll(() => bench.close())

test('schedules and messages happen by the clock of each case, earlier or later than the one before', async () => {
  const stories = [
    story('later', '2026-05-04T07:00:00+08:00'),
    story('earlier', '2026-02-02T07:00:00+08:00'),
    story('last', '2026-11-02T07:00:00+08:00'),
  ]
  const results = await runCases(bench.services, [
    ...definitions,
    ...stories.map((one, at) => ({ pack: 'tiny', path: `cases/c${at}.json`, text: JSON.stringify(one) })),
  ])
  expect(results.map(({ failure }) => failure)).toEqual([null, null, null])
}, 60_000)
