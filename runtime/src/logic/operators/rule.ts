import { ruleLiteral, ruleTooLarge } from '../../errors/logic.ts'
import { ruleCallCycle, ruleCallUnsound, ruleUnknownInput, ruleUnknownRule } from '../../errors/tables.ts'
import { suggest } from '../../fields/suggest.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { fitResult } from '../check-result.ts'
import { sqlType } from '../compile-sql.ts'
import type { IrNode } from '../ir.ts'
import { checkLimits, limits } from '../limits.ts'
import {
  defineOperator,
  type EvaluateCall,
  type NewName,
  type ParseCall,
  type SqlCall,
  type SqlLocal,
  type SqlPiece,
} from '../operator.ts'
import { isNumeric, scaleOf, withNullable } from '../rule-type.ts'
import { jsonPiece } from '../sql-json.ts'
import { checkTable } from '../tables/check-table.ts'
import type { NamedRule, RuleCalls, RuleType } from '../types.ts'
import type { Thunk } from '../value.ts'
import { okOf } from './shared/sql.ts'
import { table } from './table.ts'

/** Refuses with the nearest name. */
function reportUnknown(call: ParseCall, name: string): null {
  const { near, known } = suggest(name, call.scope.library?.rules ?? [])
  call.report(
    ruleUnknownRule,
    call.path,
    { name: name.slice(0, 60), known: known === '' ? '–' : known },
    near === undefined
      ? {}
      : { fix: { title: { en: `Use "${near}"`, zh: `改为"${near}"` }, path: call.pathOf(0), value: near } },
  )
  return null
}

/** The inputs of a call, in the order in which the rule declares them. Null after reporting what is wrong. */
function checkInputs(call: ParseCall, rule: NamedRule): IrNode[] | null {
  const given = call.operands[1] ?? {}
  const at = call.pathOf(1)
  const known = rule.inputs.map(({ name }) => name).join(', ')
  const wrong = (why: string, whyZh: string, path = at): false => {
    call.report(ruleUnknownInput, path, {
      name: rule.key,
      why,
      why_zh: whyZh,
      known: known === '' ? '–' : known,
    })
    return false
  }
  if (!isJsonObject(given)) {
    wrong('they are an object: {"name": value}', '应写成对象:{"名称": 值}')
    return null
  }
  let sound = true
  for (const name of Object.keys(given)) {
    if (!rule.inputs.some((input) => input.name === name)) {
      sound = wrong(
        `there is no input "${name.slice(0, 60)}"`,
        `没有输入"${name.slice(0, 60)}"`,
        `${at}/${name}`,
      )
    }
  }
  const args = rule.inputs.map(({ name, type }) => {
    const value = Object.hasOwn(given, name) ? (given as JsonObject)[name]! : null
    if (value === null && !type.nullable) {
      sound = wrong(`"${name}" is missing`, `缺少"${name}"`)
      return null
    }
    const node = call.check(value, `${at}/${name}`)
    return node && fitResult(node, type, call.report)
  })
  const good = args.filter((arg) => arg !== null)
  return sound && good.length === args.length ? good : null
}

/**
 * How the body reads an input. A path stands for itself, so that references can be followed and indexes serve; all
 * else is worked out once, before the body.
 */
function nameOf(node: IrNode, name: string, type: RuleType): NewName {
  const asIs =
    node.kind === 'var' &&
    node.part === null &&
    node.type.t === type.t &&
    !(type.t === 'dec' && type.scale === 0)
  return {
    name,
    type: withNullable(
      type,
      node.type.nullable && node.type.t !== 'null' ? true : type.nullable && node.type.nullable,
    ),
    digits: node.digits,
    ...(asIs ? { alias: { segments: node.segments, local: node.local } } : {}),
  }
}

/** The body of the rule, checked as it stands where it is called. */
function checkBody(call: ParseCall, rule: NamedRule, calls: RuleCalls, pick: string | null): IrNode | null {
  const { body } = rule
  const path = `${call.path}#${rule.key}`
  const json = 'table' in body ? body.table : body.rule
  calls.budget.left -= countParts(json, calls.budget.left)
  if (calls.budget.left < 0) {
    call.report(ruleTooLarge, call.path, {
      what: 'the number of parts of all rules it calls',
      what_zh: '所调用规则的组成部分总数',
      limit: limits.expanded,
    })
    return null
  }
  if ('table' in body) {
    const site = {
      operator: table,
      raw: json,
      path: `${path}/table`,
      at: `${path}/table`,
      check: call.check,
      report: call.report,
    }
    return checkTable(json, site, pick)
  }
  if (checkLimits(json, path).length > 0) return null
  return call.check(json, `${path}/rule`)
}

