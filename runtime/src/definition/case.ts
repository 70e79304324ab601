import Type, { type Static } from 'typebox'
import { ExpectSchema } from './case-expect.ts'
import { closed, Duration, Instant, Name, Pointer, Ref, Values } from './case-shared.ts'
import { defineKind } from './kind.ts'
import { DecimalText, header, IsoDate, Key, TextSchema } from './shared.ts'

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

/**
 * One change of the definitions: the value at `path` (JSON pointer) of one of them is replaced, or taken away; or the
 * whole `definition` is added, or put in place of the one of its kind and key, or taken away.
 */
const CaseEdit = Type.Object(
  {
    kind: Key,
    key: Key,
    path: Type.Optional(Pointer),
    value: Type.Optional(Type.Unknown()),
    definition: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    remove: Type.Optional(Type.Literal(true)),
  },
  closed,
)
export type CaseEdit = Static<typeof CaseEdit>
const CaseEdits = Type.Array(CaseEdit, { minItems: 1 })

/** One thing that is done. Every step has at most one of these; THE list. */
const actions = {
  create: Type.Object(
    { as: Type.Optional(Name), object: Key, form: Type.Optional(Key), values: Values },
    closed,
  ),
  update: Type.Object({ record: Ref, form: Type.Optional(Key), values: Values }, closed),
  delete: Type.Object({ record: Ref }, closed),
  restore: Type.Object({ record: Ref }, closed),
  /** Short for `command` with `do: "decide"`. */
  decide: Type.Object(
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
  /** Anything that may be asked of a task or a run, by the name that the server has for it. */
  command: Type.Object(
    {
      do: Type.String({ minLength: 1 }),
      record: Ref,
      /** Which flow's latest run of the record; needed when it has several. */
      flow: Type.Optional(Key),
      /** Which step's task. */
      node: Type.Optional(Type.String()),
      /** Whose task; default: the person's own. */
      of: Type.Optional(Ref),
      /** What the command takes besides. */
      with: Type.Optional(Values),
    },
    closed,
  ),
  /** One of the server's routes, by its name: whatever can be asked over HTTP. Without `by` a stranger asks. */
  call: Type.Object(
    {
      route: Type.String({ minLength: 1 }),
      params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      query: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      headers: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      body: Type.Optional(Type.Unknown()),
      /** A body that is not JSON: a file, lines of a table. */
      content: Type.Optional(
        Type.Object(
          {
            type: Type.String({ minLength: 1 }),
            text: Type.Optional(Type.String()),
            base64: Type.Optional(Type.String()),
          },
          closed,
        ),
      ),
      /** The header carries `prefix` and the HMAC-SHA256 of the body in hexadecimal, as other systems sign events. */
      sign: Type.Optional(
        Type.Object(
          {
            header: Type.String({ minLength: 1 }),
            secret: Type.String({ minLength: 1 }),
            prefix: Type.Optional(Type.String()),
          },
          closed,
        ),
      ),
      /** Signed as Standard Webhooks has it, at the time of the case; a name of the case may stand for the secret. */
      webhook: Type.Optional(
        Type.Object({ id: Type.String({ minLength: 1 }), secret: Type.String({ minLength: 1 }) }, closed),
      ),
      /** Names for what stands at these JSON pointers of the answer. */
      keep: Type.Optional(Type.Record(Name, Pointer)),
    },
    closed,
  ),
  /** Somebody leaves, comes back, gets other roles, goes to another organisation. */
  member: Type.Object(
    {
      user: Ref,
      active: Type.Optional(Type.Boolean()),
      roles: Type.Optional(Type.Array(Key)),
      partner: Type.Optional(Type.Union([Ref, Type.Null()])),
    },
    closed,
  ),
  /** Time passes; what falls due on the way happens. `next`: until the next thing that waits for its time. */
  wait: Type.Union([Type.Literal('next'), Duration]),
  clock: Instant,
  runPlan: Type.Object(
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
  /** A new release. Runs and accruals under way keep the release they began under. */
  publish: CaseEdits,
} as const

const optional = <T extends Record<string, Type.TSchema>>(properties: T) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, Type.Optional(schema)]),
  ) as unknown as { [K in keyof T]: Type.TOptional<T[K]> }

const atOnce = ['create', 'update', 'delete', 'restore', 'decide', 'command', 'call', 'runPlan'] as const
type AtOnce = (typeof atOnce)[number]
const actionsAtOnce = Object.fromEntries(atOnce.map((name) => [name, actions[name]])) as Pick<
  typeof actions,
  AtOnce
>

/**
 * Steps that several people do at the same instant; each is one action. Time that passes there does so before all of
 * them, and what falls due at its end happens at the same instant as they do.
 */
const StepAtOnce = Type.Object(
  {
    by: Type.Optional(Ref),
    ...optional({ ...actionsAtOnce, wait: actions.wait, clock: actions.clock }),
  },
  closed,
)
export type CaseStepAtOnce = Static<typeof StepAtOnce>

/** What happens in a step: exactly one of the actions, or none (then the step only expects). */
export const CaseStepSchema = Type.Object(
  {
    note: Type.Optional(Type.Union([Type.String(), TextSchema])),
    /** So many times, one after the other; `{n}` in its texts counts from 1. Expectations are those of the last. */
    repeat: Type.Optional(Type.Integer({ minimum: 2, maximum: 500 })),
    /** Who does it. */
    by: Type.Optional(Ref),
    ...optional(actions),
    together: Type.Optional(Type.Array(StepAtOnce, { minItems: 2, maxItems: 200 })),
    expect: Type.Optional(ExpectSchema),
  },
  closed,
)
export type CaseStep = Static<typeof CaseStepSchema>

/** The step as often as it is done, each with its own number. */
export function repeatStep(step: CaseStep): readonly CaseStep[] {
  const { repeat, expect, ...rest } = step
  if (repeat === undefined) return [step]
  return Array.from({ length: repeat }, (_, at) => {
    const numbered = JSON.parse(JSON.stringify(rest).replaceAll('{n}', String(at + 1))) as CaseStep
    return at + 1 < repeat || expect === undefined ? numbered : { ...numbered, expect }
  })
}

export const caseActions = [...(Object.keys(actions) as (keyof typeof actions)[]), 'together'] as const

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
        /** The pack with other settings or definitions: policies that only this case tries. */
        definitions: Type.Optional(CaseEdits),
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
  begin: null,
  migrations: [],
  check: () => [],
})
