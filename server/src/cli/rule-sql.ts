import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import { ruleEngines } from '@channelwright/runtime/errors/logic.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { normaliseInstant } from '@channelwright/runtime/logic/calendar.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import {
  type CompiledSql,
  compileSql,
  type SqlResolver,
  type SqlSource,
  sqlType,
  UnknownSqlPath,
} from '@channelwright/runtime/logic/compile-sql.ts'
import { parseDecimal } from '@channelwright/runtime/logic/decimal.ts'
import { type CompiledRule, compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import type { TypedRule } from '@channelwright/runtime/logic/ir.ts'
import {
  isProblem,
  LineReader,
  problemAnswer,
  type RuleLine,
  refusalAnswer,
  resultAnswer,
} from '@channelwright/runtime/logic/read-line.ts'
import { writeValue } from '@channelwright/runtime/logic/read-value.ts'
import { shiftUnits } from '@channelwright/runtime/logic/scaled.ts'
import { isStructured } from '@channelwright/runtime/logic/sql-json.ts'
import { sqlLiteral } from '@channelwright/runtime/logic/sql-literal.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import type { RuleResult, RuleValue } from '@channelwright/runtime/logic/value.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import pg from 'pg'

/** A rule made ready for many lines. */
interface ReadyRule {
  readonly typed: TypedRule
  readonly sql: CompiledSql
  readonly run: CompiledRule
  /** Reads each path of the rule, so that data of other types is told as the evaluator tells it. */
  readonly readers: readonly { readonly path: string; readonly run: CompiledRule }[]
}

/**
 * Answers lines of `cw rule eval` by Postgres: one statement for all lines of a window that ask the same rule of data
 * of the same shape. Values are those of the evaluator; where the database says that a rule failed, the evaluator
 * says why.
 */
export class SqlEvaluator {
  private readonly reader = new LineReader('L')
  private readonly ready = new WeakMap<TypedRule, ReadyRule | Diagnostic>()
  constructor(
    private readonly client: pg.Client,
    private readonly locale: Locale,
    /** Holds the platform's functions; rules that need one are refused without. */
    private readonly schema?: string,
  ) {}

  /** The answers to lines, in their order. */
  async answer(lines: readonly string[]): Promise<string[]> {
    const answers: JsonObject[] = lines.map(() => ({}))
    const groups = new Map<TypedRule, { ready: ReadyRule; lines: { at: number; line: RuleLine }[] }>()
    for (const [at, text] of lines.entries()) {
      const line = this.reader.read(text)
      if (isProblem(line)) {
        answers[at] = problemAnswer(line, this.locale)
        continue
      }
      const typed = line.checked.rule
      const ready = typed && this.prepare(line, typed)
      if (!typed || !ready) answers[at] = refusalAnswer(line.checked, this.locale)
      else if ('severity' in ready) answers[at] = problemAnswer(ready, this.locale)
      else {
        const group = groups.get(typed) ?? { ready, lines: [] }
        group.lines.push({ at, line })
        groups.set(typed, group)
      }
    }
    for (const { ready, lines: group } of groups.values()) {
      const results = await this.evaluate(
        ready,
        group.map(({ line }) => line.data),
      )
      for (const [i, { at, line }] of group.entries())
        answers[at] = resultAnswer(results[i]!, ready.typed.type, line.numbers, this.locale)
    }
    return answers.map((answer) => JSON.stringify(answer))
  }

  private prepare({ scope }: RuleLine, typed: TypedRule): ReadyRule | Diagnostic {
    const known = this.ready.get(typed)
    if (known) return known
    let made: ReadyRule | Diagnostic
    try {
      const readers = typed.reads.flatMap((path) => {
        const read = checkRule({ var: path }, scope).rule
        return read ? [{ path, run: compileRule(read) }] : []
      })
      made = {
        typed,
        sql: compileSql(typed, jsonResolver, {
          firstParam: 2,
          ...(this.schema === undefined ? {} : { schema: this.schema }),
        }),
        run: compileRule(typed),
        readers,
      }
    } catch (thrown) {
      if (!(thrown instanceof UnknownSqlPath)) throw thrown
      made = this.problem(`"${thrown.path}" is not in the data`, `数据中没有"${thrown.path}"`)
    }
    this.ready.set(typed, made)
    return made
  }

  private problem(why: string, whyZh: string): Diagnostic {
    const fill = (text: string, value: string) => text.replace(/\{why(_zh)?\}/, value)
    const { code, message, hint } = ruleEngines
    return {
      code,
      severity: 'error',
      path: '',
      message: { en: fill(message.en, why), zh: fill(message.zh, whyZh) },
      hint,
    }
  }

  private async evaluate(ready: ReadyRule, rows: readonly Json[]): Promise<RuleResult[]> {
    const results: (RuleResult | null)[] = rows.map(() => null)
    const asked: { at: number; data: Json }[] = []
    for (const [at, data] of rows.entries()) {
      const wrong = ready.readers.filter(({ run }) => !run(data).ok)
      if (wrong.length === 0) asked.push({ at, data })
      else {
        const result = ready.run(data)
        if (!result.ok) results[at] = result
        // What the rule does not come to read may be anything; no cast must stumble over it.
        else
          asked.push({
            at,
            data: without(
              data,
              wrong.map(({ path }) => path),
            ),
          })
      }
    }
    const found =
      asked.length > 0
        ? await this.query(
            ready,
            asked.map(({ data }) => data),
          )
        : []
    for (const [i, { at }] of asked.entries()) results[at] = this.resultOf(ready, found[i] ?? null, rows[at]!)
    return results.map((result) => result!)
  }

  private resultOf(
    ready: ReadyRule,
    found: { value: string | null; ok: boolean } | null,
    data: Json,
  ): RuleResult {
    const { type } = ready.typed
    if (found?.ok && (found.value !== null || type.nullable))
      return { ok: true, value: writeValue(readSql(found.value, type), type) }
    const told = ready.run(data)
    if (!told.ok) return told
    return {
      ok: false,
      error: {
        code: ruleEngines.code,
        path: '',
        values: { why: 'it failed there only', why_zh: '仅在数据库中失败' },
      },
    }
  }

  /** null for rows that the database could not answer at all. */
  private async query(
    { sql, typed }: ReadyRule,
    rows: readonly Json[],
  ): Promise<({ value: string | null; ok: boolean } | null)[]> {
    const shown = typed.type.t === 'list' ? `to_jsonb((${sql.text})::text[])::text` : `(${sql.text})::text`
    const ask = async (some: readonly Json[]) => {
      const { rows: found } = await this.client.query<{ value: string | null; ok: boolean }>({
        text: `SELECT ${shown} AS value, ${sql.ok ?? 'TRUE'} AS ok FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS t(j, n) ORDER BY t.n`,
        values: [JSON.stringify(some), ...sql.values],
      })
      return found
    }
    try {
      return await ask(rows)
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error
      // One row must not cost the others their answer.
      const answers: ({ value: string | null; ok: boolean } | null)[] = []
      for (const row of rows)
        answers.push(rows.length === 1 ? null : ((await ask([row]).catch(() => null))?.[0] ?? null))
      return answers
    }
  }
}

/** Paths as parts of the row `t.j`, by their types. */
const jsonResolver: SqlResolver = (path, type) => {
  if (path.startsWith('@')) return null
  const names = path === '' ? [] : path.split('.')
  const steps = `ARRAY[${names.map((step) => sqlLiteral(step)).join(', ')}]::text[]`
  const text = `(t.j #>> ${steps})`
  switch (type.t) {
    case 'int':
    case 'dec':
      return { sql: `${text}::numeric` }
    case 'bool':
      return { sql: `${text}::boolean` }
    case 'date':
      return { sql: `${text}::date` }
    case 'instant':
      return { sql: `${text}::timestamptz` }
    case 'ref':
    case 'user':
      return { sql: `${text}::uuid` }
    case 'period': {
      const edge = (name: string) => `(t.j #>> (${steps} || ${sqlLiteral(name)}))::date`
      return { sql: `(CASE WHEN ${text} IS NOT NULL THEN daterange(${edge('from')}, ${edge('to')}) END)` }
    }
    case 'null':
      // Of no type, so that it fits whatever it stands beside.
      return { sql: 'NULL' }
    case 'list':
      return listSource(`(t.j #> ${steps})`, type)
    case 'obj':
      return { sql: `(t.j #> ${steps})`, json: true }
    default:
      // Texts compare after normalisation, as the evaluator reads them.
      return { sql: `normalize(${text}, NFC)` }
  }
}

/** Lists of plain values as arrays, which is what operators over them expect; all others stay JSON. */
function listSource(json: string, type: RuleType & { t: 'list' }): SqlSource {
  if (isStructured(type.of)) return { sql: json, json: true }
  const item = type.of.t === 'str' ? `normalize(e #>> '{}', NFC)` : `(e #>> '{}')`
  const entries = `SELECT ${item} FROM jsonb_array_elements(${json}) WITH ORDINALITY AS l(e, at) ORDER BY at`
  return { sql: `(CASE WHEN jsonb_typeof(${json}) = 'array' THEN ARRAY(${entries})::${sqlType(type)} END)` }
}

function readSql(text: string | null, type: RuleType): RuleValue {
  if (text === null) return null
  switch (type.t) {
    case 'bool':
      return text === 'true' || text === 't'
    case 'int':
    case 'dec': {
      const number = parseDecimal(text)
      return number && shiftUnits(number.units, (type.t === 'dec' ? type.scale : 0) - number.scale)
    }
    case 'instant':
      return normaliseInstant(`${text.replace(' ', 'T').replace(/\+00$/, 'Z')}`)
    case 'period': {
      const found = /^\[([^,]+),([^)]*)\)$/.exec(text)
      return found ? { from: found[1]!, to: found[2] === '' ? null : found[2]! } : null
    }
    case 'list':
      return (JSON.parse(text) as (string | null)[]).map((item) => readSql(item, type.of))
    case 'obj':
      return JSON.parse(text) as RuleValue
    default:
      return text
  }
}

/** The data with nothing at the paths. */
function without(data: Json, paths: readonly string[]): Json {
  const copy = structuredClone(data)
  for (const path of paths) {
    const steps = path.split('.')
    let at: unknown = copy
    for (const step of steps.slice(0, -1)) at = (at as Record<string, unknown> | null)?.[step]
    if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[steps.at(-1)!] = null
  }
  return copy
}
