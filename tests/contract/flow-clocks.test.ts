import type { JsonObject } from '@channelwright/runtime/json.ts'
import { nobody } from '@channelwright/server/flows/engine-actor.ts'
import { fireSchedule } from '@channelwright/server/flows/schedules.ts'
import { describe, expect, test } from 'vitest'
import { callAs } from '../support/members.ts'
import { ask, code, flow, set, useStartsWorld, when } from '../support/starts-world.ts'

// Cases that begin by a clock, end by one, and what a calendar says of their days.

/** Fails where the record says no amount. */
const share = { div: [1, { '??': [{ var: 'amount' }, 0] }, 2, 'half_up'] }
const flows = () => [
  flow('shared', when('W-'), [ask('n_ask')], {
    settings: {
      onWithdraw: { amount: share, note: 'taken back' },
      expire: { after: 2, unit: 'day', end: 'n_end', values: { amount: share, note: 'too late' } },
    },
  }),
  flow('daily', { type: 'schedule', cron: '0 9 * * *', records: code('D-'), applicant: { role: 'chief' } }, [
    set('n_mark', { note: { cat: [{ '??': [{ var: 'note' }, ''] }, '+'] } }),
    ask('n_ask'),
  ]),
  flow(
    'monthly',
    {
      type: 'schedule',
      cron: '0 8 1 * *',
      create: { name: { cat: ['Review ', { var: '$today' }] } },
    },
    [ask('n_ask')],
    { object: 'org' },
  ),
  flow('short', when('X-'), [ask('n_ask')], {
    settings: { expire: { after: 2, unit: 'day', end: 'n_end', values: { note: 'too late' } } },
  }),
  flow('office', when('O-'), [ask('n_ask', { timeouts: [{ after: 2, unit: 'workday', do: 'remind' }] })], {
    settings: { calendar: 'office' },
  }),
  flow('frozen', when('F-'), [ask('n_ask', { timeouts: [{ after: 2, unit: 'workday', do: 'remind' }] })], {
    settings: { calendar: 'office', deadlines: 'frozen' },
  }),
]

const world = useStartsWorld('clocks', flows)
const { key, publish, settle, table, sql, order, read, runsOf, statesOf, act, finishTask, moveTo, tasksAt } =
  world

describe('a schedule', () => {
  test('begins one case for each record that it finds, in the time zone of the workspace, once', async () => {
    world.server.clock.set('2026-03-02T02:00:00.000Z')
    const [first, second] = [await order({ code: 'D-1' }), await order({ code: 'D-2' })]
    await order({ code: 'Z-1' })
    await moveTo('2026-03-03T00:59:00.000Z')
    expect(await statesOf(first)).toEqual([])
    await moveTo('2026-03-03T01:00:00.000Z')
    for (const id of [first, second]) {
      const runs = await runsOf(id)
      expect(runs.map(({ flow: name, status, applicant }) => [name, status, applicant])).toEqual([
        ['daily', 'running', world.chief.user],
      ])
      expect((await read(id)).note).toBe('+')
    }
    // Delivered again, nothing happens; on the next day no second case beside the open one.
    await fireSchedule(world.server.services, key, { flow: 'daily', at: '2026-03-03T01:00:00.000Z' })
    await settle()
    await finishTask(second, 'n_ask')
    await moveTo('2026-03-04T01:00:00.000Z')
    expect(await statesOf(first)).toEqual(['daily running'])
    expect(await statesOf(second)).toEqual(['daily approved', 'daily running'])
  })

  test('comes once for all that was missed, and again when a clock is set back', async () => {
    const id = await order({ code: 'D-9' })
    // Everything stands still for five days.
    world.server.clock.set('2026-03-09T03:00:00.000Z')
    await settle()
    expect(await statesOf(id)).toEqual(['daily running'])
    await finishTask(id, 'n_ask')
    world.server.clock.set('2026-03-09T00:30:00.000Z')
    await settle()
    world.server.clock.set('2026-03-09T02:00:00.000Z')
    await settle()
    expect(await statesOf(id)).toEqual(['daily approved'])
    await moveTo('2026-03-10T01:00:00.000Z')
    expect(await statesOf(id)).toEqual(['daily approved', 'daily running'])
  })

  test('is planned anew by publishing: left out it is gone, changed it comes at its new time', async () => {
    await publish((all) => {
      ;(all['flows/daily.json']!.trigger as JsonObject).cron = '30 9 * * *'
    })
    const id = await order({ code: 'D-10' })
    await moveTo('2026-03-10T01:29:00.000Z')
    expect(await statesOf(id)).toEqual([])
    await moveTo('2026-03-10T01:30:00.000Z')
    expect(await statesOf(id)).toEqual(['daily running'])
    await publish((all) => {
      delete all['flows/daily.json']
    })
    await finishTask(id, 'n_ask')
    await moveTo('2026-03-13T01:30:00.000Z')
    expect(await statesOf(id)).toEqual(['daily approved'])
    await publish()
  })
})

