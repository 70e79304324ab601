import { ruleLiteral } from '../../errors/logic.ts'
import { ruleLookup, ruleLookupMissing } from '../../errors/tables.ts'
import { suggest } from '../../fields/suggest.ts'
import { isJsonObject, type Json } from '../../json.ts'
import { fitResult } from '../check-result.ts'
import { type IrNode, type TypedRule, walkNodes } from '../ir.ts'
import { type LookupPort, lookupPort } from '../lookup-port.ts'
import {
  defineOperator,
  type EvaluateCall,
  type ParseCall,
  type SqlCall,
  type SqlPiece,
} from '../operator.ts'
import { readerOf, writeValue } from '../read-value.ts'
import { isNumeric, scaleOf, withNullable } from '../rule-type.ts'
import { digitsOf } from '../scope.ts'
import type { RuleType } from '../types.ts'
import type { Thunk } from '../value.ts'
import { okOf } from './shared/sql.ts'

/** Types of fields that a lookup reads or is keyed by: one column each. */
function isScalar(type: RuleType): boolean {
  return type.t !== 'list' && type.t !== 'obj' && type.t !== 'null'
}

const dataAlone = {
  en: 'a rule over data alone has no records to look into',
  zh: '只基于所给数据的规则没有可查的记录',
}

function parseLookup(call: ParseCall): IrNode | null {
  const [object, given, field] = call.operands
  if (
    call.operands.length !== 3 ||
    typeof object !== 'string' ||
    !isJsonObject(given) ||
    typeof field !== 'string'
  ) {
    call.report(ruleLiteral, call.path, {
      why: 'a lookup is {"lookup": ["object", {"field": value}, "field to read"]}',
      why_zh: '查表写成 {"lookup": ["对象", {"字段": 值}, "要读取的字段"]}',
    })
    return null
  }
  const refuse = (path: string, why: string, whyZh: string): null => {
    call.report(ruleLookup, path, { object: object.slice(0, 60), why, why_zh: whyZh })
    return null
  }
  const { library } = call.scope
  const { looksNowhere } = library ?? { looksNowhere: dataAlone }
  if (looksNowhere) return refuse(call.path, looksNowhere.en, looksNowhere.zh)
  const keys = library?.uniqueKeys(object)
  const fields = (library?.fieldsOf ?? call.scope.object)(object)
  if (!keys || !fields) {
    const { known } = suggest(object, library?.objects ?? [])
    return refuse(
      call.pathOf(0),
      `there is no such object to look into here (there is: ${known})`,
      `此处没有可查的该对象(可用:${known})`,
    )
  }
  const names = Object.keys(given)
  const unique = keys.find((key) => key.length === names.length && key.every((name) => names.includes(name)))
  if (!unique) {
    const known = keys.map((key) => key.join(' + ')).join('; ')
    return refuse(
      call.pathOf(1),
      `the fields named are no unique key; these are: ${known}`,
      `所写字段不是唯一键;唯一键有:${known}`,
    )
  }
  const result = fields.get(field)
  if (!result || !isScalar(result)) {
    const { known } = suggest(field, [...fields.keys()])
    return refuse(
      call.pathOf(2),
      `it has no field "${field.slice(0, 60)}" to read; there is: ${known}`,
      `没有可读取的字段"${field.slice(0, 60)}";可用的有:${known}`,
    )
  }
  const args = unique.map((name) => {
    const at = `${call.pathOf(1)}/${name}`
    const type = fields.get(name)
    if (!type || !isScalar(type)) return refuse(at, `"${name}" cannot be compared`, `"${name}"不能比较`)
    const node = call.check(given[name]!, at)
    return node && fitResult(node, withNullable(type, true), call.report)
  })
  const good = args.filter((arg) => arg !== null)
  if (good.length < args.length) return null
  const node = call.call('lookup', good, { settings: { object, keys: [...unique], field } })
  // What stands in a table may be absent from it.
  return node?.kind === 'call'
    ? {
        ...node,
        type: withNullable(result, true),
        digits: digitsOf(result),
        payload: unique.map((name) => fields.get(name)!),
      }
    : null
}

