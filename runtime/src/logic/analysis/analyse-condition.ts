import type { Diagnostic } from '../../definition/diagnostic.ts'
import { branchUnreachable, conditionConstant, conditionContradiction } from '../../errors/analysis.ts'
import { diagnose } from '../../errors/diagnose.ts'
import { replaceConstant } from '../fixes.ts'
import type { CallNode, IrNode, LiteralNode, VarNode } from '../ir.ts'
import { childrenOf, walkNodes } from '../ir.ts'
import { bool, isNumeric, scaleOf } from '../rule-type.ts'
import { shiftUnits, type Units } from '../scaled.ts'
import {
  type Cell,
  type CellColumn,
  type CellValue,
  columnOf,
  isCellType,
  isOrdered,
  negate,
  unite,
} from '../tables/cell.ts'
import { type Box, Budget, domainOf, isNothing, meet } from './space.ts'

/** Boxes that one proof may look at; conditions beyond it are passed over in silence. */
const steps = 5_000
/** Alternatives of one condition that are kept apart. */
const widest = 200

/**
 * Conditions that the limits of their fields, or their own parts, decide beforehand: always true, always false, parts
 * that cannot hold together, branches that no input reaches. Single comparisons are the checker's affair.
 */
export function analyseConditions(root: IrNode): Diagnostic[] {
  const analysis = new ConditionAnalysis()
  const found: Diagnostic[] = []
  const inside = new Set<IrNode>()
  for (const node of walkNodes(root)) {
    if (node.kind !== 'call') continue
    if (node.operator.name === 'if') found.push(...analysis.branches(node))
    if (inside.has(node) || !isWhole(node)) continue
    // Told once, at the outermost condition; its parts only where it is not decided as a whole.
    const told = analysis.whole(node)
    found.push(...told)
    if (told.length > 0) for (const part of walkNodes(node)) inside.add(part)
    else for (const part of childrenOf(node)) if (isAtom(part)) inside.add(part)
  }
  return found
}

/** Conditions that the checker does not decide itself by limits. */
function isWhole(node: CallNode): boolean {
  if (node.type.t !== 'bool' || node.operator.group === 'list') return false
  const pair = ['<', '<=', '>', '>='].includes(node.operator.name) && node.args.length === 2
  return !pair && ['and', 'or', '!', 'between', 'in', '==', '!=', '<', '<='].includes(node.operator.name)
}

function isAtom(node: IrNode): boolean {
  return node.kind === 'call' && !['and', 'or', '!', 'if'].includes(node.operator.name)
}

/** Alternatives, each a box; null where they are too many to be told apart. */
type Boxes = readonly Box<string>[] | null

class ConditionAnalysis {
  private readonly columns = new Map<string, CellColumn>()
  private budget = new Budget(steps)

  whole(node: CallNode): Diagnostic[] {
    this.budget = new Budget(steps)
    const never = this.isImpossible([node], [])
    const always = !never && this.isImpossible([], [node])
    if (never || always) {
      if (never && node.operator.name === 'and') {
        const clash = this.clash(node)
        if (clash) return [clash]
      }
      return [
        diagnose(
          conditionConstant,
          node.path,
          { value: always ? 'true' : 'false', value_zh: always ? '真' : '假', why: '', why_zh: '' },
          { severity: 'warning', fix: replaceConstant(node.path, always) },
        ),
      ]
    }
    return []
  }

  /** The first operand of an `and` that the ones before it rule out. */
  private clash(node: CallNode): Diagnostic | null {
    for (let i = 1; i < node.args.length; i++) {
      const alone = this.isImpossible([node.args[i]!], [])
      if (alone) return null
      if (this.isImpossible(node.args.slice(0, i + 1), [])) {
        const fields = this.sharedFields(node.args[i]!, node.args.slice(0, i))
        return diagnose(
          conditionContradiction,
          node.args[i]!.path,
          {
            why: fields.length > 0 ? ` ("${fields.join('", "')}")` : '',
            why_zh: fields.length > 0 ? `("${fields.join('"、"')}")` : '',
          },
          { severity: 'warning', fix: replaceConstant(node.path, false) },
        )
      }
    }
    return null
  }

  private sharedFields(node: IrNode, others: readonly IrNode[]): string[] {
    const names = (root: IrNode) =>
      [...walkNodes(root)].flatMap((one) => (one.kind === 'var' ? [one.name] : []))
    const before = new Set(others.flatMap(names))
    return [...new Set(names(node))].filter((name) => before.has(name)).slice(0, 3)
  }

  /** Tests of an `if` that hold only where one before them does. */
  branches(node: CallNode): Diagnostic[] {
    const found: Diagnostic[] = []
    const before: IrNode[] = []
    for (let i = 0; i + 1 < node.args.length; i += 2) {
      const test = node.args[i]!
      this.budget = new Budget(steps)
      const never = this.isImpossible([test], [])
      if (!never && before.length > 0 && this.isImpossible([test], before))
        found.push(diagnose(branchUnreachable, test.path, {}, { severity: 'warning' }))
      before.push(test)
    }
    return found
  }

