import { randomUUID } from 'node:crypto'
import type { Failpoint } from '@channelwright/server/jobs/failpoint.ts'
import {
  type Call,
  type CrashWorld,
  give,
  growthOfRecord,
  onRun,
  onTask,
  openTasks,
  runOf,
  submitErrand,
  tryToGive,
  until,
} from './crash-world.ts'
import { growthOf } from './errand-pack.ts'

// What people do while the server dies at a named place, and what must be true afterwards: one for each kind of thing
// that can be under way. Which places they are told of stands in `crash-stories.ts`.

/** What a story leaves to be looked at. */
export interface Aftermath {
  /** Commands that the death may have swallowed: each is given three times to the next server. */
  readonly again?: readonly Call[]
  /** In words what is not as it should be. */
  readonly check: () => Promise<readonly string[]>
}

export interface CrashStory {
  readonly title: string
  readonly place: Failpoint | `${Failpoint}:${number}`
  /** Goes on until the server is dead. */
  act(world: CrashWorld, url: string): Promise<Aftermath>
}

/** Submitted, decided; the server dies somewhere in the decision. */
export const decide = (place: CrashStory['place']): CrashStory => ({
  title: `an approval, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'plain')
    const call = await approval(world, record)
    await tryToGive(url, call)
    return { again: [call], check: () => checkRecord(world, record, 'approved') }
  },
})

/** Decided, and the server dies in what the decision led to. */
export const applyEffect = (place: CrashStory['place']): CrashStory => ({
  ...decide(place),
  title: `an effect in the database, ${place}`,
})

export const submitting = (place: CrashStory['place']): CrashStory => ({
  title: `a case that begins, ${place}`,
  place,
  async act(world, url) {
    const call = submitErrand(world, 'plain')
    await tryToGive(url, call)
    return {
      again: [call],
      async check() {
        const found = await world.ask<{ record: string }>(
          `SELECT record FROM ws.cw_run r WHERE r.applicant = $1 AND EXISTS (SELECT FROM ws.cw_idempotency i
             WHERE i.key = $2 AND i.body->'record'->>'id' = r.record::text)`,
          [world.cast.asker.user, call.idempotencyKey],
        )
        return found.length === 1 ? [] : [`${found.length} cases have begun in place of one`]
      },
    }
  },
})

export const webhook = (place: CrashStory['place']): CrashStory => ({
  title: `a webhook, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'hooked')
    return {
      async check() {
        const run = await runOf(world, record)
        const calls = world.hook.calls.filter(({ key }) => key.startsWith(`${run}:`))
        const told = new Set(calls.map(({ key, body }) => `${key} ${body}`))
        const broken = await checkRecord(world, record, 'approved')
        if (told.size !== 1) broken.push(`the webhook heard ${told.size} different things`)
        if (calls.length < 2) broken.push('the webhook was not called again')
        return broken
      },
    }
  },
})

