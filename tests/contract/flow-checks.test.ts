import type { FlowDefinition, FlowEdge, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { Release } from '@channelwright/runtime/definition/release.ts'
import { checkFlow } from '@channelwright/runtime/flow/check.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { readPackRelease } from '../support/pack-release.ts'

let release: Release
let sound: FlowDefinition

beforeAll(async () => {
  release = await readPackRelease()
  sound = release.flows.get('registration_approval')!
})

/** A copy of the pack's flow with something done to it. */
function broken(change: (flow: Draft) => void): FlowDefinition {
  const copy = structuredClone(sound) as unknown as Draft
  change(copy)
  return copy as unknown as FlowDefinition
}

type Draft = Omit<FlowDefinition, 'nodes' | 'edges'> & {
  nodes: (FlowNode & Record<string, unknown>)[]
  edges: FlowEdge[]
}

function told(flow: FlowDefinition): string[] {
  return checkFlow(flow, release)
    .filter(({ severity }) => severity === 'error')
    .map(({ code, path }) => `${code} ${path}`)
}

const node = (flow: Draft, id: string) => flow.nodes.find((one) => one['x-id'] === id)!
const edge = (flow: Draft, id: string) => flow.edges.find((one) => one['x-id'] === id)!

describe('checks of a flow', () => {
  test('the flows of the packs are sound', () => {
    for (const flow of release.flows.values()) expect(told(flow), flow.key).toEqual([])
  })

  const mistakes: [name: string, change: (flow: Draft) => void, expected: string[]][] = [
    [
      'two starts',
      (f) => f.nodes.push({ ...node(f, 'n_start'), 'x-id': 'n_two' } as FlowNode),
      ['FLOW_START /nodes', 'FLOW_EXIT_OPEN /nodes/8'],
    ],
    [
      'an id twice',
      (f) => f.edges.push({ ...edge(f, 'e8') }),
      ['FLOW_DUPLICATE_ID /edges/9/x-id', 'FLOW_EXIT_TWICE /nodes/4'],
    ],
    [
      'an edge into nothing',
      (f) => {
        edge(f, 'e8').to = 'n_aproved'
      },
      ['FLOW_EDGE_TARGET /edges/7/to', 'FLOW_EXIT_OPEN /nodes/4'],
    ],
    [
      'an unreachable node',
      (f) => {
        f.nodes.push({ 'x-id': 'n_far', type: 'end', title: { en: 'x', zh: 'x' }, outcome: 'x' } as FlowNode)
      },
      ['FLOW_UNREACHABLE /nodes/8'],
    ],
    [
      'an exit without an edge',
      (f) => {
        f.edges = f.edges.filter((e) => e['x-id'] !== 'e7')
      },
      ['FLOW_EXIT_OPEN /nodes/3'],
    ],
    [
      'an exit that does not exist',
      (f) => {
        edge(f, 'e6').exit = 'agreed'
      },
      ['FLOW_EXIT_UNKNOWN /nodes/3', 'FLOW_EXIT_OPEN /nodes/3'],
    ],
    [
      'a circle',
      (f) => {
        edge(f, 'e9').to = 'n_manager'
      },
      ['FLOW_CYCLE /nodes/1'],
    ],
    [
      'a condition without a default',
      (f) => {
        const last = edge(f, 'e5')
        delete last.default
        last.when = true
      },
      ['FLOW_DEFAULT /nodes/2'],
    ],
    [
      'two edges at the same place',
      (f) => {
        f.edges.push({ ...edge(f, 'e4'), 'x-id': 'e44' })
      },
      ['FLOW_EDGE_ORDER /nodes/2'],
    ],
    [
      'a condition that is no condition',
      (f) => {
        edge(f, 'e4').when = { var: 'amount' }
      },
      ['RULE_RESULT_TYPE /edges/3/when'],
    ],
    [
      'a rule on an edge of no condition',
      (f) => {
        edge(f, 'e8').when = true
      },
      ['FLOW_EDGE_CONDITION /edges/7/when'],
    ],
    [
      'a node type that is none',
      (f) => {
        node(f, 'n_size').type = 'chance'
      },
      ['FLOW_NODE_TYPE /nodes/2/type'],
    ],
    [
      'a role that nobody has',
      (f) => {
        node(f, 'n_director').approvers = [{ kind: 'role', role: 'directer' }]
      },
      ['FLOW_ROLE_UNKNOWN /nodes/3/approvers/0/role'],
    ],
    [
      'an approver path into nothing',
      (f) => {
        node(f, 'n_manager').approvers = [{ kind: 'field', path: 'partner.chanel_manager' }]
      },
      ['FLOW_PATH_UNKNOWN /nodes/1/approvers/0/path'],
    ],
    [
      'an approver path to something that is no person',
      (f) => {
        node(f, 'n_manager').approvers = [{ kind: 'field', path: 'partner.legal_name' }]
      },
      ['FLOW_PATH_NOT_USER /nodes/1/approvers/0/path'],
    ],
    [
      'nobody to approve',
      (f) => {
        node(f, 'n_manager').approvers = []
      },
      ['FLOW_NO_APPROVERS /nodes/1/approvers'],
    ],
    [
      'a form of another object',
      (f) => {
        node(f, 'n_manager').form = 'partner_edit'
      },
      ['FLOW_FORM_UNKNOWN /nodes/1/form'],
    ],
    [
      'field rights on no field',
      (f) => {
        node(f, 'n_manager').fields = { amout: 'rw' }
      },
      ['FLOW_FIELD_UNKNOWN /nodes/1/fields/amout'],
    ],
    [
      'what moves money is left when it fails',
      (f) => {
        f.money = true
        Object.assign(node(f, 'n_approve'), { onFail: 'continue' })
      },
      ['FLOW_MONEY_FAILURE /nodes/4/onFail'],
    ],
    [
      'more tries than there may be',
      (f) => {
        Object.assign(node(f, 'n_approve'), { retry: { max: 21 } })
      },
      ['DEFINITION_BAD_SETTING /nodes/4/retry/max'],
    ],
    [
      'an effect that is none',
      (f) => {
        node(f, 'n_approve').effect = 'set_field'
      },
      ['FLOW_EFFECT_UNKNOWN /nodes/4/effect'],
    ],
    [
      'a field that is none',
      (f) => {
        node(f, 'n_reject').with = { stat: 'rejected' }
      },
      ['FLOW_FIELD_UNKNOWN /nodes/5/with/stat'],
    ],
    [
      'a value that does not fit',
      (f) => {
        node(f, 'n_approve').with = { approved_on: { var: 'amount' } }
      },
      ['RULE_RESULT_TYPE /nodes/4/with/approved_on'],
    ],
    [
      'a computed field written',
      (f) => {
        node(f, 'n_reject').with = { customer_key: 'x' }
      },
      ['FLOW_FIELD_COMPUTED /nodes/5/with/customer_key'],
    ],
    [
      'a state that no move leads to',
      (f) => {
        f.object = 'registration'
        node(f, 'n_reject').with = { state: 'nowhere' }
      },
      ['RULE_ENUM /nodes/5/with/state'],
    ],
    [
      'a new record without what it requires',
      (f) => {
        Object.assign(node(f, 'n_reject'), {
          effect: 'create_record',
          with: { object: 'contact', values: {} },
        })
      },
      [],
    ],
    [
      'self-approval where money moves',
      (f) => {
        f.money = true
        f.settings = { ...f.settings, selfApproval: 'ask' }
      },
      ['FLOW_MONEY_SELF /settings/selfApproval', 'FLOW_MONEY_SELF /settings/selfApproval'],
    ],
    [
      'an approval by the passing of time where money moves',
      (f) => {
        f.money = true
        f.settings = { ...f.settings, expire: { after: 30, unit: 'day', end: 'n_approved' } }
      },
      ['FLOW_MONEY_EXPIRY /settings/expire/end'],
    ],
    [
      'an object that is none',
      (f) => {
        f.object = 'registrations'
      },
      ['FLOW_OBJECT_UNKNOWN /object'],
    ],
  ]
  for (const [name, change, expected] of mistakes)
    test(`tells of ${name}`, () => {
      const found = told(broken(change))
      if (name.startsWith('a new record')) {
        const required = release.objects.get('contact')?.schema.required ?? []
        expect(found).toEqual(required.map(() => 'FLOW_FIELD_REQUIRED /nodes/5/with/values'))
      } else if (expected.some((one) => one.startsWith('RULE_'))) {
        // The code is the rule checker's; the place is ours.
        expect(found.map((one) => one.split(' ')[1])).toEqual(expected.map((one) => one.split(' ')[1]))
      } else expect(found).toEqual(expected)
    })

  test('every diagnostic has a message and a hint in both languages, with nothing left to fill in', () => {
    for (const [, change] of mistakes)
      for (const { message, hint } of checkFlow(broken(change), release))
        for (const text of [message.en, message.zh, hint.en, hint.zh]) {
          expect(text).not.toBe('')
          expect(text).not.toMatch(/\{\w+\}|undefined|\[object/)
        }
  })

  test('flows that make each other begin by what they write are named, and no others', () => {
    const over = (key: string, from: string, to: string) =>
      broken((flow) => {
        Object.assign(flow, { key, trigger: { type: 'record', when: { '==': [{ var: 'state' }, from] } } })
        for (const one of flow.nodes) if (one.effect === 'set_fields') one.with = { state: to }
      })
    const circles = (...flows: FlowDefinition[]) => {
      const set = { ...release, flows: new Map(flows.map((flow) => [flow.key, flow])) }
      return flows.map((flow) =>
        checkFlow(flow, set).flatMap(({ code, severity, message }) =>
          code === 'FLOW_WRITE_CIRCLE' ? [`${severity} ${message.en.split(': ')[1]}`] : [],
        ),
      )
    }
    const [there, back] = [over('there', 'submitted', 'approved'), over('back', 'approved', 'submitted')]
    expect(circles(there, back)).toEqual([
      ['warning there → back → there.'],
      ['warning back → there → back.'],
    ])
    expect(circles(there, over('on', 'approved', 'rejected'))).toEqual([[], []])
    expect(circles(over('itself', 'submitted', 'submitted'))).toEqual([[]])
  })

  test('a flow of 200 nodes is checked in 50 ms', () => {
    const chain = broken((flow) => {
      const title = { en: 'x', zh: 'x' }
      const middle = Array.from(
        { length: 198 },
        (_, i) => ({ ...node(flow, 'n_reject'), 'x-id': `a${i}`, title }) as FlowNode,
      )
      const [start, end] = [node(flow, 'n_start'), node(flow, 'n_rejected')]
      flow.nodes = [start, ...middle, end]
      flow.edges = flow.nodes
        .slice(1)
        .map((to, i) => ({ 'x-id': `e${i}`, from: flow.nodes[i]!['x-id'], to: to['x-id'] }))
    })
    expect(told(chain)).toEqual([])
    const times = Array.from({ length: 5 }, () => {
      // Processor time: what else the machine does meanwhile is not the check's.
      const before = process.cpuUsage()
      checkFlow({ ...chain }, release)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    })
    expect(Math.min(...times)).toBeLessThan(50)
  })
})
