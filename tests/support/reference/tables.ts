import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import {
  add,
  type Compute,
  compare,
  fail,
  inRange,
  isNum,
  num,
  number,
  type Run,
  readMoment,
  type Sight,
  same,
  show,
  type Value,
  whole,
} from './values.ts'

// Decision tables, read row by row as people read them. A cell is a test that is asked of the value; nothing is
// brought into another form.

type Test = (value: Value) => boolean

/** A value of a cell, as the value that it is compared with has it. */
function meant(text: string, like: Value): Value {
  if (isNum(like)) {
    const plain = text.replaceAll(',', '')
    if (!plain.endsWith('%')) return number(plain)
    const { n, s } = number(plain.slice(0, -1))
    return { n, s: s + 2 }
  }
  if (typeof like === 'boolean') return text === 'true'
  return text.normalize('NFC')
}

const equals =
  (text: string): Test =>
  (value) =>
    value !== null && same(value, meant(text, value))

/** `(`, `[`, `not`, comparisons, `|`, `&`, values. What people type in full width counts as its sign. */
const piece =
  /\s*(?:"((?:[^"]|"")*)"|(>=|<=|!=|<>|==|\.\.|[=><|&[\]()≥≤≠＞＜＝（）｜＆])|(!(?!=)|非(?=\s)|not(?=[\s(]))|((?:(?!\.\.)[^|&[\]()<>=!≥≤≠＞＜＝（）｜＆"])+))/giuy
const plainSign: Readonly<Record<string, string>> = {
  '≥': '>=',
  '≤': '<=',
  '≠': '!=',
  '<>': '!=',
  '==': '=',
  '＞': '>',
  '＜': '<',
  '＝': '=',
  '（': '(',
  '）': ')',
  '｜': '|',
  '＆': '&',
}
interface Piece {
  readonly sign: string | null
  readonly text: string
  readonly quoted: boolean
}

function cut(cell: string): Piece[] {
  const pieces: Piece[] = []
  piece.lastIndex = 0
  const text = cell.trim()
  while (piece.lastIndex < text.length) {
    const found = piece.exec(text)
    if (!found) throw new TypeError(`the reference cannot read the cell ${cell}`)
    const [, quoted, sign, not, bare] = found
    if (quoted !== undefined) pieces.push({ sign: null, text: quoted.replaceAll('""', '"'), quoted: true })
    else if (sign !== undefined) pieces.push({ sign: plainSign[sign] ?? sign, text: '', quoted: false })
    else if (not !== undefined) pieces.push({ sign: 'not', text: '', quoted: false })
    else pieces.push({ sign: null, text: bare!.trim(), quoted: false })
  }
  return pieces
}

class CellReader {
  private at = 0
  constructor(private readonly pieces: readonly Piece[]) {}

  any(): Test {
    if (this.take('not')) {
      const inner = this.any()
      return (value) => !inner(value)
    }
    const tests = [this.every()]
    while (this.take('|')) tests.push(this.every())
    return (value) => tests.some((test) => test(value))
  }

  private every(): Test {
    const tests = [this.one()]
    while (this.take('&')) tests.push(this.one())
    return (value) => tests.every((test) => test(value))
  }

  private one(): Test {
    const first = this.pieces[this.at++]!
    if (first.sign === null) return this.test('=', first)
    if ((first.sign === '(' || first.sign === '[') && this.pieces[this.at + 1]?.sign === '..') {
      const [low, , high, close] = this.pieces.slice(this.at, this.at + 4)
      this.at += 4
      const from = this.test(first.sign === '[' ? '>=' : '>', low!)
      const to = this.test(close!.sign === ']' ? '<=' : '<', high!)
      return (value) => from(value) && to(value)
    }
    if (first.sign === '(') {
      const inner = this.any()
      this.take(')')
      return inner
    }
    return this.test(first.sign, this.pieces[this.at++]!)
  }

  private test(sign: string, { text, quoted }: Piece): Test {
    if (!quoted && ['null', 'empty'].includes(text.toLowerCase()))
      return sign === '=' ? (value) => value === null : (value) => value !== null
    if (sign === '=') return equals(text)
    if (sign === '!=') return (value) => !equals(text)(value)
    const order = (value: Value) => compare(value, meant(text, value))
    const holds: Readonly<Record<string, (side: number) => boolean>> = {
      '<': (side) => side < 0,
      '<=': (side) => side <= 0,
      '>': (side) => side > 0,
      '>=': (side) => side >= 0,
    }
    return (value) => value !== null && holds[sign]!(order(value))
  }