export const timer = (place: CrashStory['place']): CrashStory => ({
  title: `a timer, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'late', { due: inSeconds(4) })
    return {
      async check() {
        const timers = await world.ask<{ state: string }>(`SELECT state FROM ws.cw_timer WHERE run = $1`, [
          await runOf(world, record),
        ])
        const broken = await checkRecord(world, record, 'approved')
        if (timers.map(({ state }) => state).join() !== 'fired') broken.push('the timer has not fired once')
        return broken
      },
    }
  },
})

export const mail: CrashStory = {
  title: 'an e-mail, mail.sent',
  place: 'mail.sent',
  async act(world, url) {
    const record = await submit(world, url, 'plain')
    return {
      async check() {
        const notes = await world.ask<{ id: string; mail: string }>(
          `SELECT n.id, n.mail FROM ws.cw_notification n JOIN ws.cw_task t ON t.id = n.task WHERE t.record = $1`,
          [record],
        )
        const broken = notes.filter((note) => note.mail !== 'sent').map(() => 'an e-mail was not sent')
        if (notes.length !== 1) broken.push(`${notes.length} notifications in place of one`)
        const times = world.mail.ids.filter((id) => id === notes[0]?.id).length
        // It died between sending and marking: twice, under one id.
        if (times !== 2) broken.push(`the e-mail was sent ${times} times`)
        return broken
      },
    }
  },
}

export const delegation = (place: CrashStory['place']): CrashStory => ({
  title: `the end of a delegation, ${place}`,
  place,
  async act(world, url) {
    const { cast } = world
    const path = `${cast.key}/delegations`
    const window = {
      to: cast.deputy.user,
      mode: 'replace',
      starts_at: inSeconds(-60),
      ends_at: inSeconds(600),
    }
    const made = await give(url, { by: cast.lead, method: 'POST', path, body: window })
    const records = [await submit(world, url, 'plain'), await submit(world, url, 'plain')]
    const before = (await Promise.all(records.map((record) => openTasks(world, record)))).flat()
    const call: Call = { by: cast.lead, method: 'DELETE', path: `${path}/${made.body.id}` }
    await tryToGive(url, call)
    return {
      async check() {
        const broken = before.every(({ assignee }) => assignee === cast.deputy.user)
          ? []
          : ['the tasks were not the deputy’s']
        for (const record of records) {
          const open = await openTasks(world, record)
          if (open.map(({ assignee }) => assignee).join() !== cast.lead.user)
            broken.push('a task did not go back, or went twice')
          const events = await world.ask<{ n: number }>(
            `SELECT count(*)::integer AS n FROM ws.cw_event WHERE run = $1 AND type = 'delegation_ended'`,
            [await runOf(world, record)],
          )
          if (events[0]?.n !== 1) broken.push(`the end of the window was told ${events[0]?.n} times`)
        }
        return broken
      },
    }
  },
})

/** The clock of its task stands still meanwhile. */
export const resting = (place: CrashStory['place']): CrashStory => ({
  title: `suspended and resumed, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'whole')
    const run = await runOf(world, record)
    const calls = ['suspend', 'resume'].map((command) =>
      onRun(world, world.cast.keeper, run, command, { reason: 'A test of rest' }),
    )
    for (const call of calls) await tryToGive(url, call)
    return {
      again: calls,
      async check() {
        const broken = await checkRecord(world, record, 'running')
        for (const type of ['suspended', 'resumed']) {
          const events = await world.ask(`SELECT FROM ws.cw_event WHERE run = $1 AND type = $2`, [run, type])
          if (events.length !== 1) broken.push(`the case was ${type} ${events.length} times`)
        }
        return broken
      },
    }
  },
})

export const batch = (place: CrashStory['place']): CrashStory => ({
  title: `several tasks at once, ${place}`,
  place,
  async act(world, url) {
    const { cast } = world
    const records = [await submit(world, url, 'plain'), await submit(world, url, 'plain')]
    records.push(await submit(world, url, 'plain'))
    const tasks = (await Promise.all(records.map((record) => openTasks(world, record)))).flat()
    const items = tasks.map(({ id, rev }) => ({ task: id, taskRev: rev, commandId: randomUUID() }))
    const body = { decision: 'approve', items }
    const call: Call = { by: cast.lead, method: 'POST', path: `${cast.key}/tasks/batch`, body }
    await tryToGive(url, call)
    return {
      again: [call],
      check: async () =>
        (await Promise.all(records.map((record) => checkRecord(world, record, 'approved')))).flat(),
    }
  },
})

/** Cases that begin other cases, which tell them of their end. */
export const parts = (place: CrashStory['place']): CrashStory => ({
  title: `cases within a case, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'parts')
    return { check: () => checkRecord(world, record, 'approved') }
  },
})

/** A case is taken back while two that it began wait for an answer: they end with the step that waited for them. */
export const leaving = (place: CrashStory['place']): CrashStory => ({
  title: `cases that their parent leaves, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'asking')
    await until(async () => (await openTasks(world, record)).length === 2, 30_000)
    const call = onRun(world, world.cast.asker, await runOf(world, record), 'withdraw')
    await tryToGive(url, call)
    return {
      again: [call],
      async check() {
        const broken = await checkRecord(world, record, 'withdrawn')
        const children = await world.ask<{ status: string; ends: number; tasks: string }>(
          `SELECT status,
             (SELECT count(*)::integer FROM ws.cw_event e WHERE e.run = r.id AND e.type = 'withdrawn') AS ends,
             (SELECT string_agg(concat_ws(' ', t.state, t.reason), ', ') FROM ws.cw_task t WHERE t.run = r.id) AS tasks
           FROM ws.cw_run r WHERE record = $1 AND parent_run IS NOT NULL`,
          [record],
        )
        if (children.length !== 2) broken.push(`it has begun ${children.length} cases in place of two`)
        for (const { status, ends, tasks } of children)
          if (status !== 'withdrawn' || ends !== 1 || tasks !== 'cancelled parent_left')
            broken.push(`a case that was left is ${status}, told ${ends} times, its tasks ${tasks}`)
        return broken
      },
    }
  },
})

