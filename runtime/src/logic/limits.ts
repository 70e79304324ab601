import type { Diagnostic } from '../definition/diagnostic.ts'
import { diagnose } from '../errors/diagnose.ts'
import { ruleLiteral, ruleShape, ruleTooLarge } from '../errors/logic.ts'
import type { Json } from '../json.ts'
import { escapePointer } from './pointer.ts'

/** What a rule may weigh and what it may make. Checked before and during evaluation. */
export const limits = {
  /** Bytes of the rule's JSON. */
  bytes: 65_536,
  /** JSON values in the rule. */
  nodes: 2_000,
  /** Operations inside operations. */
  depth: 32,
  /** Entries of a list that is read or made. */
  list: 10_000,
  /** Characters (code points) of a text that is made. */
  text: 65_536,
  /** Characters of a text that is read: no field holds more. */
  read: 100_000,
  /** Calls of named rules inside calls. */
  calls: 8,
  /** JSON values in all the named rules that one rule calls, each counted as often as it is called. */
  expanded: 10_000,
  /** Turns of list operators in one evaluation. */
  steps: 200_000,
} as const

/**
 * Operators whose operand has a grammar of its own: a whole one (it checks the rules inside itself), or a group of
 * named rules among the operands. Only there may an object have several keys.
 */
const ownGrammar: Readonly<Record<string, 'whole' | 'named'>> = {
  table: 'whole',
  rule: 'named',
  lookup: 'named',
}

/**
 * Whether the rule is small enough to be looked at, made of JSON and of objects with one key. Stops at the first
 * limit passed, so that its own cost is bounded whatever it is given.
 */
export function checkLimits(rule: Json, path: string): Diagnostic[] {
  let nodes = 0
  let bytes = 0
  const found: Diagnostic[] = []
  const over = (what: string, whatZh: string, limit: number, at: string) => [
    diagnose(ruleTooLarge, at, { what, what_zh: whatZh, limit }),
  ]
  // A list of operands stands one deep already: only operations, and lists inside lists, count towards the depth.
  const stack: Entry[] = [{ value: rule, path, depth: 1, operands: false }]
  for (let entry = stack.pop(); entry; entry = stack.pop()) {
    const { value, depth } = entry
    nodes += 1
    bytes += 8
    if (nodes > limits.nodes) return over('the number of parts', '组成部分数', limits.nodes, path)
    if (depth > limits.depth) return over('its depth', '嵌套深度', limits.depth, entry.path)
    if (typeof value === 'string') bytes += value.length
    if (Array.isArray(value)) {
      // Judged before its entries are queued: a list of a million costs nothing.
      if (nodes + value.length > limits.nodes)
        return over('the number of parts', '组成部分数', limits.nodes, path)
      value.forEach((item, i) => {
        stack.push({
          value: item,
          path: `${entry.path}/${i}`,
          depth: entry.operands ? depth : depth + 1,
          operands: false,
          ...(entry.grammar ? { grammar: entry.grammar } : {}),
        })
      })
    } else if (typeof value === 'object' && value !== null) {
      const keys = Object.keys(value)
      if (nodes + keys.length > limits.nodes)
        return over('the number of parts', '组成部分数', limits.nodes, path)
      if (keys.length !== 1 && !entry.grammar)
        found.push(diagnose(ruleShape, entry.path, { count: keys.length }))
      for (const key of entry.grammar ? keys : keys.slice(0, 2)) {
        const grammar =
          entry.grammar === 'whole'
            ? 'whole'
            : entry.grammar || !Object.hasOwn(ownGrammar, key)
              ? undefined
              : ownGrammar[key]
        bytes += key.length
        stack.push({
          value: value[key]!,
          path: `${entry.path}/${escapePointer(key)}`,
          depth: depth + 1,
          operands: true,
          ...(grammar ? { grammar } : {}),
        })
      }
    } else if (
      value === undefined ||
      typeof value === 'function' ||
      typeof value === 'symbol' ||
      typeof value === 'bigint'
    ) {
      found.push(diagnose(ruleLiteral, entry.path, { why: 'it is not JSON', why_zh: '不是 JSON' }))
    }
    if (bytes > limits.bytes * 4) return over('its size in bytes', '字节数', limits.bytes, path)
  }
  if (found.length > 0) return found
  // Exact size only for rules already known to be small.
  if (utf8Length(JSON.stringify(rule)) > limits.bytes)
    return over('its size in bytes', '字节数', limits.bytes, path)
  return []
}

interface Entry {
  readonly value: Json
  readonly path: string
  readonly depth: number
  readonly operands: boolean
  /** Set inside what has a grammar of its own. */
  readonly grammar?: 'whole' | 'named'
}

function utf8Length(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3
  }
  return length
}
