import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { formatDecimal, parseDecimal } from '../decimal.ts'
import { type IrNode, type VarNode, walkNodes } from '../ir.ts'
import type { RuleScope, RuleType } from '../types.ts'

/** Rows that are made where none are given. */
const rows = 24

/**
 * Rows that try a rule where it turns: the values that it compares with, those just below and above, the limits of
 * fields, empty values, zero. The same rows each time.
 */
export function makeSamples(root: IrNode, scope: RuleScope): JsonObject[] {
  const fields = new Map<string, VarNode>()
  const literals: (string | number | bigint)[] = []
  for (const node of walkNodes(root)) {
    if (node.kind === 'var' && node.local === null && node.segments.length > 0)
      fields.set(node.segments.join('.'), node)
    if (
      node.kind === 'literal' &&
      node.value !== null &&
      typeof node.value !== 'object' &&
      typeof node.value !== 'boolean'
    )
      literals.push(...textOf(node))
  }
  const choices = [...fields].map(
    ([path, node]) => [path, valuesOf(typeAt(scope, node.segments) ?? node.type, literals)] as const,
  )
  const made = Array.from({ length: rows }, (_, row) => {
    const data: JsonObject = {}
    // Steps of their own length, so that the columns do not move together.
    for (const [i, [path, values]] of choices.entries())
      put(data, path, values[(row * (i + 1) + (row >> 2)) % values.length] ?? null)
    return data
  })
  const seen = new Set<string>()
  return made.filter((data) => {
    const mark = JSON.stringify(data)
    return !seen.has(mark) && seen.add(mark)
  })
}

function* textOf(node: Extract<IrNode, { kind: 'literal' }>): Generator<string> {
  const { value, type } = node
  if (typeof value === 'string') yield value
  else if (typeof value === 'number' || typeof value === 'bigint')
    yield formatDecimal({ units: value, scale: type.t === 'dec' ? type.scale : 0 })
}

function typeAt(scope: RuleScope, segments: readonly string[]): RuleType | undefined {
  const [first = '', ...rest] = segments
  let type = scope.root.get(first)
  for (const segment of rest) {
    const fields = type?.t === 'obj' ? type.fields : type?.t === 'ref' ? scope.object(type.object) : undefined
    type = fields?.get(segment)
  }
  return type
}

/** Values of the type worth trying, some of them from the rule itself. */
function valuesOf(type: RuleType, literals: readonly (string | number | bigint)[]): Json[] {
  const empty: Json[] = type.nullable ? [null] : []
  switch (type.t) {
    case 'bool':
      return [true, false, ...empty]
    case 'int':
    case 'dec':
      return [...numbersOf(type, literals), ...empty]
    case 'str':
      return [...(type.enum ?? ['', 'a', 'A', '0', ...literals.map(String)]), ...empty]
    case 'date':
      return [
        '2026-01-01',
        ...literals.map(String).filter((text) => /^\d{4}-\d\d-\d\d$/.test(text)),
        ...empty,
      ]
    case 'instant':
      return ['2026-01-01T00:00:00.000Z', ...empty]
    case 'period':
      return [{ from: '2026-01-01', to: '2026-02-01' }, ...empty]
    case 'list': {
      const items = valuesOf(type.of, literals).filter((item) => item !== null)
      return [[], items.slice(0, 1), items.slice(0, 3), ...empty]
    }
    case 'obj':
      return [entryOf(type.fields, literals, 0), entryOf(type.fields, literals, 1), ...empty]
    case 'null':
      return [null]
    default:
      return ['00000000-0000-4000-8000-000000000001', ...empty]
  }
}

function entryOf(
  fields: ReadonlyMap<string, RuleType>,
  literals: readonly (string | number | bigint)[],
  at: number,
): JsonObject {
  return Object.fromEntries(
    [...fields].map(([key, type]) => {
      const values = valuesOf(type, literals)
      return [key, values[at % values.length] ?? null]
    }),
  )
}

function numbersOf(
  type: Extract<RuleType, { t: 'int' | 'dec' }>,
  literals: readonly (string | number | bigint)[],
): Json[] {
  const scale = type.t === 'dec' ? type.scale : 0
  const unit = 10 ** -scale
  const tried = new Set<number>([0, 1, -1, 100])
  for (const limit of [type.min, type.max]) if (limit !== undefined) tried.add(Number(limit))
  for (const literal of literals) {
    const number = Number(literal)
    if (parseDecimal(String(literal)) && Math.abs(number) < 1e12)
      for (const step of [0, -unit, unit]) tried.add(number + step)
  }
  const [min, max] = [Number(type.min ?? -1e12), Number(type.max ?? 1e12)]
  const inside = [...tried].filter((value) => value >= min && value <= max)
  return (inside.length > 0 ? inside : [min]).map((value) =>
    scale === 0 ? Math.trunc(value) : value.toFixed(scale),
  )
}

function put(data: JsonObject, path: string, value: Json): void {
  const keys = path.split('.')
  let at = data
  for (const [i, key] of keys.entries()) {
    if (i === keys.length - 1) {
      if (!Object.hasOwn(at, key)) at[key] = value
      return
    }
    const next = Object.hasOwn(at, key) ? at[key] : undefined
    if (isJsonObject(next)) at = next
    else {
      const made: JsonObject = {}
      at[key] = made
      at = made
    }
  }
}
