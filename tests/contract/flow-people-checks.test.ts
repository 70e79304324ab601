import type { FlowDefinition, FlowEdge, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { checkFlow } from '@channelwright/runtime/flow/check.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { readPackRelease } from '../support/pack-release.ts'

// Whom a flow asks, when, and what they may fill in: one mistake each.

let release: Release
let sound: FlowDefinition

beforeAll(async () => {
  release = await readPackRelease()
  sound = release.flows.get('registration_approval')!
})

type Draft = Omit<FlowDefinition, 'nodes' | 'edges'> & {
  nodes: (FlowNode & Record<string, unknown>)[]
  edges: FlowEdge[]
}

function broken(change: (flow: Draft) => void): FlowDefinition {
  const copy = structuredClone(sound) as unknown as Draft
  change(copy)
  return copy as unknown as FlowDefinition
}

const node = (flow: Draft, id: string) => flow.nodes.find((one) => one['x-id'] === id)!
const manager = (change: (step: FlowNode & Record<string, unknown>, flow: Draft) => void) => (flow: Draft) =>
  change(node(flow, 'n_manager'), flow)
const approvers = (...list: object[]) => manager((step) => Object.assign(step, { approvers: list }))
const at = '/nodes/1'

const mistakes: [name: string, change: (flow: Draft) => void, expected: string[]][] = [
  [
    'a superior of nobody',
    approvers({ kind: 'supervisor', of: { path: 'partner.manager' } }),
    [`FLOW_PATH_UNKNOWN ${at}/approvers/0/of/path`],
  ],
  [
    'the end told to a field that is none, and to one that names nobody',
    (flow) => {
      flow.settings = {
        ...flow.settings,
        tellEnd: [
          { kind: 'applicant' },
          { kind: 'field', path: 'partner.manager' },
          { kind: 'field', path: 'amount' },
        ],
      }
    },
    ['FLOW_PATH_UNKNOWN /settings/tellEnd/1/path', 'FLOW_PATH_NOT_USER /settings/tellEnd/2/path'],
  ],
  [
    'a chain up to a role that is none',
    approvers({ kind: 'supervisor_chain', untilRole: 'boss' }),
    [`FLOW_ROLE_UNKNOWN ${at}/approvers/0/untilRole`],
  ],
  [
    'a scope that no person has',
    approvers({ kind: 'role', role: 'director', scope: { regoin: 'east' } }),
    [`FLOW_SCOPE_FIELD ${at}/approvers/0/scope/regoin`],
  ],
  [
    'a scope of another kind',
    approvers({ kind: 'role', role: 'director', scope: { name: { var: 'amount' } } }),
    [`T2_RESULT ${at}/approvers/0/scope/name`],
  ],
  [
    'the actor of a step that comes later',
    approvers({ kind: 'node_actor', node: 'n_director' }),
    [`FLOW_ACTOR_NODE ${at}/approvers/0/node`],
  ],
  [
    'the actor of a step without people',
    (flow) =>
      Object.assign(node(flow, 'n_director'), { approvers: [{ kind: 'node_actor', node: 'n_size' }] }),
    ['FLOW_ACTOR_NODE /nodes/3/approvers/0/node'],
  ],
  [
    'more people than may be picked',
    approvers({ kind: 'picked_by_applicant', min: 3, max: 2 }),
    [`FLOW_PICK_RANGE ${at}/approvers/0/min`],
  ],
  [
    'a range of a role that is none',
    approvers({ kind: 'picked_by_applicant', range: [{ kind: 'role', role: 'boss' }] }),
    [`FLOW_ROLE_UNKNOWN ${at}/approvers/0/range/0/role`],
  ],
  [
    'contacts of something that is no partner',
    approvers({ kind: 'partner_contact', partner: 'product_line' }),
    [`FLOW_NOT_A_REFERENCE ${at}/approvers/0/partner`],
  ],
  [
    'a query that is no condition',
    approvers({ kind: 'query', rule: { var: 'name' } }),
    [`T2_RESULT ${at}/approvers/0/rule`],
  ],
  [
    'timeouts in the wrong order',
    manager((step) => {
      step.timeouts = [
        { after: 2, unit: 'day', do: 'escalate' },
        { after: 4, unit: 'hour', do: 'remind' },
      ]
    }),
    [`FLOW_TIMEOUT_ORDER ${at}/timeouts/1`],
  ],
  [
    'a timeout to a person that is none',
    manager((step) => {
      step.timeouts = [{ after: 2, unit: 'day', do: 'transfer', to: 'boss' }]
    }),
    [`FLOW_TIMEOUT_PERSON ${at}/timeouts/0/to`],
  ],
  [
    'a timeout to a role that is none',
    manager((step) => {
      step.timeouts = [{ after: 2, unit: 'day', do: 'transfer', to: { kind: 'role', role: 'boss' } }]
    }),
    [`FLOW_ROLE_UNKNOWN ${at}/timeouts/0/to/role`],
  ],
  [
    'a calendar that is none',
    (flow) => {
      flow.settings = { ...flow.settings, calendar: 'chnia' }
    },
    ['FLOW_CALENDAR_UNKNOWN /settings/calendar'],
  ],
  [
    'a return to a step where nobody waits',
    (flow) => {
      node(flow, 'n_director').returnTo = { targets: ['n_size'] }
    },
    ['FLOW_RETURN_NODE /nodes/3/returnTo/targets/0'],
  ],
  [
    'a required field that is hidden',
    manager((step) => {
      step.fields = { '*': 'r', protection_days: 'rw', protection_terms: 'rw', refusal_reason: 'hidden' }
    }),
    [`FLOW_REQUIRED_HIDDEN ${at}/fields/refusal_reason`],
  ],
  [
    'a required field that nobody may write',
    manager((step) => {
      step.fields = { '*': 'r', protection_days: 'rw', protection_terms: 'rw' }
    }),
    [`FLOW_REQUIRED_CLOSED ${at}/form`],
  ],
  [
    'a computed field opened',
    manager((step) => {
      step.fields = { '*': 'rw', customer_key: 'rw' }
    }),
    [`FLOW_FIELD_COMPUTED ${at}/fields/customer_key`],
  ],
  [
    'a task that passes for want of people where money moves',
    (flow) => {
      flow.money = true
      node(flow, 'n_manager').onEmpty = 'approve'
    },
    [`FLOW_MONEY_EMPTY ${at}/onEmpty`],
  ],
  [
    'a webhook that signs its calls with a key of its own',
    (flow) => {
      Object.assign(node(flow, 'n_reject'), {
        effect: 'webhook',
        with: { url: 'https://example.com/hook', headers: { 'Idempotency-Key': '1' } },
      })
    },
    ['FLOW_WEBHOOK_HEADER /nodes/5/with/headers/Idempotency-Key'],
  ],
]

const warnings: [name: string, change: (flow: Draft) => void, expected: string[]][] = [
  [
    'a scope that may be empty',
    (flow) => {
      delete flow.settings
      node(flow, 'n_director').approvers = [
        { kind: 'role', role: 'director', scope: { name: { var: 'note' } } },
      ]
    },
    ['FLOW_WITHDRAW_LEAVES /settings', 'FLOW_SCOPE_EMPTY /nodes/3/approvers/0/scope/name'],
  ],
  [
    'what comes after the end',
    manager((step) => {
      step.timeouts = [
        { after: 1, unit: 'day', do: 'reject' },
        { after: 2, unit: 'day', do: 'remind' },
      ]
    }),
    [`FLOW_TIMEOUT_NEVER ${at}/timeouts/1`],
  ],
  [
    'working time without a calendar',
    manager((step) => {
      step.timeouts = [{ after: 1, unit: 'workday', do: 'remind' }]
    }),
    [`FLOW_CALENDAR_MISSING ${at}/timeouts/0`],
  ],
  [
    'a field that the form does not show',
    manager((step) => {
      step.fields = { ...(step.fields as object), note: 'rw' }
    }),
    [`FLOW_FIELD_NOT_SHOWN ${at}/fields/note`],
  ],
]

function told(flow: FlowDefinition, severity: 'error' | 'warning'): string[] {
  return checkFlow(flow, release)
    .filter((one) => one.severity === severity)
    .map(({ code, path }) => `${code} ${path}`)
}

describe('checks of whom a flow asks', () => {
  for (const [name, change, expected] of mistakes)
    test(`tell of ${name}`, () => {
      expect(told(broken(change), 'error')).toEqual(expected)
    })

  for (const [name, change, expected] of warnings)
    test(`warn of ${name}`, () => {
      const before = new Set(told(sound, 'warning'))
      expect(told(broken(change), 'warning').filter((one) => !before.has(one))).toEqual(expected)
    })

  test('tell of an organisation that does not say what is asked of it', () => {
    const bare = { ...release, organisations: new Map() }
    for (const entry of [
      { kind: 'supervisor' },
      { kind: 'dept_head' },
      { kind: 'group', group: 'x' },
      { kind: 'partner_contact', partner: 'partner' },
      { kind: 'query', rule: true },
    ]) {
      const codes = checkFlow(broken(approvers(entry)), bare).map(({ code }) => code)
      expect(codes, entry.kind).toContain('FLOW_ORGANISATION_MISSING')
    }
  })

  test('say it in both languages, with nothing left to fill in', () => {
    for (const [, change] of [...mistakes, ...warnings])
      for (const { message, hint } of checkFlow(broken(change), release))
        for (const text of [message.en, message.zh, hint.en, hint.zh]) {
          expect(text).not.toBe('')
          expect(text).not.toMatch(/\{(?!")\w+\}|undefined|\[object/)
        }
  })
})