export const signal = (place: CrashStory['place']): CrashStory => ({
  title: `a record that is waited for, ${place}`,
  place,
  async act(world, url) {
    const { cast } = world
    const record = await submit(world, url, 'watching')
    const path = `${cast.key}/records/errand/${record}`
    const idempotencyKey = randomUUID()
    const call: Call = { by: cast.asker, method: 'PATCH', path, body: { note: 'go' }, idempotencyKey }
    await tryToGive(url, call)
    return { again: [call], check: () => checkRecord(world, record, 'approved') }
  },
})

export const withdrawal = (place: CrashStory['place']): CrashStory => ({
  title: `a case that is taken back, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'plain')
    const call = onRun(world, world.cast.asker, await runOf(world, record), 'withdraw')
    await tryToGive(url, call)
    return { again: [call], check: () => checkRecord(world, record, 'withdrawn') }
  },
})

export const sendingBack = (place: CrashStory['place']): CrashStory => ({
  title: `a case that is sent back, ${place}`,
  place,
  async act(world, url) {
    const record = await submit(world, url, 'whole')
    const [task] = await openTasks(world, record)
    const given = { to: 'n_start', resume: 'replay', comment: 'Say more' }
    const call = onTask(world, world.cast.lead, task!, 'send_back', given)
    await tryToGive(url, call)
    return {
      again: [call],
      async check() {
        const [run] = await world.ask<{ status: string; returns: number }>(
          `SELECT status, returns FROM ws.cw_run WHERE record = $1`,
          [record],
        )
        return run?.status === 'returned' && run.returns === 1 ? [] : [`it is ${JSON.stringify(run)}`]
      },
    }
  },
})

async function submit(
  world: CrashWorld,
  url: string,
  kind: string,
  values: Record<string, string> = {},
): Promise<string> {
  const call = submitErrand(world, kind, values)
  const answer = await tryToGive(url, call)
  if (answer?.status === 201) return answer.body.record.id
  if (answer !== null) throw new Error(`not submitted: ${answer.text}`)
  // What follows at once may kill the server before its answer is out.
  const text = `SELECT body->'record'->>'id' AS id FROM ws.cw_idempotency WHERE key = $1`
  const [kept] = await world.ask<{ id: string }>(text, [call.idempotencyKey])
  if (kept === undefined) throw new Error(`${kind}: neither submitted nor refused`)
  return kept.id
}

async function approval(world: CrashWorld, record: string): Promise<Call> {
  const [task] = await openTasks(world, record)
  return onTask(world, world.cast.lead, task!, 'decision', { decision: 'approve' })
}

/** The case has ended so, and what it wrote was written as often as it should. */
async function checkRecord(world: CrashWorld, record: string, status: string): Promise<string[]> {
  const broken: string[] = []
  const [run] = await world.ask<{ flow: string; status: string }>(
    `SELECT flow, status FROM ws.cw_run WHERE record = $1 AND parent_run IS NULL`,
    [record],
  )
  if (run?.status !== status) broken.push(`the case is ${run?.status}, not ${status}`)
  const growth = await growthOfRecord(world, record)
  const wanted = status === 'approved' ? (growthOf[run?.flow ?? ''] ?? 0) : 0
  if (growth !== wanted) broken.push(`it has grown by ${growth} in place of ${wanted}`)
  return broken
}

function inSeconds(count: number): string {
  return new Date(Date.now() + count * 1000).toISOString()
}
