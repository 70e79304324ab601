import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isJsonObject } from '@channelwright/runtime/json.ts'
import { readPacks } from '@channelwright/server/packs/read-pack.ts'
import { runCases } from '@channelwright/server/packs/run-cases.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestServices, type TestServices } from '../support/services.ts'

// A decision carries values that the engine writes. They may name nothing that whoever decides could not name in a
// record of their own: to be told that a record exists is already to be told something of it.

const { sources } = await readPacks([fileURLToPath(new URL('../../templates', import.meta.url))])
const file = new URL('../../templates/deal_registration/cases/approved_below_limit.json', import.meta.url)

let bench: TestServices
beforeAll(async () => {
  bench = await openTestServices()
})
afterAll(() => bench.close())

/** The manager sees some of the product lines; the task opens the field, with the form or without one. */
const settings = (form: boolean) => [
  {
    kind: 'grant',
    key: 'channel_manager_deals',
    path: '/objects/product_line/read/rows',
    value: { in: [{ var: 'code' }, ['SRV', 'NET']] },
  },
  {
    kind: 'flow',
    key: 'registration_approval',
    path: '/nodes/1/fields/product_line',
    value: 'rw',
  },
  form
    ? {
        kind: 'form',
        key: 'registration_decision',
        path: '/steps/0/sections/0/rows/-',
        value: ['product_line'],
      }
    : { kind: 'flow', key: 'registration_approval', path: '/nodes/1/form', remove: true },
]

test.each([false, true])(
  'a decision names only records that its person sees; with a form: %s',
  async (form) => {
    const story: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (!isJsonObject(story) || !isJsonObject(story.given) || !Array.isArray(story.steps))
      throw new Error('no case')
    const { records } = story.given
    if (!Array.isArray(records)) throw new Error('no records')
    const unseen = { code: 'RECORD_REFUSED', path: '/product_line', detail: 'REFERENCE_UNKNOWN' }
    const decide = (line: string) => ({
      by: '@manager',
      decide: { record: '@r1', decision: 'approve', values: { product_line: line } },
    })
    const untouched = {
      records: [{ record: '@r1', values: { product_line: '@line_a', state: 'submitted' } }],
      tasks: [{ record: '@r1', node: 'n_manager', assignee: '@manager', state: 'pending', count: 1 }],
    }
    const [result] = await runCases(bench.services, [
      ...sources,
      {
        pack: 'deal_registration',
        path: 'cases/x.json',
        text: JSON.stringify({
          ...story,
          given: {
            ...story.given,
            definitions: settings(form),
            records: [
              ...records,
              { as: 'line_c', object: 'product_line', values: { code: 'NET', name: 'Networks' } },
            ],
          },
          steps: [
            story.steps[0],
            // One that is there and one that is not are refused alike, and nothing is written.
            { ...decide('@line_b'), expect: { refused: unseen, ...untouched } },
            { ...decide('@p1'), expect: { refused: unseen, ...untouched } },
            {
              ...decide('@line_c'),
              expect: {
                records: [{ record: '@r1', values: { product_line: '@line_c', state: 'approved' } }],
              },
            },
          ],
        }),
      },
    ])
    expect(result?.failure ?? null).toBeNull()
  },
)
