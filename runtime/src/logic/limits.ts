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
  /** Characters (code points) of a text that is read or made. */
  text: 65_536,
  /** Turns of list operators in one evaluation. */
  steps: 200_000,
} as const

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
  const stack: { value: Json; path: string; depth: number; operands: boolean }[] = [
    { value: rule, path, depth: 1, operands: false },
  ]
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
        })
      })
    } else if (typeof value === 'object' && value !== null) {
      const keys = Object.keys(value)
      if (keys.length !== 1) found.push(diagnose(ruleShape, entry.path, { count: keys.length }))
      for (const key of keys.slice(0, 2)) {
        bytes += key.length
        stack.push({
          value: value[key]!,
          path: `${entry.path}/${escapePointer(key)}`,
          depth: depth + 1,
          operands: true,
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

function utf8Length(text: string): number {
  let length = 0
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3
  }
  return length
}
