import Type, { type Static } from 'typebox'
import { defineKind } from './kind.ts'
import { DecimalText, header, IsoDate, Key, TextSchema } from './shared.ts'

/** A name given to a user or record of the case. Written `@name` where it is meant. */
const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' })
/** `@name` of a user or record of the case. */
const Ref = Type.String({ pattern: '^@[a-z][a-z0-9_]{0,39}$' })
/** ISO 8601 instant with its offset: `2026-03-02T09:00:00+08:00`. */
const Instant = Type.String({
  pattern:
    '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?(Z|[+-][0-9]{2}:[0-9]{2})$',
})
/** ISO 8601 duration: `P90D`, `P1M`, `PT24H`. Days and longer are calendar steps in the case's time zone. */
const Duration = Type.String({
  pattern: '^P(?=.)([0-9]+Y)?([0-9]+M)?([0-9]+W)?([0-9]+D)?(T(?=.)([0-9]+H)?([0-9]+M)?([0-9]+S)?)?$',
})
/**
 * Field values. A text that begins with `@` names a user or record of the case (`@@` for a text that begins with
 * one); `{"$date": "+30d"}` is the case's day moved by days (d), months (m) or years (y).
 */
const Values = Type.Record(Key, Type.Unknown())
const closed = { additionalProperties: false } as const

const CaseUser = Type.Object(
  {
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    roles: Type.Array(Key),
    /** The record of the organisation the person belongs to; none for the vendor's own people. */
    partner: Type.Optional(Ref),
    locale: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('zh')])),
  },
  closed,
)

const CaseRecord = Type.Object({ as: Type.Optional(Name), object: Key, values: Values }, closed)

/** A rule-free filter: fields that must be equal. */
const Where = Values

const ExpectRefusal = Type.Object(
  {
    code: Type.String(),
    status: Type.Optional(Type.Integer()),
    /** One of the details of the refusal carries this JSON pointer. */
    path: Type.Optional(Type.String()),
    /** Part of the message, or of one of its details, in that language. */
    message: Type.Optional(Type.Partial(TextSchema)),
    /** Texts that stand nowhere in the answer: other people's names, for example. `@name` means the display value. */
    hides: Type.Optional(Type.Array(Type.String())),
  },
  closed,
)

const ExpectRecords = Type.Object(
  {
    record: Type.Optional(Ref),
    object: Type.Optional(Key),
    where: Type.Optional(Where),
    values: Type.Optional(Values),
    /** How many records of `object` meet `where`; 0: none. */
    count: Type.Optional(Type.Integer({ minimum: 0 })),
    /** The record is in the bin (or not). */
    deleted: Type.Optional(Type.Boolean()),
  },
  closed,
)

