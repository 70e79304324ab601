import { ruleChoice, ruleLiteral, ruleTableKey } from '../../errors/logic.ts'
import { ruleTableCell, ruleTableShape } from '../../errors/tables.ts'
import { suggest } from '../../fields/suggest.ts'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { Budget, domainOf, findUncovered } from '../analysis/space.ts'
import { fitResult } from '../check-result.ts'
import { parseDecimal } from '../decimal.ts'
import type { CallNode, IrNode } from '../ir.ts'
import { checkLimits } from '../limits.ts'
import type { Operator, ParseCall } from '../operator.ts'
import { describeType, int, isNumeric, scaleOf, withNullable } from '../rule-type.ts'
import type { RuleType } from '../types.ts'
import { anyCell, type Cell, CellProblem, columnOf, isCellType, isOrdered, readCell } from './cell.ts'
import { type CheckedTable, rowsOverlap, type TableColumn, type TableRow } from './checked-table.ts'
import { type HitPolicy, hitPolicies, readTypeName, tableLimits } from './table-type.ts'

/** What checking a table needs of the rule around it. */
export interface TableSite {
  readonly operator: Operator
  readonly raw: Json
  /** Pointer of the node, and of the table's own JSON. */
  readonly path: string
  readonly at: string
  readonly check: ParseCall['check']
  readonly report: ParseCall['report']
}

/** Reads and types a decision table; `pick` asks for one of its outputs. Null after reporting what is wrong. */
export function checkTable(table: Json, site: TableSite, pick: string | null = null): CallNode | null {
  return new TableChecker(site).check(table, pick)
}

class TableChecker {
  private sound = true
  constructor(private readonly site: TableSite) {}

  check(table: Json, pick: string | null): CallNode | null {
    const { at } = this.site
    if (!isJsonObject(table))
      return this.shape(
        at,
        'it is an object with inputs, outputs, hit and rows',
        '应为含 inputs、outputs、hit、rows 的对象',
      )
    const known = ['inputs', 'outputs', 'hit', 'rows', 'default']
    for (const key of Object.keys(table)) {
      if (!known.includes(key))
        this.shape(`${at}/${key}`, `"${key}" is no setting of a table`, `表中没有设置项"${key}"`)
    }
    const hit = table.hit as HitPolicy
    if (!hitPolicies.includes(hit)) {
      return this.shape(
        `${at}/hit`,
        `"hit" is one of ${hitPolicies.join(', ')}`,
        `"hit" 应为 ${hitPolicies.join('、')} 之一`,
      )
    }
    const rows = ordered(this.list(table.rows, `${at}/rows`, tableLimits.rows))
    const inputs = this.list(table.inputs, `${at}/inputs`, tableLimits.columns)
    const outputs = this.list(table.outputs, `${at}/outputs`, tableLimits.columns)
    if (!this.sound) return null
    if (rows.length * (inputs.length + outputs.length) > tableLimits.cells) {
      return this.shape(
        at,
        `it has more than ${tableLimits.cells} cells`,
        `单元格超过 ${tableLimits.cells} 个`,
      )
    }
    const columns = inputs.map(({ value, index }) => this.checkInput(value, `${at}/inputs/${index}`))
    const results = outputs.map(({ value, index }) => this.readOutput(value, index, `${at}/outputs/${index}`))
    if (!this.sound) return null
    const picked = this.pickOutputs(
      results.map((one) => one!),
      pick,
      hit,
    )
    if (!picked) return null
    return this.build(
      table,
      hit,
      columns.map((one) => one!),
      picked,
      rows,
      results.map((one) => one!),
    )
  }

