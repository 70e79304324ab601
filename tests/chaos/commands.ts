import { pause } from '@channelwright/server/db/failures.ts'
import { type Call, give } from '../support/crash-world.ts'
import type { Answer } from '../support/members.ts'
import type { LoadWorld } from './load-world.ts'
import type { Chance } from './random.ts'

/** What came of a command in the end. */
export interface Outcome {
  readonly call: Call
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely here
  readonly body: any
  /** How often it was given until an answer came that says what became of it. */
  readonly tries: number
}

/** What clients know: every command they gave, and what they were told of it. */
export interface ClientLog {
  readonly outcomes: Outcome[]
  tries: number
  lost: number
  /** Commands given several times at once. */
  doubled: number
}

export function createClientLog(): ClientLog {
  return { outcomes: [], tries: 0, lost: 0, doubled: 0 }
}

/** So long a command is given again, in ms: longer than any trouble lasts. */
const patience = 180_000

/**
 * Gives a command until somebody says what became of it: after a broken connection or a 5xx the same again, with the
 * same id, to whichever server. Now and then it is given several times at once, as double clicks and eager networks do.
 */
export async function giveUntilTold(
  world: LoadWorld,
  chance: Chance,
  log: ClientLog,
  call: Call,
): Promise<Outcome> {
  const end = Date.now() + patience
  for (let tries = 1; ; tries++) {
    const copies = chance.percent(10) ? 2 + chance.below(9) : 1
    if (copies > 1) log.doubled += 1
    if (chance.percent(4)) void chance.pick(world.places).toClients.loseAnswerWith('HTTP/1.1 2')
    log.tries += copies
    const answers = await Promise.all(
      Array.from({ length: copies }, () => give(chance.pick(world.places).url, call).catch(() => null)),
    )
    const told = answers.filter((answer): answer is Answer => answer !== null && answer.status < 500)
    log.lost += answers.length - told.length
    // A refusal is believed where nobody is silent: what is still on its way might be done yet.
    const best =
      told.find(({ status }) => status < 300) ?? (told.length === answers.length ? told[0] : undefined)
    if (best !== undefined) {
      const outcome = { call, status: best.status, body: best.body, tries }
      if (call.method !== 'GET') log.outcomes.push(outcome)
      return outcome
    }
    if (Date.now() > end)
      throw new Error(
        `nobody said what became of ${call.method} ${call.path}: ${answers.at(-1)?.text ?? 'no answer'}`,
      )
    await pause(50 + chance.below(400))
  }
}