  /** No input makes all of `holds` true and all of `fails` false. False also where that was not proved. */
  private isImpossible(holds: readonly IrNode[], fails: readonly IrNode[]): boolean {
    let boxes: Boxes = [new Map()]
    for (const [nodes, positive] of [
      [holds, true],
      [fails, false],
    ] as const) {
      for (const node of nodes) {
        boxes = this.both(boxes, this.boxes(node, positive))
        if (boxes === null) return false
      }
    }
    return boxes.length === 0
  }

  /** The inputs for which the condition is true, or false. What it cannot see through is a truth of its own. */
  private boxes(node: IrNode, positive: boolean): Boxes {
    if (node.kind === 'literal') return node.value === positive ? [new Map()] : []
    if (node.kind === 'call') {
      const { name } = node.operator
      if (name === '!') return this.boxes(node.args[0]!, !positive)
      if (name === 'and' || name === 'or') {
        const parts = node.args.map((part) => this.boxes(part, positive))
        return (name === 'and') === positive ? parts.reduce((a, b) => this.both(a, b)) : this.either(parts)
      }
      if (name === 'if' && node.args.length === 3) {
        const [test, yes, no] = node.args as readonly [IrNode, IrNode, IrNode]
        return this.either([
          this.both(this.boxes(test, true), this.boxes(yes, positive)),
          this.both(this.boxes(test, false), this.boxes(no, positive)),
        ])
      }
      const atom = readAtom(node)
      if (atom)
        return this.field(atom.field, positive ? atom.cell : negate(atom.cell, columnOf(atom.field.type)))
    }
    if (node.kind === 'var' && node.type.t === 'bool' && node.local === null)
      return this.field(node, { kind: 'values', values: [positive], except: false, empty: false })
    // The same text is the same truth wherever it stands, but for names that an operator binds.
    const opaque = JSON.stringify(node.raw)
    return this.narrow(`?${opaque}`, columnOf(bool), {
      kind: 'values',
      values: [positive],
      except: false,
      empty: false,
    })
  }

  private field(node: VarNode, cell: Cell): Boxes {
    return this.narrow(
      node.local === null ? node.name : `${node.local}.${node.name}`,
      columnOf(node.type),
      cell,
    )
  }

  private narrow(key: string, column: CellColumn, cell: Cell): Boxes {
    const known = this.columns.get(key)
    // A field is read leniently under `exists`, so its column may allow more there than elsewhere.
    const wider = known?.type.nullable && !column.type.nullable ? known : column
    if (!known) this.columns.set(key, wider)
    const inside = meet(cell, domainOf(wider), wider)
    return isNothing(inside) ? [] : [new Map([[key, inside]])]
  }

  private both(a: Boxes, b: Boxes): Boxes {
    if (a === null || b === null) return null
    const all: Box<string>[] = []
    for (const left of a) {
      for (const right of b) {
        if (!this.budget.spend() || all.length > widest) return null
        const box = this.meetBoxes(left, right)
        if (box) all.push(box)
      }
    }
    return all
  }

  private meetBoxes(left: Box<string>, right: Box<string>): Box<string> | null {
    const box = new Map(left)
    for (const [key, cell] of right) {
      const other = box.get(key)
      const inside = other ? meet(other, cell, this.columns.get(key)!) : cell
      if (isNothing(inside)) return null
      box.set(key, inside)
    }
    return box
  }

  private either(parts: readonly Boxes[]): Boxes {
    const all: Box<string>[] = []
    for (const part of parts) {
      if (part === null) return null
      all.push(...part)
    }
    return all.length > widest ? null : all
  }
}

interface Atom {
  readonly field: VarNode
  /** The values of the field for which it holds. */
  readonly cell: Cell
}

const turned: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
}

/** A comparison of one field with literals. */
function readAtom(node: CallNode): Atom | null {
  const { name } = node.operator
  const [a, b, c] = node.args
  if (a && (name === 'exists' || name === 'empty')) return readPresence(a, name)
  if (name === 'between' && a && b && c) return both(compare(a, '>=', b), compare(a, '<=', c))
  if (name === 'in' && a && b) return readMembership(a, b)
  if (!a || !b || !(name in turned)) return null
  return c ? both(compare(a, name, b), compare(b, name, c)) : compare(a, name, b)
}

function both(x: Atom | null, y: Atom | null): Atom | null {
  if (!x || !y || x.field.name !== y.field.name || x.field.local !== y.field.local) return null
  return { field: x.field, cell: meet(x.cell, y.cell, columnOf(x.field.type)) }
}

/** The field of a side, and what counts when it is empty: `x`, or `x ?? 0`. */
function fieldOf(node: IrNode): { field: VarNode; whenEmpty: LiteralNode | null } | null {
  if (node.kind === 'var')
    return isCellType(node.type) && node.part === null ? { field: node, whenEmpty: null } : null
  if (node.kind !== 'call' || node.operator.name !== '??' || node.args.length !== 2) return null
  const [field, rest] = node.args
  return field?.kind === 'var' && field.part === null && isCellType(field.type) && rest?.kind === 'literal'
    ? { field, whenEmpty: rest }
    : null
}