  private build(
    table: JsonObject,
    hit: HitPolicy,
    columns: readonly CheckedInput[],
    picked: readonly CheckedOutput[],
    rows: readonly Entry[],
    all: readonly CheckedOutput[],
  ): CallNode | null {
    const outputs = all.length
    const { at, operator, path, raw } = this.site
    const args: IrNode[] = columns.map(({ node }) => node)
    let lines: (TableRow & { readonly rank: readonly number[] })[] = []
    for (const [position, { value, index }] of rows.entries()) {
      const row = this.checkRow(value, `${at}/rows/${index}`, columns, outputs)
      if (!row) continue
      const then = args.length
      const rank: number[] = []
      for (const output of picked) {
        const place = `${at}/rows/${index}/then/${output.index}`
        const node = this.checkValue(row.then[output.index]!, output.type, place)
        if (!node) continue
        args.push(node)
      }
      // Which row wins does not hang on the output that is asked for.
      for (const output of hit === 'priority' ? all : [])
        rank.push(this.rankOf(row.then[output.index]!, output, `${at}/rows/${index}/then/${output.index}`))
      const id = typeof value['x-id'] === 'string' ? value['x-id'] : null
      lines.push({ number: position + 1, index, id, cells: row.cells, texts: row.texts, then, rank })
    }
    let fallback: number | null = null
    if (table.default !== undefined) {
      if (!Array.isArray(table.default) || table.default.length !== outputs) {
        return this.shape(
          `${at}/default`,
          `there is one default for each of the ${outputs} outputs`,
          `默认值须与 ${outputs} 个输出一一对应`,
        )
      }
      fallback = args.length
      for (const output of picked) {
        const node = this.checkValue(
          table.default[output.index]!,
          output.type,
          `${at}/default/${output.index}`,
        )
        if (node) args.push(node)
      }
    }
    if (!this.sound) return null
    if (hit === 'priority')
      lines = [...lines].sort((a, b) => compareRanks(a.rank, b.rank) || a.number - b.number)
    const names = columns.map(({ column }) => column)
    const complete = fallback !== null || isCovered(lines, names)
    if (!complete) this.requireKeys(lines, columns)
    if (!this.sound) return null
    const clashes = hit === 'unique' || hit === 'any'
    const payload: CheckedTable = {
      hit,
      inputs: names,
      outputs: picked.map(({ name, type }) => ({ name, type })),
      rows: lines.map(({ rank: _, ...row }) => row),
      fallback,
      overlaps: clashes
        ? lines.map((row, i) =>
            lines.flatMap((other, j) => (j > i && rowsOverlap(row.cells, other.cells) ? [j] : [])),
          )
        : [],
    }
    const type = this.resultType(payload, complete, args)
    if (!type) return null
    const most = Math.max(
      0,
      ...args.slice(columns.length).map((node) => (isNumeric(node.type) ? node.digits : 0)),
    )
    const digits = hit === 'collect:count' ? 3 : hit === 'collect:sum' ? most + 3 : most
    return {
      kind: 'call',
      operator,
      type,
      path,
      raw,
      args,
      settings: { hit },
      binds: [],
      body: args.length,
      digits: isNumeric(type) ? Math.min(digits, 20) : 0,
      ranged: isNumeric(type) && digits > 20,
      payload,
    }
  }

  private checkInput(input: JsonObject, path: string): CheckedInput | null {
    const name = readTitle(input.title)
    const found = this.checkRule(input.e ?? null, `${path}/e`)
    if (!found) return null
    let node = found
    if (input.type !== undefined) {
      const type = typeof input.type === 'string' ? readTypeName(input.type) : null
      if (!type) return this.shape(`${path}/type`, 'it is no type such as dec(2)', '不是 dec(2) 之类的类型')
      const fitted = fitResult(
        node,
        withNullable(type, type.nullable || node.type.nullable),
        this.site.report,
      )
      if (!fitted) return this.fail()
      // A column of more places than its values have is read at its own.
      node = fitted
      const wider =
        isNumeric(type) && scaleOf(type) > scaleOf(node.type)
          ? withNullable(type, node.type.nullable)
          : node.type
      return { node, column: { ...columnOf(wider), name: name ?? nameOf(node) } }
    }
    if (!isCellType(node.type)) {
      const found = describeType(node.type)
      return this.shape(`${path}/e`, `a column cannot compare ${found.en}`, `列不能比较${found.zh}`)
    }
    return { node, column: { ...columnOf(node.type), name: name ?? nameOf(node) } }
  }

  private readOutput(output: JsonObject, index: number, path: string): CheckedOutput | null {
    const type = typeof output.type === 'string' ? readTypeName(output.type) : null
    if (!type) return this.shape(`${path}/type`, 'it is no type such as dec(2)', '不是 dec(2) 之类的类型')
    if (typeof output.name !== 'string' || !/^[a-z][a-z0-9_]{0,39}$/.test(output.name)) {
      return this.shape(`${path}/name`, 'an output has a name in snake_case', '输出须有 snake_case 名称')
    }
    return { name: output.name, type, index, values: Array.isArray(output.values) ? output.values : null }
  }

