import { pause } from '@channelwright/server/db/failures.ts'
import { jobsSchema } from '@channelwright/server/jobs/job.ts'
import {
  type Aftermath,
  applyEffect,
  batch,
  type CrashStory,
  decide,
  delegation,
  leaving,
  mail,
  parts,
  resting,
  sendingBack,
  signal,
  submitting,
  timer,
  webhook,
  withdrawal,
} from './crash-acts.ts'
import { type CrashWorld, give, untilSettled } from './crash-world.ts'
import { findBrokenRows, type RowsReport } from './flow-rows-invariants.ts'
import type { ServerProcess } from './server-process.ts'

// Which stories of dying servers are told, and how: once another server has taken over, all must have come to its end.

/** One for each kind of moment at which a server can die: those that every run of the tests tells. */
export const crashStories: readonly CrashStory[] = [
  decide('advance.effects-queued:2'),
  decide('command.after-commit'),
  applyEffect('effect.applied'),
  applyEffect('effect.after-commit'),
  webhook('effect.sent'),
  timer('timer.claimed'),
  mail,
  parts('news.after-commit'),
  leaving('command.after-commit'),
]

/** All other places, and the same ones reached in other ways. */
export const moreCrashStories: readonly CrashStory[] = [
  decide('command.after-guard'),
  decide('advance.events-written:2'),
  decide('command.before-commit'),
  applyEffect('effect.claimed'),
  applyEffect('effect.before-commit'),
  timer('news.before-commit'),
  timer('timer.after-commit'),
  delegation('delegation.one-given-back'),
  batch('batch.one-decided'),
  submitting('advance.events-written'),
  resting('command.before-commit:2'),
  parts('effect.before-commit'),
  parts('news.before-commit'),
  signal('news.before-commit'),
  leaving('news.before-commit'),
  leaving('news.after-commit'),
  leaving('news.before-commit:2'),
  submitting('advance.effects-queued'),
  webhook('effect.applied'),
  webhook('effect.before-commit'),
  timer('advance.events-written:2'),
  timer('news.after-commit'),
  delegation('news.before-commit'),
  delegation('news.before-commit:2'),
  delegation('news.after-commit'),
  resting('command.before-commit'),
  resting('command.after-commit'),
  resting('command.after-commit:2'),
  resting('advance.effects-queued:3'),
  batch('command.before-commit:2'),
  batch('command.after-commit:3'),
  parts('effect.claimed:2'),
  parts('effect.after-commit:3'),
  parts('news.before-commit:3'),
  parts('advance.effects-queued:4'),
  signal('news.after-commit'),
  signal('effect.before-commit'),
  withdrawal('command.before-commit'),
  withdrawal('command.after-commit'),
  sendingBack('command.before-commit'),
  sendingBack('command.after-commit'),
]

export interface StoriesReport {
  readonly kills: number
  readonly rows: RowsReport
  /** In words what went wrong, by story. */
  readonly broken: readonly string[]
}

/** Tells the stories one after the other, each to a server that dies of it; then one server brings all to their ends. */
export async function tellCrashStories(
  world: CrashWorld,
  stories: readonly CrashStory[],
): Promise<StoriesReport> {
  const told: { story: CrashStory; aftermath: Aftermath }[] = []
  for (const story of stories) {
    const aftermath = await tellOne(world, story)
    told.push({ story, aftermath })
  }
  await shelve(world, '-')
  const last = await world.start()
  const broken: string[] = []
  for (const { story, aftermath } of told)
    for (const call of aftermath.again ?? [])
      for (let times = 0; times < 3; times++) {
        const { status, text } = await give(last.url, call)
        if (status >= 300) broken.push(`${story.title}: given again it is answered ${status} ${text}`)
      }
  await untilSettled(world, 60_000)
  for (const { story, aftermath } of told)
    for (const words of await aftermath.check()) broken.push(`${story.title}: ${words}`)
  const rows = await findBrokenRows(world.composed.services, world.cast.key, { settled: true })
  await last.stop()
  return { kills: told.length, rows, broken: [...broken, ...rows.broken] }
}

async function tellOne(world: CrashWorld, story: CrashStory): Promise<Aftermath> {
  for (let tries = 1; ; tries++) {
    let server: ServerProcess | undefined
    try {
      server = await world.start({ failpoint: story.place })
      const aftermath = await story.act(world, server.url)
      const died = await Promise.race([server.death, pause(60_000)])
      if (died !== 'SIGKILL') throw new Error('the server did not die')
      return aftermath
    } catch (error) {
      // What an earlier death left may kill it before its own turn: a death as good as any, and the story is told anew.
      const isDead = server === undefined || (await Promise.race([server.death, pause(2_000)])) === 'SIGKILL'
      if (isDead && tries < 3) continue
      const said = [String(error), server?.said(), JSON.stringify(await leftOf(world))]
      throw new Error(`${story.title} could not be told: ${said.join('\n')}`, { cause: error })
    } finally {
      await untilUnheard(world)
      // Freed meanwhile, what it left would kill the next server before its own turn.
      await shelve(world, '+')
    }
  }
}

/** Postgres still carries out what a server sent before it died. */
async function untilUnheard({ ask }: CrashWorld): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const [busy] = await ask<{ count: number }>(
      `SELECT count(*)::integer AS count FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
         AND state <> 'idle'`,
    )
    if (busy?.count === 0) return
    await pause(50)
  }
  throw new Error('what a dead server asked for does not end')
}

function leftOf({ ask }: CrashWorld): Promise<unknown[]> {
  return ask(`SELECT key, run_at, locked_by, attempts FROM ${jobsSchema}._private_jobs ORDER BY run_at`)
}

/** Puts off by a day what is left to be done, and takes it back: clocks as well, for a start gives them jobs anew. */
async function shelve({ ask }: CrashWorld, sign: '+' | '-'): Promise<void> {
  const which = sign === '+' ? '<' : '>'
  await ask(
    `UPDATE ${jobsSchema}._private_jobs SET run_at = run_at ${sign} interval '1 day'
     WHERE run_at ${which} now() + interval '12 hours'`,
  )
  await ask(
    `UPDATE ws.cw_timer SET due_at = due_at ${sign} interval '1 day'
     WHERE state = 'open' AND due_at ${which} now() + interval '12 hours'`,
  )
}
