import type { Diagnostic } from '../definition/diagnostic.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import { diagnose } from '../errors/diagnose.ts'
import { ruleBranches, ruleLevel, ruleLiteral, ruleShape, ruleUnknownOperator } from '../errors/logic.ts'
import { suggest } from '../fields/suggest.ts'
import { isJsonObject, type Json } from '../json.ts'
import { countOperands, takeSetting } from './check-operands.ts'
import { fitResult } from './check-result.ts'
import { asList, exactNumber, splitOperations, withFix } from './fixes.ts'
import type { BoundName, IrNode, TypedRule, VarNode } from './ir.ts'
import { walkNodes } from './ir.ts'
import { checkLimits } from './limits.ts'
import { literalNode, literalProblem } from './literal.ts'
import type { CheckCall, NewName, Operator, ParseCall, WithinOptions } from './operator.ts'
import { findOperator, operatorNames } from './operators/index.ts'
import { escapePointer, valueAt } from './pointer.ts'
import { commonType, describeType, isNumeric, nothing, withNullable } from './rule-type.ts'
import { digitsOf, type Sight } from './scope.ts'
import type { RuleLevel, RuleScope, RuleType } from './types.ts'

export interface CheckOptions {
  /** Where it must run; default F (evaluator only). */
  readonly level?: RuleLevel
  /** The type it must give. */
  readonly expect?: RuleType
  /** JSON pointer of the rule inside its definition, put before every path. */
  readonly path?: string
  /** Its size has been judged already: the decision table of a named rule has limits of its own. */
  readonly sized?: boolean
}

export interface CheckedRule {
  /** null when a diagnostic is an error. */
  readonly rule: TypedRule | null
  readonly diagnostics: Diagnostic[]
  /** Type of the result, as far as it could be found. */
  readonly type: RuleType | null
  /** Every path it reads: `amount`, `partner.tier`, `$user.id`. */
  readonly reads: string[]
}

const levelRank: Readonly<Record<RuleLevel, number>> = { C: 0, V: 1, L: 2, F: 3 }

/** Types a rule against what it may read. Never throws, whatever JSON it is given. */
export function checkRule(rule: Json, scope: RuleScope, options: CheckOptions = {}): CheckedRule {
  const path = options.path ?? ''
  const tooLarge = options.sized ? [] : checkLimits(rule, path)
  if (tooLarge.length > 0) {
    const diagnostics = tooLarge.map((one) =>
      one.code === ruleShape.code ? withSplit(one, rule, path) : one,
    )
    return { rule: null, diagnostics, type: null, reads: [] }
  }
  const checker = new Checker(scope, options.level ?? 'F')
  const checked = checker.check(rule, path)
  const root = checked && options.expect ? fitResult(checked, options.expect, checker.report) : checked
  const type = root?.type ?? checked?.type ?? null
  const reads = checked ? readsOf(checked) : []
  if (!root || checker.diagnostics.some((d) => d.severity === 'error')) {
    return { rule: null, diagnostics: checker.diagnostics, type, reads }
  }
  const result =
    options.expect && isNumeric(options.expect) && isNumeric(root.type)
      ? { ...options.expect, nullable: root.type.nullable }
      : root.type
  return {
    rule: { root, type: result, level: options.level ?? 'F', reads, path },
    diagnostics: checker.diagnostics,
    type: result,
    reads,
  }
}

/** An object of several operations, with the edit that joins them. */
function withSplit(found: Diagnostic, rule: Json, path: string): Diagnostic {
  const group = valueAt(rule, found.path.slice(path.length))
  const known = (name: string) => findOperator(name) !== undefined
  return isJsonObject(group) ? { ...found, ...withFix(splitOperations(group, found.path, known)) } : found
}

function readsOf(root: IrNode): string[] {
  const reads = new Set<string>()
  for (const node of walkNodes(root)) {
    if (node.kind === 'var' && node.local === null) reads.add(node.segments.join('.'))
  }
  return [...reads]
}

/** The place whose value `{"exists": [{"var": …}]}` asks for. */
function existingPath(node: IrNode): string | null {
  const asked = node.kind === 'call' && node.operator.name === 'exists' ? node.args[0] : undefined
  return asked?.kind === 'var' ? placeOf(asked) : null
}

function placeOf({ local, segments, part }: VarNode): string {
  return `${local ?? ''}:${[...segments, ...(part ? [part] : [])].join('.')}`
}

