import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import { crashStories, moreCrashStories, tellCrashStories } from '../support/crash-stories.ts'
import { openCrashWorld, untilSettled } from '../support/crash-world.ts'
import { type BuiltServer, buildTestServer } from '../support/server-process.ts'
import { createClientLog } from './commands.ts'
import { bringToEnds } from './finish.ts'
import { openLoadWorld } from './load-world.ts'
import { doSomething } from './people.ts'
import { createChance } from './random.ts'
import { makeTrouble, noTrouble, untilCalm } from './trouble.ts'
import { judge } from './verdict.ts'

// `npm run chaos -- --minutes N --seed S --clients N --only stories|load`: the server is killed at every named place;
// then Postgres and two servers die every few seconds, wires break and clocks jump, while people work. Tells in JSON
// what was done and found; exit code 1 when anything is not as it should be.

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    clients: { type: 'string', default: '8' },
    only: { type: 'string' },
  },
})
const minutes = Number(values.minutes)
const clients = Number(values.clients)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
const { only } = values
const isKnown = only === undefined || only === 'stories' || only === 'load'
if (
  !(minutes > 0) ||
  !Number.isSafeInteger(seed) ||
  !Number.isSafeInteger(clients) ||
  clients < 1 ||
  !isKnown
) {
  console.error('usage: npm run chaos -- [--minutes N] [--seed S] [--clients N] [--only stories|load]')
  process.exit(2)
}

const started = Date.now()
const tell = (words: string) => console.error(`${((Date.now() - started) / 1000).toFixed(1)} s: ${words}`)
const built = await buildTestServer()
try {
  const stories = only === 'load' ? null : await tellStories(built)
  const load = only === 'stories' ? null : await loadUnderTrouble(built)
  const violations = [...(stories?.violations ?? []), ...(load?.violations ?? [])]
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(JSON.stringify({ seed, seconds, stories, load, violations: violations.length }, null, 2))
  process.exitCode = violations.length === 0 ? 0 : 1
} finally {
  await built.remove()
}

async function tellStories(server: BuiltServer) {
  const dir = join(tmpdir(), `cw-chaos-stories-${process.pid}`)
  const database = await startEmbedded({ dir, password: 'chaos', disposable: true })
  const world = await openCrashWorld(database.url, server)
  try {
    tell(`${crashStories.length + moreCrashStories.length} stories of servers that die`)
    const { kills, rows, broken } = await tellCrashStories(world, [...crashStories, ...moreCrashStories])
    const { runs, events, effects } = rows
    return { kills, runs, events, effects, violations: broken }
  } finally {
    await world.close()
    await database.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

async function loadUnderTrouble(server: BuiltServer) {
  const chance = createChance(seed)
  const world = await openLoadWorld(server)
  try {
    for (const place of world.places) await place.start()
    world.hook.answer(() => {
      const luck = chance.below(100)
      return luck < 80 ? 200 : luck < 92 ? 503 : 'hang up'
    })
    const log = createClientLog()
    const troubles = noTrouble()
    const end = Date.now() + minutes * 60_000
    tell(`${clients} people work for ${minutes} minutes, seed ${seed}`)
    const work = Array.from({ length: clients }, async (_, at) => {
      const ways = { world, log, chance: createChance(seed + 7919 * (at + 1)) }
      while (Date.now() < end) await doSomething(ways)
    })
    await Promise.all([...work, makeTrouble(world, chance, end, troubles, tell)])
    tell('no more trouble')
    world.hook.answer(() => 200)
    await untilCalm(world)
    const open = await bringToEnds(world, createChance(seed), log, 300_000)
    tell('every case has ended')
    const unsettled = await untilSettled(worldOfRows(world), 300_000).then(
      () => [],
      (error: Error) => [error.message],
    )
    const verdict = await judge(world, log)
    const answers: Record<string, number> = {}
    for (const { status, body } of log.outcomes) {
      const said = status < 300 ? 'done' : String(body?.code ?? status)
      answers[said] = (answers[said] ?? 0) + 1
    }
    const starts = [...world.starts].sort((a, b) => a - b)
    return {
      clients,
      minutes,
      troubles,
      serverStarts: { count: starts.length, medianMs: starts[starts.length >> 1], longestMs: starts.at(-1) },
      commands: log.outcomes.length,
      answers,
      retries: log.outcomes.reduce((sum, { tries }) => sum + tries - 1, 0),
      tries: log.tries,
      lostAnswers: log.lost,
      givenSeveralTimesAtOnce: log.doubled,
      ...verdict,
      violations: [...open, ...unsettled, ...verdict.violations],
    }
  } finally {
    await world.close()
  }
}

function worldOfRows({ composed }: Awaited<ReturnType<typeof openLoadWorld>>) {
  return {
    ask: async <Row>(text: string, given: readonly unknown[] = []) =>
      (await composed.services.owner.query(text, [...given])).rows as Row[],
  }
}