  private pickOutputs(
    outputs: readonly CheckedOutput[],
    pick: string | null,
    hit: HitPolicy,
  ): readonly CheckedOutput[] | null {
    const { at } = this.site
    const names = outputs.map(({ name }) => name)
    if (new Set(names).size < names.length)
      return this.shape(`${at}/outputs`, 'each output has a name of its own', '各输出名称不得重复')
    if (pick !== null && !names.includes(pick)) {
      const { known } = suggest(pick, names)
      return this.shape(
        at,
        `it has no output "${pick.slice(0, 60)}"; there is: ${known}`,
        `没有输出"${pick.slice(0, 60)}";可用的有:${known}`,
      )
    }
    const picked = pick === null ? outputs : outputs.filter(({ name }) => name === pick)
    if (hit.startsWith('collect') && picked.length > 1) {
      return this.shape(`${at}/outputs`, 'values are collected of one output', '汇总只能针对一个输出')
    }
    if (hit === 'priority' && outputs.some(({ values }) => !values)) {
      return this.shape(
        `${at}/outputs`,
        '"priority" needs "values": the one that wins first',
        '"priority" 需要 "values":优先的值在前',
      )
    }
    return picked
  }

  private checkRow(
    row: JsonObject,
    path: string,
    columns: readonly CheckedInput[],
    outputs: number,
  ): { cells: Cell[]; texts: string[]; then: readonly Json[] } | null {
    const { when, then } = row
    if (!Array.isArray(when) || when.length !== columns.length) {
      return this.shape(
        path,
        `"when" has one cell for each of the ${columns.length} inputs`,
        `"when" 须与 ${columns.length} 个输入一一对应`,
      )
    }
    if (!Array.isArray(then) || then.length !== outputs) {
      return this.shape(
        path,
        `"then" has one value for each of the ${outputs} outputs`,
        `"then" 须与 ${outputs} 个输出一一对应`,
      )
    }
    const cells = columns.map(({ column }, i) => this.checkCell(when[i]!, column, `${path}/when/${i}`))
    return { cells, texts: when.map(cellText), then }
  }

  private checkCell(raw: Json, column: TableColumn, path: string): Cell {
    const cell = readCell(raw, column)
    if (!(cell instanceof CellProblem)) return cell
    if (cell.choice !== null && column.type.t === 'str' && column.type.enum) {
      const choices = column.type.enum
      const guess = suggest(cell.choice, choices).near
      const value = guess === undefined ? null : raw === cell.choice ? guess : null
      this.report(
        ruleChoice,
        path,
        {
          value: cell.choice,
          operand: `"${column.name.en}"`,
          operand_zh: `"${column.name.zh}"`,
          choices: choices.slice(0, 20).join(', '),
        },
        value === null ? {} : { fix: { title: { en: `Use "${value}"`, zh: `改为"${value}"` }, path, value } },
      )
    } else this.report(ruleTableCell, path, { why: cell.text.en, why_zh: cell.text.zh })
    return anyCell
  }

  /** A value to give: written out by the output's type, or a rule. */
  private checkValue(raw: Json, type: RuleType, path: string): IrNode | null {
    const value = isNumeric(type) && typeof raw === 'string' ? numberLiteral(raw) : raw
    const node = this.checkRule(value, path)
    if (!node) return null
    const fitted = fitResult(node, type, this.site.report)
    return fitted ?? this.fail()
  }

  private checkRule(rule: Json, path: string): IrNode | null {
    const found = checkLimits(rule, path)
    for (const { path: at, message } of found) {
      this.report(ruleLiteral, at, { why: message.en, why_zh: message.zh })
    }
    if (found.length > 0) return null
    return this.site.check(rule, path) ?? this.fail()
  }

  private rankOf(raw: Json, output: CheckedOutput, path: string): number {
    const rank = output.values?.findIndex((value) => cellText(value) === cellText(raw)) ?? -1
    if (rank < 0)
      this.shape(
        path,
        'the value is not listed among the "values" of its output',
        '该值不在输出的 "values" 之列',
      )
    return rank
  }

  /** T12: a choice that no row takes, where there is no default. */
  private requireKeys(rows: readonly TableRow[], columns: readonly CheckedInput[]): void {
    for (const [i, { column }] of columns.entries()) {
      const { type } = column
      const all: readonly (string | boolean)[] =
        type.t === 'bool' ? [true, false] : type.t === 'str' && type.enum ? type.enum : []
      const missing = all.filter(
        (value) =>
          !rows.some(({ cells }) => {
            const cell = cells[i]!
            return (
              cell.kind === 'any' || (cell.kind === 'values' && cell.values.includes(value) !== cell.except)
            )
          }),
      )
      if (missing.length > 0) {
        this.report(ruleTableKey, `${this.site.at}/rows`, { value: missing.slice(0, 20).join(', ') })
      }
    }
  }

