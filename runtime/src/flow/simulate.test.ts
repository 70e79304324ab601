import { describe, expect, test } from 'vitest'
import type { DefinitionSet } from '../definition/definition-set.ts'
import { peopleFromTable, simulateFlow } from './simulate.ts'
import { sketchFlow } from './vectors/world.ts'

const nothing = new Map<string, never>()
const set = new Proxy({} as DefinitionSet, { get: () => nothing })

const flow = sketchFlow({
  nodes: [
    { id: 'boss', type: 'approval', approvers: [{ kind: 'role', role: 'boss' }] },
    { id: 'rest', type: 'delay', until: { after: 2, unit: 'day' } },
    { id: 'mark', type: 'action', effect: 'set_fields', with: { state: 'paid' } },
    { id: 'other', type: 'subflow', flow: 'x' },
  ],
  edges: [
    'start boss',
    'boss approved rest',
    'boss rejected end_no',
    'rest mark',
    'mark other',
    'other end_ok',
  ],
})

describe('a simulated case', () => {
  const given = (table: Record<string, string[]>) => ({
    record: { id: 'r1', state: 'new' },
    applicant: 'ann',
    now: '2026-03-02T01:00:00.000Z',
    people: peopleFromTable(table, {}, 'ann'),
  })

  test('says who gets which task when and why, lets time pass and writes the record', () => {
    const done = simulateFlow(flow, set, given({ 'role:boss': ['bob'] }))
    expect([done.status, done.path]).toEqual([
      'approved',
      ['start', 'boss', 'rest', 'mark', 'other', 'end_ok'],
    ])
    expect(done.steps[0]?.tasks).toEqual([
      {
        node: 'boss',
        title: { en: 'boss', zh: 'boss' },
        assignee: 'bob',
        state: 'pending',
        dueAt: null,
        onBehalfOf: null,
        because: [{ question: { ask: 'role', role: 'boss' }, people: ['bob'] }],
      },
    ])
    const timer = done.steps.find(({ cause }) => cause.kind === 'timer')
    expect(timer?.at.slice(0, 16)).toBe('2026-03-04T01:00')
    expect(done.record).toEqual({ id: 'r1', state: 'paid' })
  })
  test('follows the answers it is given', () => {
    const done = simulateFlow(flow, set, { ...given({ 'role:boss': ['bob'] }), decide: () => 'reject' })
    expect([done.status, done.path.at(-1)]).toEqual(['rejected', 'end_no'])
  })
  test('waits for an effect as long as it takes', () => {
    const walk = (takes: number | null, until?: string) =>
      simulateFlow(flow, set, {
        ...given({ 'role:boss': ['bob'] }),
        takes: ({ type }) => (type === 'set_fields' ? takes : 0),
        ...(until === undefined ? {} : { until }),
      })
    const done = walk(86_400_000)
    expect([done.status, done.run?.endedAt?.slice(0, 16)]).toEqual(['approved', '2026-03-05T01:00'])
    const early = walk(86_400_000, '2026-03-04T12:00:00.000Z')
    expect([early.waitsAt, early.record.state]).toEqual([['mark'], 'new'])
    expect(walk(null, '2026-04-01T00:00:00.000Z').waitsAt).toEqual(['mark'])
  })
  test('stands still where nobody answers, and says where', () => {
    const done = simulateFlow(flow, set, { ...given({ 'role:boss': ['bob'] }), decide: () => null })
    expect(done.waitsAt).toEqual(['boss'])
  })
  test('shows that nobody would be found', () => {
    const done = simulateFlow(flow, set, given({}))
    expect([done.status, done.waitsAt]).toEqual(['incident', ['boss']])
    expect(simulateFlow(flow, set, given({ admin: ['adm'] })).steps[0]?.tasks[0]?.assignee).toBe('adm')
  })
  test('says how a flow that it started would end', () => {
    const other = sketchFlow({ nodes: [] })
    const flows = new Map([['x', other]])
    const known = new Proxy({} as DefinitionSet, { get: (_, key) => (key === 'flows' ? flows : nothing) })
    const said = (more: object = {}) =>
      simulateFlow(flow, known, { ...given({ 'role:boss': ['bob'] }), ...more })
        .steps.find(({ cause }) => cause.kind === 'child')
        ?.said.map(({ en }) => en)[0]
    expect(said()).toContain('end_ok')
    const title = { en: 'Waved through', zh: '放行' }
    expect(said({ child: () => ({ status: 'approved', outcome: 'approved', title }) })).toContain(title.en)
    expect(said({ child: () => ({ status: 'withdrawn', outcome: null }) })).not.toContain('end_')
  })
  test('is the same every time', () => {
    const once = simulateFlow(flow, set, given({ 'role:boss': ['bob'] }))
    expect(simulateFlow(flow, set, given({ 'role:boss': ['bob'] }))).toEqual(once)
  })
})
