import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { Json } from '../../json.ts'
import { type CheckOptions, checkRule } from '../check.ts'
import { compileRule } from '../evaluate.ts'
import { applyFix } from '../fixes.ts'
import type { TypedRule } from '../ir.ts'
import { checkLimits } from '../limits.ts'
import type { RuleScope } from '../types.ts'
import { applyReference, compareAnswers, looseData, type RuleDifference } from './compare.ts'
import { type RuleRewrite, refusalOf, rewriteOf, rewriteSpelling } from './rewrites.ts'
import { makeSamples } from './samples.ts'

export interface RuleImport {
  /** `accepted` as it stands, `rewritten` so that it can be, or `refused`. */
  readonly verdict: 'accepted' | 'rewritten' | 'refused'
  /** The rule to take; as far as it could be rewritten where it is refused. */
  readonly rule: Json
  readonly typed: TypedRule | null
  /** What was put another way, in order. */
  readonly rewrites: readonly RuleRewrite[]
  /** Why it is refused, with the nearest edit where there is one. */
  readonly refusals: readonly Diagnostic[]
  /** The rows it was tried on, and where it gives another value than json-logic-js did for the rule as it was. */
  readonly samples: readonly Json[]
  readonly differences: readonly RuleDifference[]
  /** An operator that json-logic-js does not have: there was nothing to compare with. */
  readonly unknownThere: string | null
}

/** Rewrites of one rule; each takes one more check. */
const most = 100

/**
 * A rule from elsewhere: checked, put into the words of this profile where its meaning is plain, and tried beside
 * json-logic-js on sample rows (made up where none are given). Every difference is told; what cannot be taken is
 * refused with a reason. Never throws.
 */
export function importRule(
  foreign: Json,
  scope: RuleScope,
  given: readonly Json[] | null = null,
  options: CheckOptions = {},
): RuleImport {
  const rewrites: RuleRewrite[] = []
  let rule = foreign
  const apply = (rewrite: RuleRewrite) => {
    rewrites.push(rewrite)
    rule = applyFix(rule, { path: rewrite.path, value: rewrite.after })
  }
  const wellFormed = checkLimits(foreign, options.path ?? '').length === 0
  for (
    let next = wellFormed ? rewriteSpelling(rule) : null;
    next && rewrites.length < most;
    next = rewriteSpelling(rule)
  )
    apply(next)
  // What json-logic-js knows the words of.
  const reference = rule
  let checked = checkRule(rule, scope, options)
  while (!checked.rule && rewrites.length < most) {
    const rewrite = nextRewrite(rule, checked.diagnostics, rewrites)
    if (!rewrite) break
    apply(rewrite)
    checked = checkRule(rule, scope, options)
  }
  const typed = checked.rule
  if (!typed) {
    const errors = checked.diagnostics.filter((one) => one.severity === 'error')
    const told = new Set<string>()
    // Both operands of one comparison are complained of; once is enough.
    const refusals = errors
      .map((one) => refusalOf(one, rule))
      .filter(({ code, path }) => {
        const mark = `${code} ${path}`
        return !told.has(mark) && told.add(mark)
      })
    return {
      verdict: 'refused',
      rule,
      typed,
      rewrites,
      refusals,
      samples: [],
      differences: [],
      unknownThere: null,
    }
  }
  const samples = given ?? makeSamples(typed.root, scope)
  const { differences, unknownThere } = compare(reference, typed, scope, samples)
  return {
    verdict: rewrites.length > 0 ? 'rewritten' : 'accepted',
    rule,
    typed,
    rewrites,
    refusals: [],
    samples,
    differences,
    unknownThere,
  }
}

function nextRewrite(
  rule: Json,
  diagnostics: readonly Diagnostic[],
  before: readonly RuleRewrite[],
): RuleRewrite | null {
  // Too large or of a wrong shape: nothing in it has been looked at.
  if (diagnostics.some((one) => one.code.startsWith('T10_'))) return null
  for (const one of diagnostics) {
    if (one.severity !== 'error') continue
    const rewrite = rewriteOf(one, rule)
    // The same edit at the same place would go on for ever.
    const again = before.some((other) => other.path === rewrite?.path && same(other.after, rewrite.before))
    if (rewrite && !again && !same(rewrite.before, rewrite.after)) return rewrite
  }
  return null
}

function compare(
  reference: Json,
  typed: TypedRule,
  scope: RuleScope,
  samples: readonly Json[],
): Pick<RuleImport, 'differences' | 'unknownThere'> {
  const run = compileRule(typed)
  const whole = { t: 'obj', nullable: false, fields: scope.root } as const
  const differences: RuleDifference[] = []
  for (const [i, data] of samples.entries()) {
    const ours = run(data)
    // What grew too large here would do so there, without a limit.
    const tooMuch = !ours.ok && ours.error.code === 'E_LIMIT'
    const theirs = tooMuch
      ? ({ ok: false, message: 'not run' } as const)
      : applyReference(reference, looseData(data, whole))
    const unknown = theirs.ok ? null : /^Unrecognized operation (.*)/.exec(theirs.message)
    if (unknown) return { differences: [], unknownThere: unknown[1]!.trim() }
    const difference = tooMuch
      ? ({ sample: i, data, ours, theirs, kind: 'error' } as const)
      : compareAnswers(i, data, typed.type, ours, theirs)
    if (difference) differences.push(difference)
  }
  return { differences, unknownThere: null }
}

function same(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