class Checker {
  readonly diagnostics: Diagnostic[] = []
  /** Paths that an `exists` before, in the same `and`, has found to hold a value; `placeOf` a path. */
  private readonly present = new Set<string>()
  private sight: Sight
  private slots = 0
  constructor(
    scope: RuleScope,
    private readonly level: RuleLevel,
  ) {
    this.sight = { scope, alone: false, bound: [], entry: null, turns: 0 }
  }

  readonly report: CheckCall['report'] = (error: ErrorCode, path, values, extra) => {
    this.diagnostics.push(diagnose(error, path, values, extra))
  }

  check(rule: Json, path: string): IrNode | null {
    if (Array.isArray(rule)) return this.checkList(rule, path)
    if (!isJsonObject(rule)) return this.checkLiteral(rule, rule, path)
    const [name] = Object.keys(rule) as [string]
    const operand = rule[name]!
    if (name === 'dec') {
      if (typeof operand === 'string') return this.checkLiteral({ dec: operand }, rule, path)
      this.report(
        ruleLiteral,
        path,
        {
          why: '"dec" takes the number as text',
          why_zh: '"dec" 需要以文本书写的数字',
        },
        withFix(exactNumber(operand, path)),
      )
      return null
    }
    const operator = findOperator(name)
    if (!operator) return this.reportUnknown(name, operand, path)
    if (levelRank[operator.level] > levelRank[this.level]) {
      this.report(ruleLevel, path, { operator: name })
      return null
    }
    const node = this.checkOperation(operator, name, operand, rule, path)
    if (node?.kind === 'var' && this.level !== 'F' && node.segments.some((segment) => /^\d/.test(segment))) {
      // Rows of a table have no number to be asked for.
      this.report(ruleLevel, path, { operator: node.name })
      return null
    }
    return node?.kind === 'var' && this.present.has(placeOf(node))
      ? { ...node, type: withNullable(node.type, false) }
      : node
  }

  private reportUnknown(name: string, operand: Json, path: string): null {
    const guess = suggest(name, operatorNames).near
    this.report(
      ruleUnknownOperator,
      path,
      {
        operator: name.slice(0, 60),
        suggestion: guess ? `Did you mean "${guess}"?` : 'See the list of operators in the guide.',
        suggestion_zh: guess ? `是否指"${guess}"?` : '可用的运算见指南。',
      },
      guess
        ? {
            fix: { title: { en: `Use "${guess}"`, zh: `改为"${guess}"` }, path, value: { [guess]: operand } },
          }
        : {},
    )
    return null
  }

  private checkLiteral(value: Json | { dec: string }, raw: Json, path: string): IrNode | null {
    const problem = literalProblem(value)
    if (problem) {
      this.report(
        ruleLiteral,
        path,
        { why: problem.en, why_zh: problem.zh },
        withFix(exactNumber(value, path)),
      )
      return null
    }
    return literalNode(value, raw, path)
  }

  private checkList(rule: readonly Json[], path: string): IrNode | null {
    const checked = rule.map((item, i) => this.check(item, `${path}/${i}`))
    const items = checked.filter((item) => item !== null)
    if (items.length < checked.length) return null
    let of: RuleType = nothing
    for (const item of items) {
      const common = item === items[0] ? item.type : commonType(of, item.type)
      if (!common) {
        const [found, expected] = [describeType(item.type), describeType(of)]
        this.report(ruleBranches, item.path, {
          found: found.en,
          found_zh: found.zh,
          expected: expected.en,
          expected_zh: expected.zh,
        })
        return null
      }
      of = common
    }
    return { kind: 'list', type: { t: 'list', nullable: false, of }, path, raw: [...rule], items, digits: 0 }
  }

