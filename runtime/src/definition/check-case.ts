import * as errors from '../errors/cases.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import {
  danglingFlow,
  danglingForm,
  danglingObject,
  danglingPlan,
  danglingRole,
  definitionNotObject,
} from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { pointerToken } from '../fields/describe-validation.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject } from '../json.ts'
import {
  type CaseDefinition,
  type CaseEdit,
  CaseSchema,
  type CaseStep,
  caseActions,
  repeatStep,
} from './case.ts'
import { caseMatchers, caseValues } from './case-shared.ts'
import type { DefinitionSource } from './definition-set.ts'
import { type Diagnostic, hasErrors } from './diagnostic.ts'
import { readJson } from './read-json.ts'
import { checkShape } from './shape.ts'

/** What cases may name that is not of the case itself; a list that is absent is not compared. */
export interface CaseSurroundings {
  readonly objects?: readonly string[]
  readonly forms?: readonly string[]
  readonly flows?: readonly string[]
  readonly plans?: readonly string[]
  readonly roles?: readonly string[]
  /** Names of the server's routes, and of what may be asked of tasks and runs. */
  readonly routes?: readonly string[]
  readonly commands?: readonly string[]
}

export interface ReadCase {
  /** Null when a diagnostic is an error. */
  readonly definition: CaseDefinition | null
  readonly diagnostics: readonly Diagnostic[]
  /** Line, counted from 1, of the value at the pointer. */
  lineOf(pointer: string): number
}

/** Text → JSON → shape → what the steps say of each other and of the definitions around. Never throws. */
export function readCase(
  source: Pick<DefinitionSource, 'pack' | 'path' | 'text'>,
  around: CaseSurroundings = {},
): ReadCase {
  const json = readJson(source.text)
  const file = `${source.pack}/${source.path}`
  const lineOf = (pointer: string) => json.locate(pointer).line
  const stop = (found: readonly Diagnostic[], definition: CaseDefinition | null = null): ReadCase => ({
    definition: hasErrors(found) ? null : definition,
    diagnostics: found.map((each) => ({ ...json.locate(each.path), ...each, kind: 'case', file })),
    lineOf,
  })
  if (json.value === undefined) return stop(json.diagnostics)
  if (!isJsonObject(json.value)) return stop([diagnose(definitionNotObject, '')])
  const wrong = checkShape(CaseSchema, json.value)
  if (wrong.length > 0) return stop(wrong)
  const definition = json.value as unknown as CaseDefinition
  return stop(new CaseCheck(definition, around).run(), definition)
}

const familyErrors = {
  objects: danglingObject,
  forms: danglingForm,
  flows: danglingFlow,
  plans: danglingPlan,
  roles: danglingRole,
  routes: errors.caseRouteUnknown,
  commands: errors.caseCommandUnknown,
} satisfies Record<keyof CaseSurroundings, ErrorCode>

/** Keys of steps that name something of a family, wherever they stand. */
const familyOf: Readonly<Record<string, keyof CaseSurroundings>> = {
  object: 'objects',
  form: 'forms',
  flow: 'flows',
  plan: 'plans',
  route: 'routes',
}
/** What these hold is data of the pack, where `object` and the like are anything. */
const dataKeys = new Set(['values', 'where', 'has', 'with', 'body', 'params', 'query', 'headers', 'reply'])

/** What people say is said as it stands. */
const spokenKeys = new Set(['comment', 'note', 'message', 'sentences', 'reason'])

class CaseCheck {
  private readonly found: Diagnostic[] = []
  private readonly names = new Set<string>()
  private readonly families: Partial<Record<keyof CaseSurroundings, readonly string[]>>

  constructor(
    private readonly definition: CaseDefinition,
    around: CaseSurroundings,
  ) {
    const edits = [
      ...(definition.given.definitions ?? []),
      ...definition.steps.flatMap((step) => step.publish ?? []),
    ]
    const added = (family: string) =>
      edits.filter((edit) => `${edit.kind}s` === family && edit.definition).map((edit) => edit.key)
    this.families = Object.fromEntries(
      Object.entries(around).map(([family, keys]) => [family, [...keys, ...added(family)]]),
    )
    // A role is made by the grants that name it; a case may bring grants of its own.
    if (edits.some((edit) => edit.kind === 'grant')) delete this.families.roles
  }

  run(): Diagnostic[] {
    const { given, steps, timeZone } = this.definition
    if (!isTimeZone(timeZone)) this.add(errors.caseZoneUnknown, '/timeZone', { name: timeZone })
    this.edits(given.definitions ?? [], '/given/definitions')
    for (const [index, { as }] of (given.records ?? []).entries())
      if (as !== undefined) this.name(as, `/given/records/${index}/as`)
    for (const [name, user] of Object.entries(given.users)) {
      const at = `/given/users/${name}`
      this.name(name, at)
      for (const [index, role] of user.roles.entries()) this.known('roles', role, `${at}/roles/${index}`)
    }
    this.walk(given.records ?? [], '/given/records')
    for (const [name, user] of Object.entries(given.users))
      if (user.partner !== undefined) this.ref(user.partner, `/given/users/${name}/partner`)
    for (const [index, step] of steps.entries())
      for (const one of repeatStep(step)) this.step(one, `/steps/${index}`)
    // What is wrong with a step that is repeated is wrong once.
    const seen = new Set<string>()
    return this.found.filter(({ path, code }) => {
      const key = `${path} ${code}`
      return !seen.has(key) && seen.add(key)
    })
  }

