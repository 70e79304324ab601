import { pause } from '@channelwright/server/db/failures.ts'
import { applyEffectJob } from '@channelwright/server/jobs/apply-effect.ts'
import { enqueueJobNow } from '@channelwright/server/jobs/enqueue.ts'
import { fireTimerJob } from '@channelwright/server/jobs/fire-timer.ts'
import { until } from '../support/crash-world.ts'
import type { LoadWorld, Place } from './load-world.ts'
import type { Chance } from './random.ts'

// What goes wrong while people work.

/** How often each kind of trouble came. */
export type TroubleTally = Record<TroubleName, number>

interface Trouble {
  readonly name: string
  /** How often it comes, beside the others. */
  readonly share: number
  make(world: LoadWorld, chance: Chance): Promise<void>
}

/** How far the clock of a machine jumps, in ms. */
export const clockJump = 3_600_000

const troubles = [
  // The server program that `npm start` uses notices within half a second and starts Postgres again where it was.
  { name: 'postgresImmediate', share: 14, make: (world) => endPostgres(world, 'SIGQUIT') },
  { name: 'postgresFast', share: 8, make: (world) => endPostgres(world, 'SIGINT') },
  { name: 'postgresKilled', share: 6, make: (world) => endPostgres(world, 'SIGKILL') },
  { name: 'serverKilled', share: 20, make: (world, chance) => restart(chance.pick(world.places)) },
  {
    name: 'bothServersKilled',
    share: 4,
    make: async (world) => {
      await Promise.all(world.places.map(restart))
    },
  },
  {
    name: 'databaseConnectionsCut',
    share: 8,
    make: async (world, chance) => {
      chance.pick(world.places).toDatabase.cutAll()
    },
  },
  {
    name: 'halfMessages',
    share: 8,
    make: async (world, chance) => {
      for (let times = 0; times < 5; times++)
        void chance.pick(world.places).toDatabase.cutNextMessage(200 + chance.below(4_000))
    },
  },
  {
    name: 'commitsUnheard',
    share: 10,
    make: async (world, chance) => {
      for (let times = 0; times < 5; times++)
        void chance.pick(world.places).toDatabase.loseAnswerWith('COMMIT\0')
    },
  },
  { name: 'listenersCut', share: 5, make: cutListeners },
  { name: 'clockJumps', share: 9, make: jumpClock },
  { name: 'jobsDeliveredAgain', share: 8, make: deliverAgain },
] as const satisfies readonly Trouble[]
export type TroubleName = (typeof troubles)[number]['name']

export function noTrouble(): TroubleTally {
  return Object.fromEntries(troubles.map(({ name }) => [name, 0])) as TroubleTally
}

/** Makes trouble until the time is over, every few seconds; then everything stands again. */
export async function makeTrouble(
  world: LoadWorld,
  chance: Chance,
  until: number,
  tally: TroubleTally,
  tell: (words: string) => void,
): Promise<void> {
  const bag = troubles.flatMap((trouble) => Array.from({ length: trouble.share }, () => trouble as Trouble))
  const under: Promise<void>[] = []
  while (Date.now() < until) {
    await pause(Math.min(2_500 + chance.below(5_000), Math.max(0, until - Date.now())))
    if (Date.now() >= until) break
    const trouble = chance.pick(bag)
    tell(trouble.name)
    tally[trouble.name as TroubleName] += 1
    // Not waited for: the next comes while a server is still starting, or a clock is still off.
    under.push(trouble.make(world, chance))
  }
  await Promise.all(under)
  for (const place of world.places) if (place.server === null) await place.start()
}

async function endPostgres(world: LoadWorld, signal: NodeJS.Signals): Promise<void> {
  process.kill(await world.postgres(), signal)
}

async function restart(place: Place): Promise<void> {
  // It is starting already.
  if (!place.wanted) return
  await place.kill()
  // It is started in the middle of other trouble: one that gives up is started again, as whatever runs it would do.
  for (let tries = 0; ; tries++)
    try {
      await place.start()
      return
    } catch (error) {
      if (tries === 5) throw error
    }
}

/** Only the connections that listen: hints are lost, and nothing else. */
async function cutListeners({ composed }: LoadWorld): Promise<void> {
  await composed.services.owner
    .query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE pid <> pg_backend_pid() AND (query ILIKE 'LISTEN%' OR application_name = 'channelwright notices')`,
    )
    .catch(() => undefined)
}

/** The clock of one machine is off for a while. */
async function jumpClock({ places }: LoadWorld, chance: Chance): Promise<void> {
  const place = chance.pick(places)
  const by = chance.percent(50) ? clockJump : -clockJump
  if (place.server?.isAlive()) place.server.shiftClock(by)
  await pause(2_000 + chance.below(4_000))
  if (place.server?.isAlive()) place.server.shiftClock(0)
}

/** Jobs that were done, or are to be done, come ten times. */
async function deliverAgain({ composed, errands, deals }: LoadWorld, chance: Chance): Promise<void> {
  const { services } = composed
  for (const key of [errands.key, deals.key]) {
    const effects = await services.owner
      .query<{ run: string; key: string; release: number; by: string }>(
        `SELECT e.run, e.key, r.release, e.by FROM ws_${key}.cw_effect e JOIN ws_${key}.cw_run r ON r.id = e.run
         ORDER BY e.queued_at DESC LIMIT 5`,
      )
      .catch(() => ({ rows: [] }))
    const timers = await services.owner
      .query<{ id: string }>(`SELECT id FROM ws_${key}.cw_timer ORDER BY due_at DESC LIMIT 5`)
      .catch(() => ({ rows: [] }))
    const again = async (times: number) => {
      const mark = chance.below(1e9)
      for (const effect of effects.rows)
        await enqueueJobNow(services, key, applyEffectJob, effect, { key: `${effect.key} ${mark} ${times}` })
      for (const { id } of timers.rows)
        await enqueueJobNow(services, key, fireTimerJob, { timer: id }, { key: `${id} ${mark} ${times}` })
    }
    for (let times = 0; times < 10; times++) await again(times).catch(() => undefined)
  }
}

/** All servers answer and no trouble is left. */
export async function untilCalm({ places, composed }: LoadWorld): Promise<void> {
  for (const place of places) place.server?.shiftClock(0)
  await until(async () => {
    const answers = await Promise.all(
      places.map(({ url }) =>
        fetch(`${url}/readyz`).then(
          ({ status }) => status,
          () => 0,
        ),
      ),
    )
    const database = await composed.services.owner.query('SELECT 1').catch(() => null)
    return database !== null && answers.every((status) => status === 200)
  }, 120_000)
}