/** JSON values of a body, at most one more than `most`. */
function countParts(json: Json, most: number): number {
  let parts = 0
  const stack: Json[] = [json]
  for (let one = stack.pop(); one !== undefined && parts <= most; one = stack.pop()) {
    parts += 1
    if (Array.isArray(one)) stack.push(...one)
    else if (isJsonObject(one)) stack.push(...Object.values(one))
  }
  return parts
}

function parseCall(call: ParseCall): IrNode | null {
  const [key, , pick] = call.operands
  if (
    typeof key !== 'string' ||
    call.operands.length > 3 ||
    (pick !== undefined && typeof pick !== 'string')
  ) {
    call.report(ruleLiteral, call.path, {
      why: 'a call is {"rule": ["key", {"input": value}]}, and the name of an output where a table has several',
      why_zh: '调用写成 {"rule": ["标识", {"输入": 值}]};表有多个输出时再写输出名称',
    })
    return null
  }
  const rule = call.scope.library?.rule(key)
  if (!rule) return reportUnknown(call, key)
  const calls = call.scope.calls ?? { chain: [], budget: { left: limits.expanded } }
  if (calls.chain.includes(key)) {
    const chain = [...calls.chain.slice(calls.chain.indexOf(key)), key].join(' → ')
    call.report(ruleCallCycle, call.path, { chain })
    return null
  }
  if (calls.chain.length >= limits.calls) {
    call.report(ruleTooLarge, call.path, {
      what: 'the depth of its calls',
      what_zh: '调用层数',
      limit: limits.calls,
    })
    return null
  }
  const args = checkInputs(call, rule)
  if (!args) return null
  const inner: RuleCalls = { chain: [...calls.chain, key], budget: calls.budget }
  const names = args.map((node, i) => nameOf(node, rule.inputs[i]!.name, rule.inputs[i]!.type))
  let binds: Parameters<Parameters<ParseCall['within']>[1]>[0] = []
  const { value: body, found } = call.quietly(() =>
    call.within(
      names,
      (bound) => {
        binds = bound
        const node = checkBody(call, rule, inner, typeof pick === 'string' ? pick : null)
        const result = rule.result && typeof pick !== 'string' ? withNullable(rule.result, true) : null
        return node && result && node.type.t !== 'obj' ? fitResult(node, result, call.report) : node
      },
      {
        scope: {
          ...rule.scope,
          ...(call.scope.library ? { library: call.scope.library } : {}),
          calls: inner,
        },
      },
    ),
  )
  if (!body) {
    const first = found.find((one) => one.severity === 'error')
    const message = first?.message ?? { en: 'it is not sound.', zh: '其自身有误。' }
    // Where rules lead in a circle or grow without bound, that is what is wrong, not the rule in between.
    if (first && (first.code === ruleCallCycle.code || first.code === ruleTooLarge.code)) {
      const { code, severity, hint } = first
      call.add({ code, severity, hint, message, path: call.path })
    } else call.report(ruleCallUnsound, call.path, { name: key, why: message.en, why_zh: message.zh })
    return null
  }
  return call.call('rule', [...args, body], {
    settings: {
      key,
      title: rule.title.en,
      title_zh: rule.title.zh,
      inputs: rule.inputs.map(({ title }) => title.en),
      inputs_zh: rule.inputs.map(({ title }) => title.zh),
    },
    binds,
    body: args.length,
  })
}

/** Inputs are worked out once, before the body: one that fails fails the call. */
function evaluateRule(call: EvaluateCall): Thunk {
  const { binds, body } = call.node
  const inputs = binds.map(({ type }, i) => call.arg(i, isNumeric(type) ? scaleOf(type) : undefined))
  const run = call.arg(body)
  return (frame) => {
    // Counted as a step, told as an operand: its body is worked out once.
    call.steps(frame, 1)
    // An input may hold a call itself, whose inputs stand in the same slots: all first, then their places.
    const values = inputs.map((input) => input(frame))
    for (let i = 0; i < values.length; i++) {
      const bind = binds[i]!
      if (!bind.alias) frame.locals[bind.slot] = values[i]!
    }
    return run(frame)
  }
}

