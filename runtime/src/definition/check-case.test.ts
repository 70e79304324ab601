import { describe, expect, it } from 'vitest'
import { readCase } from './check-case.ts'

const sound = {
  kind: 'case/1',
  key: 'one',
  'x-id': 'cs_one',
  title: { en: 'One', zh: '一' },
  clock: '2026-03-02T09:00:00+08:00',
  timeZone: 'Asia/Shanghai',
  given: { users: { li: { roles: ['manager'] } }, records: [{ as: 'r1', object: 'deal', values: {} }] },
  steps: [{ wait: 'P1D' }] as unknown[],
}
const around = {
  objects: ['deal'],
  forms: ['deal_new'],
  flows: ['deal_approval'],
  plans: ['bonus'],
  roles: ['manager'],
  commands: ['decide', 'withdraw'],
  routes: ['listTasks'],
}

const read = (changes: object, surroundings: object = around) =>
  readCase(
    { pack: 'p', path: 'cases/one.json', text: JSON.stringify({ ...sound, ...changes }, null, 2) },
    surroundings,
  )
const problems = (steps: readonly unknown[], given: object = {}) =>
  read({ steps, given: { ...sound.given, ...given } }).diagnostics.map(
    (found) => `${found.path} ${found.code}`,
  )

describe('a case', () => {
  it('is taken when it is sound', () => {
    expect(read({})).toMatchObject({ definition: { key: 'one' }, diagnostics: [] })
  })

  it('says file, line, path, what is wrong and what to do', () => {
    const [found] = read({ steps: [{ wait: 'tomorrow' }] }).diagnostics
    expect(found).toMatchObject({
      code: 'DEFINITION_BAD_SETTING',
      path: '/steps/0/wait',
      file: 'p/cases/one.json',
      line: 29,
      hint: { zh: expect.stringMatching(/\S/) },
    })
    expect(read({ colck: '2026' }).diagnostics.map((one) => one.hint.en)).toContainEqual(
      expect.stringContaining('clock'),
    )
  })

  it('refuses text that is no JSON, and zones that are none', () => {
    expect(readCase({ pack: 'p', path: 'cases/x.json', text: '{\n"a" 1}' }).diagnostics[0]).toMatchObject({
      code: 'JSON_SYNTAX',
      line: 2,
    })
    expect(read({ timeZone: 'Asia/Pekin' }).diagnostics[0]?.code).toBe('CASE_TIME_ZONE_UNKNOWN')
  })
})

describe('steps', () => {
  it('do one thing, or expect', () => {
    expect(problems([{ wait: 'P1D', clock: '2026-03-02T09:00:00Z' }])).toEqual(['/steps/0 CASE_STEP_ACTIONS'])
    expect(problems([{ note: 'nothing' }])).toEqual(['/steps/0 CASE_STEP_ACTIONS'])
    expect(problems([{ together: [{ delete: { record: '@r1' } }, { by: '@li' }] }])).toEqual([
      '/steps/0/together/1 CASE_STEP_ACTIONS',
    ])
  })

  it('name what there is by then, and the nearest name is offered', () => {
    const late = [
      { delete: { record: '@r2' } },
      { create: { as: 'r2', object: 'deal', values: { owner: '@lii', note: '@@at' } } },
      { expect: { records: [{ record: '@r2', values: { owner: '@li' } }] } },
    ]
    expect(problems(late)).toEqual([
      '/steps/0/delete/record CASE_NAME_UNKNOWN',
      '/steps/1/create/values/owner CASE_NAME_UNKNOWN',
    ])
    expect(read({ steps: late }).diagnostics[1]?.fix?.value).toBe('@li')
    expect(problems([{ create: { as: 'r1', object: 'deal', values: {} } }])).toEqual([
      '/steps/0/create/as CASE_NAME_TWICE',
    ])
  })

  it('of several at once may give the same name: one of them wins', () => {
    const create = { create: { as: 'won', object: 'deal', values: {} } }
    const steps = [
      { together: [create, create], expect: { together: { done: 1 } } },
      { delete: { record: '@won' } },
    ]
    expect(problems(steps)).toEqual([])
  })

  it('name definitions, routes and commands that there are', () => {
    expect(
      problems([
        { create: { object: 'dael', form: 'none', values: { object: 'anything' } } },
        { by: '@li', command: { do: 'withdrawn', record: '@r1', flow: 'x' } },
        { by: '@li', call: { route: 'listTask' } },
        { expect: { ledger: [{ plan: 'bones' }] } },
      ]),
    ).toEqual([
      '/steps/0/create/object DANGLING_OBJECT',
      '/steps/0/create/form DANGLING_FORM',
      '/steps/1/command/do CASE_COMMAND_UNKNOWN',
      '/steps/1/command/flow DANGLING_FLOW',
      '/steps/2/call/route CASE_ROUTE_UNKNOWN',
      '/steps/3/expect/ledger/0/plan DANGLING_PLAN',
    ])
  })

  it('may name definitions that the case itself brings', () => {
    const definitions = [{ kind: 'flow', key: 'votes', definition: { title: {} } }]
    const steps = [{ by: '@li', command: { do: 'withdraw', record: '@r1', flow: 'votes' } }]
    expect(problems(steps, { definitions })).toEqual([])
  })

  it('say who decides, and expect answers only where something answers', () => {
    expect(
      problems([
        { decide: { record: '@r1', decision: 'approve' } },
        { wait: 'P1D', expect: { reply: { '/a': 1 } } },
        { expect: { refused: { code: 'X' } } },
        { expect: { records: [{ count: 1 }] } },
      ]),
    ).toEqual([
      '/steps/0 CASE_NO_PERSON',
      '/steps/1/expect/reply CASE_EXPECTS_NOTHING',
      '/steps/2/expect/refused CASE_EXPECTS_NOTHING',
      '/steps/3/expect/records/0 CASE_NOTHING_NAMED',
    ])
  })

  it('take values that are found out, and in expectations also what compares', () => {
    expect(
      problems([
        { create: { object: 'deal', values: { on: { $dat: '+1d' }, at: { $instant: 'PT1H' } } } },
        { update: { record: '@r1', values: { note: { $any: true } } } },
        { expect: { rows: [{ table: 'task', values: { due_at: { $any: true } } }] } },
      ]),
    ).toEqual([
      '/steps/0/create/values/on CASE_VALUE_UNKNOWN',
      '/steps/1/update/values/note CASE_VALUE_UNKNOWN',
    ])
  })

  it('change definitions in one way at a time', () => {
    const edit = { kind: 'flow', key: 'deal_approval' }
    expect(
      problems([
        {
          publish: [
            { ...edit, path: '/a', value: null },
            { ...edit, path: '/a', remove: true },
            { ...edit, remove: true },
            { ...edit, definition: {} },
            { ...edit, path: '/a' },
            { ...edit, value: 1 },
          ],
        },
      ]),
    ).toEqual(['/steps/0/publish/4 CASE_EDIT_UNCLEAR', '/steps/0/publish/5 CASE_EDIT_UNCLEAR'])
  })
})