describe('time', () => {
  test('ends a case that has been open for too long, by its end and with what it writes', async () => {
    world.server.clock.set('2026-05-04T02:00:00.000Z')
    const [id, done, resting] = [
      await order({ code: 'X-1' }),
      await order({ code: 'X-2' }),
      await order({ code: 'X-3' }),
    ]
    await finishTask(done, 'n_ask')
    const [suspended] = await runsOf(resting)
    await act(suspended!.id, 'suspend', { reason: 'wait' })
    await moveTo('2026-05-06T01:59:00.000Z')
    expect(await statesOf(id)).toEqual(['short running'])
    // A clock that jumps an hour ahead and back: what it passed over fires once.
    world.server.clock.set('2026-05-06T03:00:00.000Z')
    await settle()
    world.server.clock.set('2026-05-06T02:00:00.000Z')
    await settle()
    const [run] = await runsOf(id)
    expect([run!.status, run!.outcome, (await read(id)).note]).toEqual(['expired', 'approved', 'too late'])
    expect(await tasksAt(id)).toEqual([])
    expect(await statesOf(done)).toEqual(['short approved'])
    expect(await statesOf(resting)).toEqual(['short suspended'])
    await act(suspended!.id, 'resume', { reason: 'go on' })
    await moveTo('2026-05-08T01:00:00.000Z')
    expect(await statesOf(resting)).toEqual(['short running'])
    await moveTo('2026-05-08T02:00:00.000Z')
    expect(await statesOf(resting)).toEqual(['short expired'])
    // Opened again it has as long as at first.
    await act(run!.id, 'reopen', { node: 'n_ask', reason: 'after all' })
    await moveTo('2026-05-10T01:59:00.000Z')
    expect(await statesOf(id)).toEqual(['short running'])
    await moveTo('2026-05-10T02:00:00.000Z')
    expect(await statesOf(id)).toEqual(['short expired'])
  })

  test('and applicants end a case though a rule of what it writes fails: the story names the field', async () => {
    const [back, late] = [await order({ code: 'W-1' }), await order({ code: 'W-2' })]
    const [run] = await runsOf(back)
    await act(run!.id, 'withdraw')
    await moveTo('2026-05-12T03:00:00.000Z')
    const saidOf = async (record: string) => {
      const { body } = await callAs(world.server.url, world.chief)(
        'GET',
        `/api/v1/${key}/runs?object=order&record=${record}`,
      )
      const said = body.runs[0].timeline.filter(({ type }: { type: string }) => type === 'not_reckoned')
      return said.map(({ sentence }: { sentence: unknown }) => sentence)
    }
    for (const [record, status, note] of [
      [back, 'withdrawn', 'taken back'],
      [late, 'expired', 'too late'],
    ] as const) {
      expect(await statesOf(record)).toEqual([`shared ${status}`])
      expect(await read(record)).toMatchObject({ note, amount: null })
      expect(await saidOf(record)).toEqual([
        {
          en: 'The field "Amount" could not be reckoned and stays as it is',
          zh: '字段“Amount”无法计算,保留现值',
        },
      ])
    }
  })

  test('follows the work calendar when that changes, but not where it is frozen or stands still', async () => {
    world.server.clock.set('2026-06-01T02:00:00.000Z')
    const [id, frozen, resting] = [
      await order({ code: 'O-1' }),
      await order({ code: 'F-1' }),
      await order({ code: 'O-2' }),
    ]
    const due = async (record: string) => {
      const [row] = await sql<{ task: string | null; timer: string; remaining: string | null }>(
        `SELECT t.due_at AS task, m.due_at AS timer, m.remaining FROM ${table('task')} t
         JOIN ${table('timer')} m ON m.task = t.id WHERE t.record = $1 AND m.state = 'open'`,
        [record],
      )
      return {
        ...row!,
        timer: new Date(row!.timer).toISOString(),
        task: new Date(row!.task ?? 0).toISOString(),
      }
    }
    const [run] = await runsOf(resting)
    await act(run!.id, 'suspend', { reason: 'wait' })
    const wednesday = '2026-06-03T02:00:00.000Z'
    for (const one of [id, frozen])
      expect(await due(one)).toMatchObject({ task: wednesday, timer: wednesday })
    // By which calendar stands beside it, and of which release.
    const dueBy = async (record: string) => {
      const [one] = await runsOf(record)
      const { body } = await callAs(world.server.url, world.chief)('GET', `/api/v1/${key}/runs/${one!.id}`)
      return body.tasks[0].due_by as { readonly release: number } | null
    }
    const first = await dueBy(id)
    expect(first).toMatchObject({ key: 'office', title: { en: expect.any(String) } })
    expect(await dueBy(frozen)).toEqual(first)
    await publish(undefined, ['2026-06-02'])
    await settle()
    expect((await dueBy(id))?.release).toBeGreaterThan(first!.release)
    expect(await dueBy(frozen)).toEqual(first)
    const thursday = '2026-06-04T02:00:00.000Z'
    expect(await due(id)).toMatchObject({ task: thursday, timer: thursday })
    expect(await due(frozen)).toMatchObject({ task: wednesday, timer: wednesday })
    expect((await due(resting)).remaining).toBe(String(2 * 86_400_000))
    // What had fired by the old calendar does not fire: the job moved with the timer.
    await moveTo('2026-06-03T12:00:00.000Z')
    const reminders = (record: string) =>
      sql(
        `SELECT 1 FROM ${table('event')} e JOIN ${table('run')} r ON r.id = e.run
           WHERE r.record = $1 AND e.type = 'timed_out'`,
        [record],
      )
    expect(await reminders(id)).toHaveLength(0)
    expect(await reminders(frozen)).toHaveLength(1)
    await moveTo(thursday)
    expect(await reminders(id)).toHaveLength(1)
    // Set going again it has what was left, and no calendar moves it any more.
    await act(run!.id, 'resume', { reason: 'go on' })
    await publish()
    await settle()
    expect((await due(resting)).timer).toBe('2026-06-06T02:00:00.000Z')
    expect(await dueBy(resting)).toBeNull()
  })

  test('makes a record of its own for a case', async () => {
    await moveTo('2026-07-01T00:00:00.000Z')
    const { table: name } = world.served.tables.get('org')!
    const made = await sql<{ id: string }>(
      `SELECT id FROM "${world.workspace.schema}"."${name}" WHERE name = 'Review 2026-07-01'`,
    )
    expect(made).toHaveLength(1)
    expect((await runsOf(made[0]!.id)).map((run) => [run.status, run.applicant])).toEqual([
      ['running', nobody],
    ])
  })
})
