import type { JsonObject } from '@channelwright/runtime/json.ts'
import { describe, expect, test } from 'vitest'
import { findBrokenRows } from '../support/flow-rows-invariants.ts'
import { step, word } from '../support/flow-sketch.ts'
import { callAs } from '../support/members.ts'
import { ask, flow, set, text, useStartsWorld, when } from '../support/starts-world.ts'

// Cases that other cases start: what they are handed, what they tell, and how they end.

let title = 'Before'
const flows = () => [
  flow('origin', when('G-'), [
    step('n_go', 'action', {
      effect: 'start_flow',
      with: { flow: 'handed', input: { words: { var: 'code' } } },
    }),
  ]),
  flow(
    'handed',
    { type: 'flow', input: { type: 'object', properties: { words: text }, required: ['words'] } },
    [
      ask('n_look', { title: word(title) }),
      set('n_note', { note: { cat: ['Given ', { var: '$input.words' }] } }),
    ],
  ),
  flow('parent', when('C-'), [
    step('n_sub', 'subflow', { flow: 'child', input: { level: 2, words: { var: 'code' } } }),
    ask('n_ask'),
  ]),
  flow(
    'child',
    {
      type: 'flow',
      input: {
        type: 'object',
        properties: { level: { type: 'integer' }, words: text },
        required: ['level'],
      },
    },
    [
      set('n_mark', {
        note: { cat: [{ '??': [{ var: '$input.words' }, ''] }, ':', { var: '$input.level' }] },
      }),
      step('n_sub', 'subflow', { flow: 'grandchild' }),
    ],
  ),
  flow('grandchild', { type: 'flow' }, [ask('n_ask')]),
  flow('lines', when('L-'), [
    step('n_each', 'for_each', { over: { lines: 'items' }, flow: 'line', atOnce: 1 }),
  ]),
  flow('line', { type: 'flow', lines: 'items' }, [
    set('n_add', {
      amount: { '+': [{ '??': [{ var: 'amount' }, 0] }, { '??': [{ var: '$item.price' }, 0] }] },
      note: { cat: [{ '??': [{ var: 'note' }, ''] }, { var: '$item.name' }] },
    }),
  ]),
]

/** Words are added to the note, and taken away again. */
const adds = (id: string, words: JsonObject | string) =>
  step(id, 'action', {
    effect: 'set_fields',
    with: { note: { cat: [{ '??': [{ var: 'note' }, ''] }, words] } },
    undo: true,
  })

const undone = () => [
  flow('outer', when('U-'), [
    ask('n_first'),
    adds('n_before', ' before'),
    step('n_sub', 'subflow', { flow: 'inner' }),
    adds('n_after', ' after'),
    step('n_ask', 'approval', {
      approvers: [{ kind: 'role', role: 'chief' }],
      onReject: { do: 'end' },
      selfApproval: 'ask',
    }),
  ]),
  flow('inner', { type: 'flow' }, [adds('n_in', ' inner'), step('n_sub', 'subflow', { flow: 'innermost' })]),
  flow('innermost', { type: 'flow' }, [adds('n_in', ' innermost'), adds('n_more', ' deep')]),
  flow('each', when('E-'), [
    step('n_each', 'for_each', { over: { lines: 'items' }, flow: 'item', atOnce: 1 }),
    ask('n_ask'),
  ]),
  flow('item', { type: 'flow', lines: 'items' }, [
    adds('n_in', { var: '$item.name' }),
    step('n_if', 'wait', { for: { when: { '!=': [{ var: '$item.name' }, 'c'] } } }),
  ]),
]

const world = useStartsWorld('children', () => [...flows(), ...undone()])
const { key, settle, table, sql, order, read, runsOf, statesOf, act, finishTask, moveTo, tasksAt } = world

