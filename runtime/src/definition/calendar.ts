import Type, { type Static } from 'typebox'
import { weekdays } from '../logic/calendars/work-calendar.ts'
import { checkCalendar } from './check-calendar.ts'
import { defineKind } from './kind.ts'
import { byKey, header, IsoDate, TextSchema, XId } from './shared.ts'

const Clock = Type.String({
  pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$',
  description: 'Time of day on the wall: 09:00; 24:00 is the end of the day.',
})
const Hours = Type.Array(Type.Object({ from: Clock, to: Clock }, { additionalProperties: false }), {
  maxItems: 8,
  description: 'Working hours of one day, in order.',
})

/**
 * Which days are worked and at what hours. Rules reckon with it (`workday_add`, `business_hours_add`, …) inside
 * `covers` alone: of a year that nobody has entered yet nothing is guessed.
 */
export const CalendarSchema = Type.Object(
  {
    ...header('calendar/1'),
    /** IANA name of the time zone that the hours are in. */
    timezone: Type.String({ minLength: 1, maxLength: 60, description: 'Time zone: Asia/Shanghai.' }),
    /** First and last day of which the calendar knows whether they are worked. */
    covers: Type.Object({ from: IsoDate, to: IsoDate }, { additionalProperties: false }),
    /** Where the days come from: a notice, a law. */
    source: Type.Optional(Type.String({ maxLength: 2000 })),
    workdays: Type.Array(Type.Enum([...weekdays]), { uniqueItems: true, maxItems: 7 }),
    /** Working hours of a day that names none of its own. */
    hours: Hours,
    /** Where a day of the week has other hours. */
    hoursOf: Type.Optional(
      Type.Partial(Type.Object(Object.fromEntries(weekdays.map((day) => [day, Hours])), byKey)),
    ),
    /** Days that differ from the week: holidays, and days off that are worked to make up for one. */
    days: Type.Array(
      Type.Object(
        {
          'x-id': XId,
          title: TextSchema,
          from: IsoDate,
          /** Last day; default the same day. */
          to: Type.Optional(IsoDate),
          work: Type.Boolean({ description: 'true: a day off that is worked; false: a day off.' }),
          hours: Type.Optional(Hours),
        },
        { additionalProperties: false },
      ),
      { maxItems: 2000 },
    ),
  },
  { additionalProperties: false },
)
export type CalendarDefinition = Static<typeof CalendarSchema>

declare module './definition-set.ts' {
  interface DefinitionSet {
    readonly calendars: ReadonlyMap<string, CalendarDefinition>
  }
}

export const calendarKind = defineKind({
  name: 'calendar',
  format: 1,
  title: { en: 'Calendar', zh: '工作日历' },
  folder: 'calendars',
  schema: CalendarSchema,
  begin: ({ today, timezone }) => ({
    timezone,
    covers: { from: `${today.slice(0, 4)}-01-01`, to: `${today.slice(0, 4)}-12-31` },
    workdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
    hours: [{ from: '09:00', to: '18:00' }],
    days: [],
  }),
  migrations: [],
  check: checkCalendar,
})