  private checkOperation(
    operator: Operator,
    name: string,
    operand: Json,
    raw: Json,
    path: string,
  ): IrNode | null {
    const base = `${path}/${escapePointer(name)}`
    const many = Array.isArray(operand)
    const operands = many ? operand : [operand]
    const pathOf = (i: number) => (many ? `${base}/${i}` : base)
    if (operator.listed && !many) {
      this.report(
        ruleLiteral,
        path,
        {
          why: `the operands of "${name}" stand in a list`,
          why_zh: `"${name}"的操作数应写成列表`,
        },
        withFix(asList(name, operand, path)),
      )
      return null
    }
    const plain = () => this.checkOperands({ operator, name, path, raw, operands, pathOf })
    if (!operator.parse) return plain()
    return operator.parse({
      operator,
      name,
      path,
      raw,
      operands,
      many,
      scope: this.sight.scope,
      sight: this.sight,
      report: this.report,
      pathOf,
      plain,
      check: (rule, at) => this.check(rule, at),
      within: (names, check, options) => this.within(names, check, options),
      attempt: (check) => this.attempt(check),
      add: (found) => {
        this.diagnostics.push(found)
      },
      quietly: (check) => {
        const before = this.diagnostics.length
        const value = check()
        return { value, found: this.diagnostics.splice(before) }
      },
      call: (other, args, parts = {}) => {
        const target = findOperator(other)
        if (!target) throw new RangeError(`no operator ${other}`)
        return this.finishCall({
          operator: target,
          name: target === operator ? name : other,
          path,
          raw,
          args,
          settings: {},
          binds: [],
          body: args.length,
          report: this.report,
          ...parts,
        })
      },
    })
  }

  private within<T>(
    names: readonly NewName[],
    check: (binds: readonly BoundName[]) => T,
    { alone = false, entry = false, turns = false, scope }: WithinOptions = {},
  ): T {
    const { sight, slots } = this
    const binds = names.map(
      ({ name, type, digits, alias }, i): BoundName => ({
        ...(alias ? { alias } : {}),
        name,
        type,
        slot: slots + i,
        digits: digits ?? digitsOf(type),
      }),
    )
    const named = entry ? binds.slice(1) : binds
    this.sight = {
      scope: scope ?? sight.scope,
      alone: alone || (sight.alone && !scope),
      bound: alone || scope ? named : [...sight.bound, ...named],
      entry: entry ? binds[0]! : alone || scope ? null : sight.entry,
      turns: sight.turns + (turns ? 1 : 0),
    }
    this.slots = slots + names.length
    try {
      return check(binds)
    } finally {
      this.sight = sight
      this.slots = slots
    }
  }

  private attempt<T>(check: () => T | null): T | null {
    const before = this.diagnostics.length
    const value = check()
    if (value === null) this.diagnostics.length = before
    return value
  }

  private checkOperands(
    use: Pick<ParseCall, 'operator' | 'name' | 'path' | 'raw' | 'operands' | 'pathOf'>,
  ): IrNode | null {
    const { operator, name, path, raw, operands, pathOf } = use
    if (!countOperands(operator, name, operands, path, this.report)) return null
    const args: (IrNode | null)[] = []
    const settings: Record<string, Json> = {}
    let sound = true
    const found: string[] = []
    operands.forEach((value, i) => {
      const spec = operator.args[Math.min(i, operator.args.length - 1)]
      if (!spec || spec.kind === 'value') {
        const arg = this.check(value, pathOf(i))
        args.push(arg)
        // `and` stops at the first operand that does not hold, so what comes after may rely on it.
        const known = name === 'and' && arg ? existingPath(arg) : null
        if (known !== null && !this.present.has(known)) {
          this.present.add(known)
          found.push(known)
        }
      } else sound = takeSetting(spec, value, pathOf(i), name, settings, this.report) && sound
    })
    for (const one of found) this.present.delete(one)
    for (const spec of operator.args) {
      if (spec.kind !== 'value' && spec.default !== undefined && !Object.hasOwn(settings, spec.name)) {
        settings[spec.name] = spec.default
      }
    }
    const good = args.filter((arg) => arg !== null)
    if (!sound || good.length < args.length) return null
    const { report } = this
    return this.finishCall({
      operator,
      name,
      path,
      raw,
      args: good,
      settings,
      binds: [],
      body: Number.POSITIVE_INFINITY,
      report,
    })
  }

  private finishCall(call: CheckCall): IrNode | null {
    const type = call.operator.type(call)
    if (!type) return null
    const level = call.operator.levelOf?.(call) ?? call.operator.level
    if (levelRank[level] > levelRank[this.level]) {
      this.report(ruleLevel, call.path, { operator: call.name })
      return null
    }
    const wanted = isNumeric(type)
      ? (call.operator.digits?.(call.args, call.settings) ??
        Math.max(0, ...call.args.filter((a) => isNumeric(a.type)).map((a) => a.digits)))
      : 0
    return {
      kind: 'call',
      type,
      path: call.path,
      raw: call.raw,
      operator: call.operator,
      args: call.args,
      settings: call.settings,
      binds: call.binds,
      body: Math.min(call.body, call.args.length),
      digits: Math.min(wanted, 20),
      ranged: wanted > 20,
    }
  }
}
