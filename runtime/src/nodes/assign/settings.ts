import Type, { type Static } from 'typebox'
import { Key, RuleJson, TextSchema } from '../../definition/shared.ts'
import { DurationSchema } from '../duration.ts'
import { AftermathSchema } from './aftermath-settings.ts'

const closed = { additionalProperties: false } as const

/** Who answers for a candidate when it is asked whether it accepts. */
export const ContactsSchema = Type.Union([
  /** The person in a user field of the candidate. */
  Type.Object({ field: Key }, closed),
  /** Partner contacts of the organisation, for this kind of matter. */
  Type.Object({ contact: Key }, closed),
  /** Members of the candidate (a partner organisation) who hold the role. */
  Type.Object({ role: Key }, closed),
])

export const AssignRule = Type.Object(
  {
    title: TextSchema,
    /** Which candidates, as a rule over the candidate; `{"var": "$record.region"}` reads the flow's record. */
    where: Type.Optional(RuleJson),
    /**
     * `least_recent`: whose turn was longest ago. `weighted`: in turn, by the weights. `least_loaded`: who has the fewest
     * open ones, then whose turn was longest ago. `broadcast`: several are asked, the first to accept gets it.
     */
    by: Type.Enum(['least_recent', 'weighted', 'least_loaded', 'broadcast']),
    /** Whole-number field of the candidate that says its share. Default 1 each. */
    weight: Type.Optional(Key),
    /** Whole-number field of the candidate: no more open ones than this. */
    capacity: Type.Optional(Key),
    /** How many are asked in a broadcast. Default 5. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  },
  closed,
)
export type AssignRule = Static<typeof AssignRule>

export const AssignSettings = Type.Object(
  {
    /** The object whose records are the candidates. */
    candidates: Key,
    /** The reference of the flow's record that takes the one. */
    into: Key,
    /** Tried in order; the first that has candidates decides. */
    rules: Type.Array(AssignRule, { minItems: 1, maxItems: 50 }),
    /** Which records of the flow's object count as open, as a rule over them. Default all. */
    open: Type.Optional(RuleJson),
    /** Ask before it is given: whom, and how long they have. Without it the choice stands at once. */
    ask: Type.Optional(
      Type.Object(
        {
          contacts: ContactsSchema,
          within: DurationSchema,
          /** Who has not answered by then is reminded. */
          remind: Type.Optional(DurationSchema),
          /**
           * The record names whoever is asked from that moment on, so that they may see what they are asked about; it is
           * taken back when they do not accept. Not with a broadcast.
           */
          reserve: Type.Optional(Type.Boolean()),
          on: Type.Optional(AftermathSchema),
        },
        closed,
      ),
    ),
    /**
     * Who is not there is passed over: gone, away while somebody stands in for them, or off duty. Without it only those
     * who are gone are.
     */
    available: Type.Optional(
      Type.Object(
        {
          /** Who must be there for a candidate, one of them is enough. Default whom `ask` asks. */
          contacts: Type.Optional(ContactsSchema),
          /** On duty in the working hours of this calendar, */
          calendar: Type.Optional(Key),
          /** or of the one that this choice or text field of the candidate names. */
          calendarOf: Type.Optional(Key),
          /** Nobody is there at all: choose as if they were (default), or leave by `unassigned`. */
          otherwise: Type.Optional(Type.Enum(['anyway', 'unassigned'])),
        },
        closed,
      ),
    ),
    /** How often somebody else is chosen after a refusal or silence, never one who had it before. Default 3. */
    recycles: Type.Optional(Type.Integer({ minimum: 0, maximum: 50 })),
    /** Whether what was given is taken back when the case goes back behind it or is withdrawn. Default no. */
    undo: Type.Optional(Type.Boolean()),
  },
  closed,
)
export type AssignSettings = Static<typeof AssignSettings>