function compare(left: IrNode, sign: string, right: IrNode): Atom | null {
  if (left.kind === 'literal') return right.kind === 'literal' ? null : compare(right, turned[sign]!, left)
  const side = fieldOf(left)
  if (!side || right.kind !== 'literal') return null
  const { field, whenEmpty } = side
  const column = columnOf(field.type)
  const cell = cellOf(sign, right, column)
  if (!cell || !whenEmpty) return cell && { field, cell }
  const empty = holds(whenEmpty, sign, right)
  return empty === null ? null : { field, cell: { ...cell, empty } as Cell }
}

/** Whether the comparison of two literals holds. */
function holds(left: LiteralNode, sign: string, right: LiteralNode): boolean | null {
  const scale = Math.max(scaleOf(left.type), scaleOf(right.type))
  const value = (node: LiteralNode) =>
    isNumeric(node.type) && node.value !== null
      ? shiftUnits(node.value as Units, scale - scaleOf(node.type))
      : node.value
  const [x, y] = [value(left), value(right)]
  if (sign === '==' || sign === '!=') return (x === y) === (sign === '==')
  if (x === null || y === null || typeof x === 'object' || typeof y === 'object') return null
  return sign === '<' ? x < y : sign === '<=' ? x <= y : sign === '>' ? x > y : x >= y
}

function cellOf(sign: string, literal: LiteralNode, column: CellColumn): Cell | null {
  const nothing: Cell = isOrdered(column.type)
    ? { kind: 'ranges', ranges: [], empty: false }
    : { kind: 'values', values: [], except: false, empty: false }
  if (literal.value === null) {
    const empty: Cell = { ...nothing, empty: true }
    return sign === '==' ? empty : sign === '!=' ? negate(empty, column) : null
  }
  if (!isOrdered(column.type)) {
    const equal: Cell = { kind: 'values', values: [literal.value as CellValue], except: false, empty: false }
    return sign === '==' ? equal : sign === '!=' ? negate(equal, column) : null
  }
  const found = edgeOf(literal, column)
  if (!found) return null
  const { value, exact } = found
  // A value of more places than the field has equals none of its values; its edge is the nearest below.
  if (sign === '==' || sign === '!=') {
    const ranges = exact ? [{ low: value, lowIn: true, high: value, highIn: true }] : []
    const equal: Cell = { kind: 'ranges', ranges, empty: false }
    return sign === '==' ? equal : negate(equal, column)
  }
  const below = { kind: 'ranges', empty: false } as const
  switch (sign) {
    case '<':
      return { ...below, ranges: [{ low: null, lowIn: false, high: value, highIn: !exact }] }
    case '<=':
      return { ...below, ranges: [{ low: null, lowIn: false, high: value, highIn: true }] }
    case '>':
      return { ...below, ranges: [{ low: value, lowIn: false, high: null, highIn: false }] }
    default:
      return { ...below, ranges: [{ low: value, lowIn: exact, high: null, highIn: false }] }
  }
}

/** The literal at the scale of the column, rounded down where it has more places. */
function edgeOf(literal: LiteralNode, column: CellColumn): { value: CellValue; exact: boolean } | null {
  if (!isNumeric(column.type))
    return typeof literal.value === 'string' ? { value: literal.value, exact: true } : null
  if (!isNumeric(literal.type)) return null
  const places = column.scale - scaleOf(literal.type)
  if (places >= 0) return { value: shiftUnits(literal.value as Units, places), exact: true }
  const factor = 10n ** BigInt(-places)
  const units = BigInt(literal.value as Units)
  const rest = ((units % factor) + factor) % factor
  const floor = (units - rest) / factor
  const small = floor <= BigInt(Number.MAX_SAFE_INTEGER) && floor >= -BigInt(Number.MAX_SAFE_INTEGER)
  return { value: small ? Number(floor) : floor, exact: rest === 0n }
}

function readPresence(node: IrNode, name: 'exists' | 'empty'): Atom | null {
  // Of texts and lists `empty` asks more than whether there is a value.
  if (node.kind !== 'var' || node.part !== null || !isCellType(node.type) || node.type.t === 'str')
    return null
  const empty: Cell = isOrdered(node.type)
    ? { kind: 'ranges', ranges: [], empty: true }
    : { kind: 'values', values: [], except: false, empty: true }
  return { field: node, cell: name === 'empty' ? empty : negate(empty, columnOf(node.type)) }
}

function readMembership(part: IrNode, whole: IrNode): Atom | null {
  if (whole.kind !== 'list' || !whole.items.every((item) => item.kind === 'literal')) return null
  let all: Atom | null = null
  for (const item of whole.items) {
    const one = compare(part, '==', item)
    if (!one) return null
    all = all ? { field: all.field, cell: unite(all.cell, one.cell) } : one
  }
  return all
}
