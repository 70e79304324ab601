import Type from 'typebox'
import type { JsonObject } from '../../json.ts'
import { defineCommand } from '../command-kind.ts'
import { carryPicks, takePicks } from '../picks.ts'
import { closed, Id, Json, Picks } from './shapes.ts'

/** The run itself is made by `advance`; here it sets out. */
export const start = defineCommand({
  name: 'start',
  title: { en: 'Submit', zh: '提交' },
  done: { en: 'submitted it', zh: '提交' },
  on: 'run',
  by: 'system',
  payload: Type.Object(
    {
      run: Id,
      release: Type.Integer(),
      object: Type.String(),
      record: Id,
      applicant: Id,
      parent: Type.Optional(
        Type.Object({ run: Id, activation: Id, item: Type.Union([Type.String(), Type.Null()]) }, closed),
      ),
      given: Type.Optional(Type.Union([Json, Type.Null()])),
      picks: Picks,
      /** The picks come from an earlier case, which this one begins anew. */
      anew: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  apply(engine, command) {
    // Whoever applied for what started this did not submit it.
    const data: JsonObject = command.parent === undefined ? {} : { trigger: 'flow' }
    engine.draft.say('started', { by: command.applicant, data })
    const first = engine.startNode()
    // Where nobody was there to choose, the policies of the steps say who is asked.
    if (command.anew === true) carryPicks(engine, command.picks)
    else if (command.picks !== undefined) takePicks(engine, first, command.picks)
    engine.enter(first, null)
  },
})
