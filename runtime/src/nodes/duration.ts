import Type from 'typebox'
import { durationUnits } from '../flow/due-time.ts'

/** A stretch of time in settings of nodes: `{ after: 2, unit: 'workday' }`. At most about ten years. */
export const DurationSchema = Type.Object(
  {
    after: Type.Integer({ minimum: 1, maximum: 5_000_000 }),
    /** Workdays and working hours are those of the flow's calendar. */
    unit: Type.Enum([...durationUnits]),
  },
  { additionalProperties: false },
)
