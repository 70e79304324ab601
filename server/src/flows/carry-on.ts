import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { advance } from '@channelwright/runtime/flow/advance.ts'
import type { Advance, FlowCommand } from '@channelwright/runtime/flow/command.ts'
import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { PeopleQuestion } from '@channelwright/runtime/nodes/node-type.ts'
import type { Unit } from '../db/unit.ts'
import { lookingUp } from '../records/rules.ts'
import { findPeople } from './find-people.ts'
import type { ReadyFlow } from './flow-data.ts'
import { queueEffects } from './queue-effects.ts'
import { saveAdvance } from './run-store.ts'

/** A sound flow asks for people once per step it enters; far more rounds than steps mean a fault. */
const maxRounds = 1_000

/**
 * One command on one run, in the unit's transaction: advances it, stores what changed, queues its effects. The run
 * must be locked by this transaction (or new), the unit be under the run's release. Refuses with the codes of
 * `errors/flows.ts`.
 */
export async function carryOn(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun | null,
  command: FlowCommand,
  data: JsonObject,
  onBehalfOf: string,
): Promise<FlowRun> {
  const applicant = command.type === 'start' ? command.applicant : (run?.applicant ?? '')
  const advanced = await advanceWithPeople(unit, ready, run, command, data, applicant)
  await unit.asEngine(async () => {
    await saveAdvance(unit, run, advanced)
    await queueEffects(unit, advanced, onBehalfOf)
  })
  return advanced.run
}

async function advanceWithPeople(
  unit: Unit,
  ready: ReadyFlow,
  run: FlowRun | null,
  command: FlowCommand,
  data: JsonObject,
  applicant: string,
): Promise<Extract<Advance, { kind: 'advanced' }>> {
  const answers = new Map<string, readonly string[]>()
  const keyOf = (question: PeopleQuestion) => JSON.stringify(question)
  for (let round = 0; round < maxRounds; round++) {
    const result = await lookingUp(unit, data, (known) =>
      advance(ready.flow, run, command, {
        now: unit.now,
        data: known,
        newId: () => unit.services.ids.next(),
        evaluate: ready.evaluate,
        people: (question) => answers.get(keyOf(question)),
      }),
    )
    if (result.kind === 'advanced') return result
    if (result.kind === 'refused') throw new Refusal(result.error, result.values)
    for (const question of result.questions)
      answers.set(
        keyOf(question),
        await findPeople(unit, question, { object: ready.flow.object, applicant, data }),
      )
  }
  throw new Error(`Flow ${ready.flow.key} asks for people without end`)
}