  private take(sign: string): boolean {
    if (this.pieces[this.at]?.sign !== sign) return false
    this.at += 1
    return true
  }
}

function testOf(cell: Json): Test {
  if (cell === null) return () => true
  if (Array.isArray(cell)) {
    const tests = cell.map(entryOf)
    return (value) => tests.some((test) => test(value))
  }
  if (typeof cell !== 'string') return entryOf(cell)
  if (['', '-', '–', '—'].includes(cell.trim())) return () => true
  return new CellReader(cut(cell)).any()
}

/** A value by itself, outside the grammar. */
function entryOf(entry: Json): Test {
  if (entry === null) return (value) => value === null
  return equals(String(entry))
}

interface Table {
  readonly inputs: readonly { readonly e: Json }[]
  readonly outputs: readonly {
    readonly name: string
    readonly type: string
    readonly values?: readonly Json[]
  }[]
  readonly hit: string
  readonly rows: readonly { readonly when: readonly Json[]; readonly then: readonly Json[] }[]
  readonly default?: readonly Json[]
}

/** The tests of each row, made once. */
const testsOf = new WeakMap<object, Test[]>()

/** What the table gives; `pick` asks for one of its outputs, and no other is computed. */
export function computeTable(json: Json, pick: string | null, sight: Sight, run: Run): Value {
  const table = json as unknown as Table
  const values = table.inputs.map(({ e }) => run(e, sight))
  const matched = table.rows.filter((row) => matches(row, values))
  const asked = table.outputs.flatMap((output, i) =>
    pick === null || output.name === pick ? [{ ...output, i }] : [],
  )
  const resultOf = (then: readonly Json[]): Value => {
    const all = asked.map(({ i, type }) => output(then[i]!, type, sight, run))
    if (all.length === 1) return all[0]!
    const raw: JsonObject = Object.fromEntries(asked.map(({ name }, i) => [name, show(all[i]!)]))
    return { raw, row: new Map() }
  }
  const fallback = () => (table.default ? resultOf(table.default) : null)
  const { hit } = table
  if (hit === 'collect:count') return whole(matched.length)
  if (hit.startsWith('collect')) {
    if (matched.length === 0 && table.default) return hit === 'collect:list' ? [fallback()] : fallback()
    const all = matched.map(({ then }) => resultOf(then))
    if (hit === 'collect:list') return all
    if (hit === 'collect:sum') return inRange(all.map(num).reduce(add, whole(0)))
    const sign = hit === 'collect:min' ? -1 : 1
    return all.reduce<Value>(
      (best, one) => (best === null || sign * compare(one, best) > 0 ? one : best),
      null,
    )
  }
  if (matched.length === 0) return fallback()
  if (hit === 'unique' && matched.length > 1) return fail('several rows match')
  if (hit === 'any') {
    const all = matched.map(({ then }) => resultOf(then))
    return all.every((one) => same(one, all[0]!)) ? all[0]! : fail('rows contradict each other')
  }
  if (hit === 'priority') {
    const rank = (then: readonly Json[]) =>
      table.outputs.map(({ values: order = [] }, i) =>
        order.findIndex((one) => JSON.stringify(one) === JSON.stringify(then[i])),
      )
    return resultOf([...matched].sort((a, b) => before(rank(a.then), rank(b.then)))[0]!.then)
  }
  return resultOf(matched[0]!.then)
}

function matches(row: Table['rows'][number], values: readonly Value[]): boolean {
  let tests = testsOf.get(row)
  if (!tests) {
    tests = row.when.map(testOf)
    testsOf.set(row, tests)
  }
  return tests.every((test, i) => test(values[i]!))
}

function before(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((rank, i) => rank !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}

/** Values are written by the type of their output: a number may group its digits and end in %. */
function output(then: Json, type: string, sight: Sight, run: Run): Value {
  if (typeof then === 'string' && /^(int|dec)/.test(type)) return meant(then, whole(0))
  const value = run(then, sight)
  return type.startsWith('instant') && typeof value === 'string' ? readMoment(value) : value
}

export function tableOperators(run: Run): Readonly<Record<string, Compute>> {
  return { table: ([table], sight) => computeTable(table!, null, sight, run) }
}
