import type { Json, JsonObject } from '../json.ts'
import type { Locale } from '../text.ts'
import { compileRule } from './evaluate.ts'
import { explainTrace } from './explain.ts'
import { applyReference } from './import/compare.ts'
import { isProblem, LineReader, problemAnswer, refusalAnswer, resultAnswer } from './read-line.ts'
import { compileTrace } from './trace.ts'

export interface EvalOptions {
  /** `json-logic-js` runs the reference beside us, with its own coercions and floats. */
  readonly engine?: 'js' | 'json-logic-js'
  /** Adds the steps, as data and as sentences. */
  readonly trace?: boolean
  readonly locale?: Locale
}

/**
 * Answers lines of `cw rule eval`: `{"rule": …, "data": …, "schema": …?}` in, one line out: `{"result": …}` or
 * `{"error": {"code", "path", "message"}}`. Without a schema the data's own shape is the schema, and decimals come
 * back as JSON numbers where 15 digits hold them; with one they come back as text. The function never throws; what is
 * compiled for one line serves others of the same rule and shape.
 */
export function lineEvaluator(options: EvalOptions = {}): (line: string) => string {
  const { engine = 'js', trace = false, locale = 'en' } = options
  const reader = new LineReader()
  const compiled = new WeakMap<object, ReturnType<typeof compileRule>>()
  return (text) => {
    const line = reader.read(text)
    if (isProblem(line)) return JSON.stringify(problemAnswer(line, locale))
    const { checked, data, rule } = line
    if (engine === 'json-logic-js') return JSON.stringify(referenceAnswer(rule, data))
    const typed = checked.rule
    if (!typed) return JSON.stringify(refusalAnswer(checked, locale))
    if (trace) {
      const traced = compileTrace(typed)(data)
      const answer = resultAnswer(traced.result, typed.type, line.numbers, locale)
      return JSON.stringify({ ...answer, trace: traced.root, steps: explainTrace(traced, locale) })
    }
    let run = compiled.get(typed)
    if (!run) {
      run = compileRule(typed)
      compiled.set(typed, run)
    }
    return JSON.stringify(resultAnswer(run(data), typed.type, line.numbers, locale))
  }
}

/** One line alone; see `lineEvaluator`. */
export function evalLine(line: string, options: EvalOptions = {}): string {
  return lineEvaluator(options)(line)
}

function referenceAnswer(rule: Json, data: Json): JsonObject {
  const answer = applyReference(rule, data)
  return answer.ok
    ? { result: answer.value }
    : { error: { code: 'json-logic-js', path: '', message: answer.message } }
}