function ruleSql(call: SqlCall): SqlPiece {
  const { binds, body, args, type } = call.node
  const pieces = binds.map(({ type }, i): SqlPiece => {
    const piece = isNumeric(type) ? call.numeric(i) : call.args[i]!
    // Named in a sub-select of the body, an empty value would be a text.
    const nothing = args[i]!.type.t === 'null'
    return nothing ? { ...piece, text: `NULL::${isNumeric(type) ? 'numeric' : sqlType(type)}` } : piece
  })
  const alias = call.alias()
  const columns: string[] = []
  const guards: string[] = []
  const locals = pieces.map((piece, i): SqlLocal => {
    const { type } = binds[i]!
    const given = binds[i]!.alias !== undefined || args[i]!.kind === 'literal'
    if (given || (piece.simple && !piece.fails)) return localOf(piece)
    const column = `v${i}`
    columns.push(`${piece.text} AS ${column}`)
    if (piece.fails) {
      if (args[i]!.type.nullable) columns.push(`${okOf(piece, true)} AS k${i}`)
      guards.push(args[i]!.type.nullable ? `${alias}.k${i}` : `${alias}.${column} IS NOT NULL`)
    }
    return localOf({
      text: `${alias}.${column}`,
      fails: false,
      simple: true,
      ...(piece.json ? { json: true } : {}),
      native: type.t === 'int' ? (piece.native ?? false) : false,
    })
  })
  const result = call.within(body, locals)
  if (columns.length === 0) return result
  const wrap = (text: string) => `(SELECT ${text} FROM (SELECT ${columns.join(', ')} OFFSET 0) ${alias})`
  const guard = guards.join(' AND ')
  const fails = result.fails || guards.length > 0
  const text = wrap(guards.length === 0 ? result.text : `(CASE WHEN ${guard} THEN ${result.text} END)`)
  const mark = result.json ? { json: true as const } : {}
  if (!fails || !type.nullable) return { text, fails, simple: false, ...mark }
  const ok = okOf(result, true)
  return {
    text,
    fails,
    ok: wrap(guards.length === 0 ? ok : `(CASE WHEN ${guard} THEN ${ok} ELSE FALSE END)`),
    simple: false,
    ...mark,
  }
}

function localOf(piece: SqlPiece): SqlLocal {
  return (segments, type) => (segments.length === 0 ? piece : jsonPiece(piece.text, segments, type))
}

/** Calls a named rule of the release. What it reads are its inputs; what it calls in turn may not lead back to it. */
export const rule = defineOperator({
  name: 'rule',
  // Its body decides: each operator in it is held to the level of the rule around.
  level: 'C',
  group: 'value',
  title: { en: 'named rule', zh: '命名规则' },
  describe: {
    en: 'What a named rule gives for these inputs: {"rule": ["key", {"input": value}]}; of a table with several outputs, the one named third.',
    zh: '命名规则对所给输入的结果:{"rule": ["标识", {"输入": 值}]};多输出的表在第三项写明取哪个输出。',
  },
  args: [
    { name: 'key', title: { en: 'rule', zh: '规则' }, kind: 'value' },
    { name: 'inputs', title: { en: 'inputs', zh: '输入' }, kind: 'value', optional: true },
    { name: 'output', title: { en: 'output', zh: '输出' }, kind: 'value', optional: true },
  ],
  parse: parseCall,
  type: (call) => call.args[call.body]?.type ?? null,
  digits: (args) => args.at(-1)?.digits ?? 0,
  evaluate: evaluateRule,
  sql: ruleSql,
  explain: ({ args, out, settings }) => {
    const text = (titles: Json | undefined, sign: string) =>
      (Array.isArray(titles) ? titles : [])
        .map((title, i) => `${String(title)} = ${args[i] ?? '–'}`)
        .join(sign)
    const given = { en: text(settings.inputs, ', '), zh: text(settings.inputs_zh, ';') }
    return {
      en: `Rule "${String(settings.title)}"${given.en === '' ? '' : ` (${given.en})`}: ${out}`,
      zh: `规则“${String(settings.title_zh)}”${given.zh === '' ? '' : `(${given.zh})`}:${out}`,
    }
  },
})