function evaluateLookup(call: EvaluateCall): Thunk {
  const { node } = call
  const types = node.payload as readonly RuleType[]
  const { object, field } = node.settings as { object: string; field: string }
  const names = node.settings.keys as readonly string[]
  const keys = types.map((type, i) => call.arg(i, isNumeric(type) ? scaleOf(type) : undefined))
  const read = readerOf(node.type)
  return (frame) => {
    const key: Record<string, Json> = {}
    let whole = true
    for (let i = 0; i < keys.length; i++) {
      const value = keys[i]!(frame)
      if (value === null) whole = false
      else key[names[i]!] = writeValue(value, types[i]!)
    }
    // An empty part of a key is the key of no record.
    if (!whole) return null
    const port = frame.context[lookupPort] as LookupPort | undefined
    const found = typeof port === 'function' ? port({ object, key }) : undefined
    if (found === undefined) call.fail(ruleLookupMissing, { object })
    const raw = found === null ? null : (found[field] ?? null)
    return raw === null ? null : (read(raw) ?? null)
  }
}

function lookupSql(call: SqlCall): SqlPiece {
  const { node } = call
  const types = node.payload as readonly RuleType[]
  const { object, field } = node.settings as { object: string; field: string }
  const names = node.settings.keys as readonly string[]
  const rows = call.records(object)
  const tests = names.map((name, i) => {
    const value = isNumeric(types[i]!) ? call.numeric(i) : call.args[i]!
    return `${rows.entry([name], types[i]!).text} = ${value.text}`
  })
  const where = [...(rows.where === null ? [] : [rows.where]), ...tests].join(' AND ')
  const value = rows.entry([field], node.type)
  const text = `(SELECT ${value.text} FROM ${rows.from} WHERE ${where})`
  const failing = call.args.flatMap((piece, i) =>
    piece.fails ? [okOf(piece, node.args[i]!.type.nullable)] : [],
  )
  if (failing.length === 0) return { text, fails: false, simple: false }
  return { text, fails: true, ok: `(${failing.join(' AND ')})`, simple: false }
}

/** One lookup of a rule: which fields of which object it compares and reads. */
export interface LookupUse {
  readonly object: string
  readonly keys: readonly string[]
  readonly field: string
}

/** What a checked rule looks into, besides the paths it reads. */
export function lookupsOf({ root }: Pick<TypedRule, 'root'>): LookupUse[] {
  return [...walkNodes(root)].flatMap((node) =>
    node.kind === 'call' && node.operator === lookup ? [node.settings as unknown as LookupUse] : [],
  )
}

/** Reads a field of the record that a unique key names. In SQL a sub-select under row-level security. */
export const lookup = defineOperator({
  name: 'lookup',
  level: 'V',
  group: 'value',
  title: { en: 'look up', zh: '查表' },
  describe: {
    en: 'A field of the record that a unique key names, empty where there is none: {"lookup": ["object", {"field": value}, "field to read"]}.',
    zh: '按唯一键取某条记录的字段,没有该记录时为空:{"lookup": ["对象", {"字段": 值}, "要读取的字段"]}。',
  },
  args: [
    { name: 'object', title: { en: 'object', zh: '对象' }, kind: 'value' },
    { name: 'key', title: { en: 'key', zh: '键' }, kind: 'value' },
    { name: 'field', title: { en: 'field', zh: '字段' }, kind: 'value' },
  ],
  parse: parseLookup,
  type: (call) => call.args[0]?.type ?? null,
  evaluate: evaluateLookup,
  sql: lookupSql,
  explain: ({ args, out, settings }) => {
    const { object, field } = settings as { object: string; field: string }
    const keys = settings.keys as readonly string[]
    const key = (sign: string) => keys.map((name, i) => `${name} = ${args[i] ?? '–'}`).join(sign)
    return {
      en: `${object} with ${key(', ')}: ${field} is ${out}`,
      zh: `${object}(${key(';')}):${field} 为 ${out}`,
    }
  },
})