  private step(step: CaseStep, at: string): void {
    const done = caseActions.filter((action) => step[action] !== undefined)
    if (done.length > 1 || (done.length === 0 && step.expect === undefined))
      this.add(errors.caseStepActions, at, { found: done.join(', ') || '–' })
    const { expect, together, publish, call, ...rest } = step
    for (const [index, one] of (together ?? []).entries()) {
      const here = `${at}/together/${index}`
      const { by: _, ...actions } = one
      const several = Object.keys(actions)
      if (several.length !== 1) this.add(errors.caseStepActions, here, { found: several.join(', ') || '–' })
      this.person(one, here)
      this.walk(one, here)
    }
    this.person(step, at)
    if (publish) this.edits(publish, `${at}/publish`)
    const { note: _, ...said } = rest
    this.walk({ ...said, ...(call ? { call } : {}) }, at)
    // What a step names is there for the steps after it and for its own expectations, unless it is refused.
    const own = expect?.refused ? undefined : step.create?.as
    const kept = [own, ...(together ?? []).map((one) => one.create?.as)]
    const fresh = new Set(kept.filter((name) => name !== undefined))
    for (const name of fresh) this.name(name, `${at}/${step.create ? 'create/as' : 'together'}`)
    for (const one of [step, ...(together ?? [])])
      for (const name of Object.keys(one.call?.keep ?? {})) this.keep(name)
    if (expect) this.expectations(expect, step, `${at}/expect`)
  }

  private expectations(expect: NonNullable<CaseStep['expect']>, step: CaseStep, at: string): void {
    const acts = caseActions.some((action) => step[action] !== undefined)
    const loose = (name: string, fits: boolean) => {
      if (name in expect && !fits) this.add(errors.caseExpectsLoosely, `${at}/${name}`, { name })
    }
    loose('reply', step.call !== undefined)
    loose('together', step.together !== undefined)
    loose('refused', acts && step.together === undefined)
    for (const [index, one] of (expect.records ?? []).entries()) {
      const here = `${at}/records/${index}`
      if (one.record === undefined && one.object === undefined) this.add(errors.caseNothingNamed, here)
      if (one.as !== undefined) this.name(one.as, `${here}/as`)
    }
    for (const one of expect.rows ?? []) for (const name of Object.keys(one.keep ?? {})) this.keep(name)
    const { refused, ...rest } = expect
    this.walk(rest, at, true)
    for (const [index, text] of (refused?.hides ?? []).entries())
      if (text.startsWith('@') && !text.startsWith('@@')) this.ref(text, `${at}/refused/hides/${index}`)
  }

  private person(step: Pick<CaseStep, 'by' | 'decide' | 'command'>, at: string): void {
    if ((step.decide || step.command) && step.by === undefined) this.add(errors.caseNoPerson, at)
    if (step.command) this.known('commands', step.command.do, `${at}/command/do`)
  }

  private edits(edits: readonly CaseEdit[], at: string): void {
    for (const [index, edit] of edits.entries()) {
      const ways = [
        edit.path !== undefined && 'value' in edit && !edit.definition && !edit.remove,
        edit.path !== undefined && !('value' in edit) && !edit.definition && edit.remove === true,
        edit.path === undefined && !('value' in edit) && edit.definition !== undefined && !edit.remove,
        edit.path === undefined && !('value' in edit) && !edit.definition && edit.remove === true,
      ]
      if (!ways.includes(true)) this.add(errors.caseEditUnclear, `${at}/${index}`)
    }
  }

  /** Looks at every text and every key below: names of the case, keys of definitions, values that are found out. */
  private walk(value: unknown, at: string, expecting = false, inData = false): void {
    if (typeof value === 'string') {
      if (value.startsWith('@') && !value.startsWith('@@')) this.ref(value, at)
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.walk(item, `${at}/${index}`, expecting, inData)
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value)
      const [only] = entries
      if (inData && entries.length === 1 && only?.[0].startsWith('$')) this.special(only[0], at, expecting)
      for (const [key, inner] of entries) {
        const here = `${at}/${pointerToken(key)}`
        const family = inData ? undefined : familyOf[key]
        if (family && typeof inner === 'string') this.known(family, inner, here)
        else if (!inData && (key === 'keep' || spokenKeys.has(key))) continue
        else this.walk(inner, here, expecting, inData || dataKeys.has(key))
      }
    }
  }

  private special(name: string, at: string, expecting: boolean): void {
    const known: readonly string[] = expecting ? [...caseValues, ...caseMatchers] : caseValues
    if (!known.includes(name)) this.add(errors.caseValueUnknown, at, { name, ...suggest(name, known) })
  }

  private known(family: keyof CaseSurroundings, name: string, at: string): void {
    const all = this.families[family]
    if (all === undefined || all.includes(name)) return
    this.add(familyErrors[family], at, { name, ...suggest(name, all) })
  }

  private ref(text: string, at: string): void {
    const name = text.slice(1)
    if (this.names.has(name)) return
    const { near, known } = suggest(name, this.names)
    const fix = near === undefined ? {} : { fix: instead(at, `@${near}`) }
    this.found.push(diagnose(errors.caseNameUnknown, at, { name, known }, fix))
  }

  private name(name: string, at: string): void {
    if (this.names.has(name)) this.add(errors.caseNameTwice, at, { name })
    this.names.add(name)
  }

  /** A name that an answer gives may move on to the next answer. */
  private keep(name: string): void {
    this.names.add(name)
  }

  private add(error: ErrorCode, at: string, values: Readonly<Record<string, unknown>> = {}): void {
    this.found.push(diagnose(error, at, values))
  }
}

function instead(path: string, value: string) {
  return { title: { en: `Use "${value}"`, zh: `改为"${value}"` }, path, value }
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