describe('cases that others start', () => {
  const begin = async (name: string) => {
    const id = await order({ code: name })
    const [parent] = (await runsOf(id)).filter((one) => one.flow === 'parent')
    return { id, parent: parent!.id }
  }

  test('tell of their end though that failed for long: people are told, and it is tried again', async () => {
    const { id, parent } = await begin('C-9')
    const { owner } = world.server.services
    await owner.query(`ALTER TABLE ${table('command')} ADD CONSTRAINT broken CHECK (digest <> '') NOT VALID`)
    await finishTask(id, 'n_ask')
    expect(await statesOf(id)).toEqual(['parent running', 'child running', 'grandchild approved'])
    const child = (await runsOf(id)).find((one) => one.flow === 'child')!
    const story = await sql<{ data: JsonObject }>(
      `SELECT data FROM ${table('event')} WHERE run = $1 AND type = 'job_failed'`,
      [child.id],
    )
    expect(story).toEqual([{ data: { job: { en: expect.any(String), zh: expect.any(String) } } }])
    const notes = await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/notifications`)
    expect(notes.body.notifications).toContainEqual(
      expect.objectContaining({
        run: child.id,
        sentence: expect.objectContaining({ zh: expect.stringMatching('后台任务多次失败') }),
      }),
    )
    const told = await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/runs/${child.id}`)
    expect(JSON.stringify(told.body.timeline)).toContain(
      'is tried again: tell a case that its subflow has ended',
    )
    await owner.query(`ALTER TABLE ${table('command')} DROP CONSTRAINT broken`)
    await moveTo(new Date(Date.parse(world.server.clock.now()) + 700_000).toISOString())
    expect(await tasksAt(id)).toEqual(['n_ask'])
    await finishTask(id, 'n_ask')
    expect((await runsOf(id)).find((one) => one.id === parent)?.status).toBe('approved')
  })

  test('are handed values, and tell of their end', async () => {
    const { id } = await begin('C-1')
    expect((await read(id)).note).toBe('C-1:2')
    expect(await statesOf(id)).toEqual(['parent running', 'child running', 'grandchild running'])
    await finishTask(id, 'n_ask')
    expect(await statesOf(id)).toEqual(['parent running', 'child approved', 'grandchild approved'])
    expect(await tasksAt(id)).toEqual(['n_ask'])
    // By the name of the end, and not as if a person had begun what another flow did.
    const [parent, child] = await runsOf(id)
    const told = async (run: { id: string } | undefined) => {
      const answer = await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/runs/${run?.id}`)
      return answer.body.timeline.map(({ sentence }: { sentence: { en: string } }) => sentence.en)
    }
    expect(await told(parent)).toContain('The subflow ended: n_end')
    expect((await told(child))[0]).toMatch(/^Another flow began it/)
  })

  test.each([
    ['terminate', { reason: 'no need' }, 'terminated', 'terminated'],
    ['withdraw', {}, 'withdrawn', 'withdrawn'],
    ['jump', { node: 'n_ask', reason: 'go on' }, 'running', 'terminated'],
  ])('end when their parent does not wait any more: %s', async (command, body, parent, child) => {
    const begun = await begin(`C-${command}`)
    await act(begun.parent, command, body as JsonObject)
    expect(await statesOf(begun.id)).toEqual([`parent ${parent}`, `child ${child}`, `grandchild ${child}`])
    const reasons = await sql(
      `SELECT reason FROM ${table('task')} WHERE record = $1 AND state = 'cancelled'`,
      [begun.id],
    )
    expect(reasons).toEqual([{ reason: 'parent_left' }])
  })

  test('are told of though the server stops in between: the job is in the transaction of the end', async () => {
    const { id } = await begin('C-stop')
    const [task] = await sql<{ id: string; rev: number }>(
      `SELECT id, rev FROM ${table('task')} WHERE record = $1 AND state = 'pending'`,
      [id],
    )
    await callAs(world.server.url, world.chief)('POST', `/api/v1/${key}/tasks/${task!.id}/decision`, {
      body: { commandId: world.server.services.ids.next(), taskRev: task!.rev, decision: 'done' },
    })
    // Nobody has worked off a job; what waits for it is written down.
    expect(await statesOf(id)).toEqual(['parent running', 'child running', 'grandchild approved'])
    await settle()
    expect(await statesOf(id)).toEqual(['parent running', 'child approved', 'grandchild approved'])
  })

  test('know what they were handed when they are begun anew on another release', async () => {
    const id = await order({ code: 'G-1' })
    const old = (await runsOf(id)).find((run) => run.flow === 'handed')
    title = 'After'
    await world.publish()
    const asked = await callAs(world.server.url, world.chief)('POST', `/api/v1/${key}/flow-migrations`, {
      body: { flow: 'handed', how: 'restart', dry: false, reason: 'Redrawn', runs: [old!.id] },
    })
    expect(asked.status, asked.text).toBeLessThan(300)
    await settle()
    await finishTask(id, 'n_look')
    expect((await read(id)).note).toBe('Given G-1')
    expect((await statesOf(id)).slice(1)).toEqual(['handed terminated', 'handed approved'])
  })

  test('treat each line with the line at hand', async () => {
    const id = await order({
      code: 'L-1',
      items: [{ name: 'a', price: '1.10' }, { name: 'b', price: '2.20' }, { name: 'c' }],
    })
    expect(await read(id)).toMatchObject({ amount: '3.30', note: 'abc' })
    expect(await statesOf(id)).toEqual(['lines approved', 'line approved', 'line approved', 'line approved'])
  })
})

describe('what cases have done that others started', () => {
  const whole = ' before inner innermost deep after'
  const begin = async (name: string) => {
    const id = await order({ code: name, note: 'mine:' })
    await finishTask(id, 'n_first')
    expect((await read(id)).note).toBe(`mine:${whole}`)
    expect(await statesOf(id)).toEqual(['outer running', 'inner approved', 'innermost approved'])
    return id
  }
  const broken = async () => (await findBrokenRows(world.server.services, key)).broken

  test('is taken back with the one that started them, though they have ended', async () => {
    const id = await begin('U-1')
    const [run] = await runsOf(id)
    await act(run!.id, 'withdraw')
    expect((await read(id)).note).toBe('mine:')
    expect(await statesOf(id)).toEqual(['outer withdrawn', 'inner approved', 'innermost approved'])
    expect(await broken()).toEqual([])
  })

  test('is taken back when it is sent back behind them, and done again', async () => {
    const id = await begin('U-2')
    const [task] = await sql<{ id: string; rev: number }>(
      `SELECT id, rev FROM ${table('task')} WHERE record = $1 AND state = 'pending'`,
      [id],
    )
    const reply = await callAs(world.server.url, world.chief)(
      'POST',
      `/api/v1/${key}/tasks/${task!.id}/send_back`,
      {
        body: {
          commandId: world.server.services.ids.next(),
          taskRev: task!.rev,
          to: 'n_first',
          comment: 'x',
        },
      },
    )
    expect(reply.status, reply.text).toBe(200)
    await settle()
    expect((await read(id)).note).toBe('mine:')
    await finishTask(id, 'n_first')
    expect((await read(id)).note).toBe(`mine:${whole}`)
    const [run] = await runsOf(id)
    await act(run!.id, 'withdraw')
    expect((await read(id)).note).toBe('mine:')
    expect(await broken()).toEqual([])
  })

  test('keeps what somebody has written since', async () => {
    const id = await begin('U-3')
    const { table: name } = world.served.tables.get('order')!
    await world.server.services.owner.query(
      `UPDATE "${world.workspace.schema}"."${name}" SET note = 'corrected' WHERE id = $1`,
      [id],
    )
    const [run] = await runsOf(id)
    await act(run!.id, 'withdraw')
    expect((await read(id)).note).toBe('corrected')
  })

  test.each([
    ['all have ended', ['a', 'b'], 'ab', ['item approved', 'item approved']],
    ['one is under way', ['a', 'b', 'c'], 'abc', ['item approved', 'item approved', 'item withdrawn']],
  ])('for each: part by part, the last one first: %s', async (_, names, whole, states) => {
    const id = await order({ code: `E-${names.length}`, items: names.map((name) => ({ name })) })
    expect((await read(id)).note).toBe(whole)
    const run = (await runsOf(id)).find(({ flow: name }) => name === 'each')!
    await act(run.id, 'withdraw')
    expect((await read(id)).note ?? '').toBe('')
    expect(await statesOf(id)).toEqual(['each withdrawn', ...states])
    expect(await broken()).toEqual([])
  })
})
