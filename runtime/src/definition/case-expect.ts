import Type, { type Static } from 'typebox'
import { closed, Instant, Name, Pointer, Ref, Values } from './case-shared.ts'
import { DecimalText, IsoDate, Key, TextSchema } from './shared.ts'

const Count = Type.Integer({ minimum: 0 })

const ExpectRefusal = Type.Object(
  {
    code: Type.String(),
    status: Type.Optional(Type.Integer()),
    /** One of the details of the refusal carries this JSON pointer. */
    path: Type.Optional(Type.String()),
    /** One of the details of the refusal carries this code: a diagnostic, a rule of a field. */
    detail: Type.Optional(Type.String()),
    /** Part of the message, or of one of its details, in that language. */
    message: Type.Optional(Type.Partial(TextSchema)),
    /** Texts that stand nowhere in the answer: other people's names, for example. `@name` means its id. */
    hides: Type.Optional(Type.Array(Type.String())),
  },
  closed,
)

const ExpectRecords = Type.Object(
  {
    record: Type.Optional(Ref),
    object: Type.Optional(Key),
    /** A rule-free filter: fields that must be equal. */
    where: Type.Optional(Values),
    values: Type.Optional(Values),
    /** How many records of `object` meet `where`; 0: none. */
    count: Type.Optional(Count),
    /** The record is in the bin (or not). */
    deleted: Type.Optional(Type.Boolean()),
    /** The one record that meets `where` has this name from now on: what a flow made, for example. */
    as: Type.Optional(Name),
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
    /** Whatever else the server keeps of a task, by column: until when, for whom, in which order, with which weight. */
    has: Type.Optional(Values),
    /** Default: at least one. */
    count: Type.Optional(Count),
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
    /** Whatever else the server keeps of a run, by column. */
    has: Type.Optional(Values),
    /** How many runs the record has. */
    count: Type.Optional(Count),
  },
  closed,
)

const ExpectLedger = Type.Object(
  {
    /** Default: all plans, what an earner has in all. */
    plan: Type.Optional(Key),
    /** The organisation or person that earns. */
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
            /** `accrual`, `adjust`, and whatever else plans post. */
            kind: Type.Optional(Type.String()),
            amount: DecimalText,
            release: Type.Optional(Type.Integer()),
            /** Whatever else the server keeps of an entry, by column. */
            has: Type.Optional(Values),
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

/** Rows that the server keeps, of any of its tables: whatever a feature writes can be looked at from its first day. */
const ExpectRows = Type.Object(
  {
    /** A table of the workspace that begins with `cw_`, without that: `task`, `event`, `ledger_entry`. */
    table: Key,
    where: Type.Optional(Values),
    values: Type.Optional(Values),
    /** Default: at least one. */
    count: Type.Optional(Count),
    /** Names for what stands at these JSON pointers of the one row: the link in a mail that went out, for example. */
    keep: Type.Optional(Type.Record(Name, Pointer)),
  },
  closed,
)

const ExpectTogether = Type.Object(
  {
    /** How many of the steps succeeded. */
    done: Type.Optional(Count),
    /** How many were refused with each code; others were not refused. */
    refused: Type.Optional(Type.Record(Type.String(), Count)),
  },
  closed,
)

export const ExpectSchema = Type.Object(
  {
    /** The step is refused like this. Without it the step must succeed. */
    refused: Type.Optional(ExpectRefusal),
    /** Of the answer to a `call`: what stands at these JSON pointers. */
    reply: Type.Optional(Type.Record(Pointer, Type.Unknown())),
    together: Type.Optional(ExpectTogether),
    /** What time it is by the case's clock. */
    now: Type.Optional(Instant),
    records: Type.Optional(Type.Array(ExpectRecords)),
    tasks: Type.Optional(Type.Array(ExpectTasks)),
    runs: Type.Optional(Type.Array(ExpectRun)),
    ledger: Type.Optional(Type.Array(ExpectLedger)),
    explanations: Type.Optional(Type.Array(ExpectExplanation)),
    earnings: Type.Optional(Type.Array(ExpectEarnings)),
    visible: Type.Optional(Type.Array(ExpectVisible)),
    rows: Type.Optional(Type.Array(ExpectRows)),
  },
  closed,
)
export type CaseExpect = Static<typeof ExpectSchema>
