import type { JsonObject } from '../json.ts'
import type { PeopleQuestion } from './people.ts'

/** What must be found before the simulation can be made; call it again with the same and more. */
export class SimulationNeeds extends Error {
  constructor(
    readonly questions: readonly PeopleQuestion[],
    readonly users: readonly string[],
    /** Records whose references are to be followed. */
    readonly records: readonly JsonObject[],
    /** What rules read where the questions are asked. */
    readonly data: JsonObject = {},
  ) {
    super('Something is not known yet')
  }
}