const ExpectTasks = Type.Object(
  {
    record: Ref,
    node: Type.Optional(Type.String()),
    assignee: Type.Optional(Ref),
    state: Type.Optional(Type.String()),
    comment: Type.Optional(Type.String()),
    /** Default: at least one. */
    count: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
)

const ExpectRun = Type.Object(
  {
    record: Ref,
    flow: Type.Optional(Key),
    status: Type.Optional(Type.String()),
    outcome: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    release: Type.Optional(Type.Integer()),
    /** Types of the events, in this order, others may stand between. */
    timeline: Type.Optional(Type.Array(Type.String())),
    /** How many runs the record has. */
    count: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  closed,
)

const ExpectLedger = Type.Object(
  {
    plan: Key,
    /** The organisation that earns. */
    earner: Type.Optional(Ref),
    /** First day of the window. */
    window: Type.Optional(IsoDate),
    /** Entries whose window counts this record. */
    record: Type.Optional(Ref),
    /** The amounts of the entries, in the order posted. */
    entries: Type.Optional(
      Type.Array(
        Type.Object(
          {
            kind: Type.Optional(Type.Union([Type.Literal('accrual'), Type.Literal('adjust')])),
            amount: DecimalText,
            release: Type.Optional(Type.Integer()),
          },
          closed,
        ),
      ),
    ),
    /** What they add up to. */
    total: Type.Optional(DecimalText),
  },
  closed,
)

const ExpectExplanation = Type.Object(
  {
    plan: Key,
    earner: Ref,
    window: Type.Optional(IsoDate),
    record: Type.Optional(Ref),
    /** Who reads; default: someone who sees all. */
    by: Type.Optional(Ref),
    amount: Type.Optional(DecimalText),
    /** Parts of the sentences, in this order. */
    sentences: Type.Optional(
      Type.Partial(Type.Object({ en: Type.Array(Type.String()), zh: Type.Array(Type.String()) })),
    ),
    /** The source records that the reader is shown. */
    records: Type.Optional(Type.Array(Ref)),
  },
  closed,
)

const ExpectVisible = Type.Object(
  {
    by: Ref,
    object: Key,
    /** Exactly these, in any order. */
    records: Type.Optional(Type.Array(Ref)),
    includes: Type.Optional(Type.Array(Ref)),
    excludes: Type.Optional(Type.Array(Ref)),
    /** Fields that the reader is shown, or not, on each record named. */
    fields: Type.Optional(Type.Array(Key)),
    hiddenFields: Type.Optional(Type.Array(Key)),
  },
  closed,
)

const ExpectEarnings = Type.Object(
  {
    by: Ref,
    plan: Key,
    /** First day of the window; without it all windows together. */
    window: Type.Optional(IsoDate),
    total: Type.Optional(DecimalText),
    /** What the measure still lacks to the next band; null: none above. */
    nextBand: Type.Optional(Type.Union([DecimalText, Type.Null()])),
  },
  closed,
)

export const ExpectSchema = Type.Object(
  {
    /** The step is refused like this. Without it the step must succeed. */
    refused: Type.Optional(ExpectRefusal),
    records: Type.Optional(Type.Array(ExpectRecords)),
    tasks: Type.Optional(Type.Array(ExpectTasks)),
    runs: Type.Optional(Type.Array(ExpectRun)),
    ledger: Type.Optional(Type.Array(ExpectLedger)),
    explanations: Type.Optional(Type.Array(ExpectExplanation)),
    earnings: Type.Optional(Type.Array(ExpectEarnings)),
    visible: Type.Optional(Type.Array(ExpectVisible)),
  },
  closed,
)
export type CaseExpect = Static<typeof ExpectSchema>

/** What happens in a step: exactly one of the actions, or none (then the step only expects). */
export const CaseStepSchema = Type.Object(
  {
    note: Type.Optional(Type.Union([Type.String(), TextSchema])),
    /** Who does it. */
    by: Type.Optional(Ref),
    create: Type.Optional(
      Type.Object({ as: Type.Optional(Name), object: Key, form: Type.Optional(Key), values: Values }, closed),
    ),
    update: Type.Optional(Type.Object({ record: Ref, form: Type.Optional(Key), values: Values }, closed)),
    delete: Type.Optional(Type.Object({ record: Ref }, closed)),
    restore: Type.Optional(Type.Object({ record: Ref }, closed)),
    decide: Type.Optional(
      Type.Object(
        {
          record: Ref,
          /** Needed when the person has several open tasks on the record. */
          node: Type.Optional(Type.String()),
          /** `approve`, `reject`, … as the node's type understands it. */
          decision: Type.String(),
          comment: Type.Optional(Type.String()),
          /** Fields of the record that the step opens to the one who decides. */
          values: Type.Optional(Values),
        },
        closed,
      ),
    ),
    /** What those who administer flows may do to the record's latest case. */
    administer: Type.Optional(
      Type.Object(
        { record: Ref, do: Type.Enum(['terminate', 'retry']), reason: Type.String({ minLength: 1 }) },
        closed,
      ),
    ),
    /** Somebody leaves, comes back, or gets other roles. */
    member: Type.Optional(
      Type.Object(
        { user: Ref, active: Type.Optional(Type.Boolean()), roles: Type.Optional(Type.Array(Key)) },
        closed,
      ),
    ),
    withdraw: Type.Optional(Type.Object({ record: Ref, comment: Type.Optional(Type.String()) }, closed)),
    /** Time passes; what falls due on the way happens. */
    wait: Type.Optional(Duration),
    clock: Type.Optional(Instant),
    runPlan: Type.Optional(
      Type.Object(
        {
          plan: Key,
          /** Computed and compared, nothing posted. */
          simulate: Type.Optional(Type.Boolean()),
          /** Bring windows that begin on or after this day to the plan as it stands now. */
          recomputeFrom: Type.Optional(IsoDate),
          /** What a simulation would post in all. */
          wouldPost: Type.Optional(DecimalText),
        },
        closed,
      ),
    ),
    /**
     * A new release: each edit replaces one value of a definition, addressed by kind, key and JSON pointer.
     * Runs and accruals under way keep the release they began under.
     */
    publish: Type.Optional(
      Type.Array(Type.Object({ kind: Key, key: Key, path: Type.String(), value: Type.Unknown() }, closed), {
        minItems: 1,
      }),
    ),
    expect: Type.Optional(ExpectSchema),
  },
  closed,
)
export type CaseStep = Static<typeof CaseStepSchema>

/** The actions of a step; a step has at most one. */
export const caseActions = [
  'create',
  'update',
  'delete',
  'restore',
  'decide',
  'administer',
  'member',
  'withdraw',
  'wait',
  'clock',
  'runPlan',
  'publish',
] as const

/** A pack's case (`case/1`): given, when, then. `docs/guide/pack-cases.md` tells it with examples. */
export const CaseSchema = Type.Object(
  {
    ...header('case/1'),
    /** When the story begins. */
    clock: Instant,
    /** IANA name; days, windows and deadlines are counted in it. */
    timeZone: Type.String({ minLength: 1 }),
    given: Type.Object(
      {
        users: Type.Record(Name, CaseUser),
        /** Put in as they stand, by the engine: no form, no flow, before anybody acts. */
        records: Type.Optional(Type.Array(CaseRecord)),
      },
      closed,
    ),
    steps: Type.Array(CaseStepSchema, { minItems: 1, maxItems: 500 }),
  },
  closed,
)
export type CaseDefinition = Static<typeof CaseSchema>

/** A case is no part of a release, so it stands beside the list of kinds; editors complete it like them. */
export const caseKind = defineKind({
  name: 'case',
  format: 1,
  title: { en: 'Case', zh: '用例' },
  folder: 'cases',
  schema: CaseSchema,
  migrations: [],
  check: () => [],
})