  private resultType(table: CheckedTable, complete: boolean, args: readonly IrNode[]): RuleType | null {
    const { hit, outputs, inputs } = table
    const given = args.slice(inputs.length)
    const nullable = !complete || given.some((node) => node.type.nullable)
    const [only] = outputs
    if (hit === 'collect:count') return int
    if (hit === 'collect:list')
      return {
        t: 'list',
        nullable: false,
        of: withNullable(
          only!.type,
          given.some((n) => n.type.nullable),
        ),
      }
    if (hit.startsWith('collect')) {
      const numeric = isNumeric(only!.type)
      if (only!.type.nullable || !(hit === 'collect:sum' ? numeric : isOrdered(only!.type))) {
        return this.shape(
          `${this.site.at}/outputs`,
          `"${hit}" needs an output that always has an order and a value`,
          `"${hit}" 需要总有值且可比较的输出`,
        )
      }
      return withNullable(only!.type, hit === 'collect:sum' ? false : !complete)
    }
    if (outputs.length === 1) return withNullable(only!.type, nullable)
    const fields = new Map(outputs.map(({ name, type }) => [name, type]))
    return { t: 'obj', nullable: !complete, fields }
  }

  private list(value: Json | undefined, path: string, most: number): Entry[] {
    if (!Array.isArray(value) || value.length === 0 || value.length > most || !value.every(isJsonObject)) {
      this.shape(path, `it is a list of 1 to ${most} entries`, `应为 1 至 ${most} 项的列表`)
      return []
    }
    return value.map((entry, index) => ({ value: entry as JsonObject, index }))
  }

  private shape(path: string, why: string, whyZh: string): null {
    return this.report(ruleTableShape, path, { why, why_zh: whyZh })
  }

  private report(...[error, path, values, extra]: Parameters<TableSite['report']>): null {
    this.site.report(error, path, values, extra)
    return this.fail()
  }

  private fail(): null {
    this.sound = false
    return null
  }
}

interface Entry {
  readonly value: JsonObject
  readonly index: number
}
interface CheckedInput {
  readonly node: IrNode
  readonly column: TableColumn
}
interface CheckedOutput {
  readonly name: string
  readonly type: RuleType
  readonly index: number
  readonly values: readonly Json[] | null
}

/** By order key where all have one, else as they stand. */
function ordered(rows: readonly Entry[]): readonly Entry[] {
  const key = ({ value }: Entry) => value['x-order']
  if (!rows.every((row) => typeof key(row) === 'string')) return rows
  return [...rows].sort((a, b) =>
    String(key(a)) < String(key(b)) ? -1 : String(key(a)) > String(key(b)) ? 1 : a.index - b.index,
  )
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [i, rank] of a.entries()) if (rank !== b[i]) return rank - (b[i] ?? 0)
  return 0
}

/** Steps that the proof of completeness may take while a rule is typed. */
const coverSteps = 4_000

/**
 * Whether some row takes every input there can be; false as well where that is not proved in so many steps. Limits of
 * fields count for nothing here: records from before a limit may lie outside it.
 */
function isCovered(rows: readonly TableRow[], columns: readonly TableColumn[]): boolean {
  const domain = columns.map((column) => {
    if (!isNumeric(column.type)) return domainOf(column)
    const { min: _, max: __, ...type } = column.type
    return domainOf({ ...column, type })
  })
  const taken = rows.map(({ cells }) => cells)
  return findUncovered(domain, taken, columns, new Budget(coverSteps)) === null
}

function readTitle(title: Json | undefined): { en: string; zh: string } | null {
  return isJsonObject(title) && typeof title.en === 'string' && typeof title.zh === 'string'
    ? { en: title.en, zh: title.zh }
    : null
}

function nameOf(node: IrNode): { en: string; zh: string } {
  const name = node.kind === 'var' ? node.name : node.kind === 'call' ? node.operator.title : null
  return typeof name === 'string' ? { en: name, zh: name } : (name ?? { en: 'the value', zh: '该值' })
}

/** A cell as people wrote it. */
function cellText(cell: Json): string {
  if (cell === null) return ''
  return typeof cell === 'string' ? cell : JSON.stringify(cell)
}

/** `"2%"` and `"1,000"` as exact numbers; other texts stay, and the checker says what is wrong with them. */
function numberLiteral(text: string): Json {
  const plain = text.trim().replace(/(?<=\d),(?=\d{3}(\D|$))/g, '')
  if (!plain.endsWith('%')) return parseDecimal(plain) ? { dec: plain } : text
  const number = parseDecimal(plain.slice(0, -1))
  if (!number) return text
  const digits = plain
    .slice(0, -1)
    .replace(/^-/, '')
    .replace('.', '')
    .padStart(number.scale + 3, '0')
  const cut = digits.length - number.scale - 2
  return { dec: `${plain.startsWith('-') ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}` }
}
