import type { SyntaxNode } from '@lezer/common'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import {
  formulaDate,
  formulaField,
  formulaFieldTwice,
  formulaFunction,
  formulaSize,
  formulaSyntax,
} from '../../errors/formula.ts'
import { suggest } from '../../fields/suggest.ts'
import type { Json } from '../../json.ts'
import type { Locale } from '../../text.ts'
import { isDate } from '../calendar.ts'
import { limits } from '../limits.ts'
import { findOperator } from '../operators/index.ts'
import { anyFields, type FormulaFields, type NameSight } from './fields.ts'
import { readNumber, readPercent } from './numbers.ts'
import { parser } from './parser.ts'
import { readSteps, type WrittenStep } from './paths.ts'
import { deepest, depthOf, type Piece, type TextRange, writePiece } from './pieces.ts'
import { type FormulaDiagnostic, FormulaProblem, placeAt } from './problems.ts'
import {
  boundPlaces,
  comparisonBinding,
  entryWord,
  findFunction,
  findInfix,
  foldName,
  functionNames,
  type InfixUse,
  isLiteralFunction,
  mostOperands,
  prefixBinding,
  readConstant,
  takesBareNames,
  writeFunction,
} from './spelling.ts'
import { findSyntaxProblem } from './syntax-problem.ts'

export interface FormulaOptions {
  /** What can be named; default: any name, taken as a key. */
  readonly fields?: FormulaFields
  /** Titles of this language are preferred; function names of both are always read. */
  readonly locale?: Locale
}

export interface ReadFormula {
  /** JSON-logic; null when a diagnostic is an error. */
  readonly rule: Json
  readonly diagnostics: readonly FormulaDiagnostic[]
  /** Characters of every part of the rule, by JSON pointer. */
  readonly ranges: ReadonlyMap<string, TextRange>
  readonly ok: boolean
}

/** A formula as JSON-logic. Types are the checker's affair. Never throws, whatever text it is given. */
export function readFormula(text: string, options: FormulaOptions = {}): ReadFormula {
  const ranges = new Map<string, TextRange>()
  const reader = new Reader(text, options.fields ?? anyFields, options.locale ?? 'en')
  try {
    const rule = writePiece(reader.read(), '', ranges)
    if (reader.problems.length === 0) return { rule, diagnostics: [], ranges, ok: true }
  } catch (problem) {
    if (!(problem instanceof FormulaProblem)) throw problem
    reader.problems.push(problem)
  }
  return { rule: null, diagnostics: reader.problems.map((one) => one.place(text)), ranges, ok: false }
}

/** What the checker says of the rule, at the characters that it is about. */
export function placeDiagnostics(
  text: string,
  read: ReadFormula,
  diagnostics: readonly Diagnostic[],
  path = '',
): FormulaDiagnostic[] {
  return diagnostics.map((one) => {
    let at = one.path.startsWith(path) ? one.path.slice(path.length) : ''
    while (at !== '' && !read.ranges.has(at)) at = at.slice(0, at.lastIndexOf('/'))
    return placeAt(text, one, read.ranges.get(at) ?? { from: 0, to: text.length })
  })
}

const openers = new Set(['(', '（', '{', '｛'])
const closers = new Set([')', '）', '}', '｝'])

class Reader {
  readonly problems: FormulaProblem[] = []
  constructor(
    private readonly text: string,
    private readonly fields: FormulaFields,
    private readonly locale: Locale,
  ) {}

  read(): Piece {
    this.checkSize()
    const tree = parser.parse(this.text)
    const problem = findSyntaxProblem(tree, this.text)
    if (problem) throw problem
    return this.chain(tree.topNode, { fields: this.fields, locale: this.locale, bound: new Map() })
  }

  /** Before the parser sees it: its own cost must be bounded. */
  private checkSize(): void {
    const over = (what: string, whatZh: string, limit: number, from: number) =>
      new FormulaProblem(formulaSize, { from, to: this.text.length }, { what, what_zh: whatZh, limit })
    if (this.text.length > limits.bytes) throw over('its length', '长度', limits.bytes, limits.bytes)
    const bare = this.text.replace(/"[^"]*"|“[^”]*”|\[[^\]]*\]|'[^']*'/g, (quoted) =>
      ' '.repeat(quoted.length),
    )
    let depth = 0
    for (let i = 0; i < bare.length; i++) {
      const sign = bare[i]!
      if (openers.has(sign)) depth += 1
      else if (closers.has(sign)) depth -= 1
      if (depth > deepest) throw over('its depth', '嵌套深度', deepest, i)
    }
  }

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to)
  }

  /** Operands and what stands between them, taken together by how tightly each sign binds. */
  private chain(node: SyntaxNode, sight: NameSight): Piece {
    const parts = childrenOf(node).filter((one) => one.name !== 'Open' && one.name !== 'Close')
    let at = 0
    const tooDeep = (piece: Piece): Piece => {
      if (piece.depth <= deepest) return piece
      throw new FormulaProblem(formulaSize, piece, { what: 'its depth', what_zh: '嵌套深度', limit: deepest })
    }
    const operand = (): Piece => {
      // Minus signs one after another, without a call for each.
      const signs: SyntaxNode[] = []
      while (parts[at]?.name === 'Minus') signs.push(parts[at++]!)
      const literal = signs.length > 0 && parts[at]?.name === 'Number' && !this.bindsTighter(parts[at + 1])
      if (signs.length === 0) return this.primary(parts[at++]!, sight)
      let piece: Piece
      if (literal) {
        const sign = signs.pop()!
        const number = parts[at++]!
        piece = { kind: 'value', value: this.number(number, '-'), from: sign.from, to: number.to, depth: 1 }
      } else piece = join(this.primary(parts[at++]!, sight), prefixBinding + 1)
      for (const sign of signs.reverse()) {
        piece = tooDeep({
          kind: 'call',
          name: '-',
          operands: [piece],
          closed: true,
          from: sign.from,
          to: piece.to,
          depth: piece.depth + 1,
        })
      }
      return piece
    }
    const join = (first: Piece, least: number): Piece => {
      let left = first
      for (let sign = parts[at]; sign; sign = parts[at]) {
        const use = this.infix(sign)
        if (use.infix.binds < least) break
        at += 1
        const right = join(operand(), use.infix.binds + 1)
        left = tooDeep(this.combine(left, use, sign, right))
      }
      return left
    }
    return join(operand(), 0)
  }

  private bindsTighter(next: SyntaxNode | undefined): boolean {
    return next !== undefined && this.infix(next).infix.binds > prefixBinding
  }

  private infix(sign: SyntaxNode): InfixUse {
    const text = sign.name === 'Minus' ? '-' : this.slice(sign)
    const use = findInfix(text)
    if (use) return use
    throw new FormulaProblem(formulaSyntax, sign, {
      found: `"${text}" is no sign between values`,
      found_zh: `"${text}"不是运算符`,
      advice: 'The signs are = <> < <= > >= + - * / & ??, and the words AND, OR, IN.',
      advice_zh: '可用的有 = <> < <= > >= + - * / & ??,以及 且、或、属于。',
    })
  }

  private combine(left: Piece, { operator, name, infix }: InfixUse, sign: SyntaxNode, right: Piece): Piece {
    const most = mostOperands(operator)
    const open = left.kind === 'call' && !left.closed ? left : null
    // `a + b + c` is one sum of three; `a - b - c` takes one after the other.
    if (open?.name === name && most > 2 && open.operands.length < most) {
      const operands = [...open.operands, right]
      return { ...open, operands, to: right.to, depth: depthOf(operands) }
    }
    if (
      infix.binds === comparisonBinding &&
      open &&
      findInfix(open.name)?.infix.binds === comparisonBinding
    ) {
      throw new FormulaProblem(formulaSyntax, sign, {
        found: 'one comparison follows another',
        found_zh: '比较之后又接比较',
        advice: 'Join them with AND, or put the first in brackets.',
        advice_zh: '请用“且”连接,或为前一个加上括号。',
      })
    }
    return {
      kind: 'call',
      name,
      operands: [left, right],
      closed: false,
      from: left.from,
      to: right.to,
      depth: depthOf([left, right]),
    }
  }

  private primary(node: SyntaxNode, sight: NameSight): Piece {
    const { from, to } = node
    const value = (json: Json): Piece => ({ kind: 'value', value: json, from, to, depth: 1 })
    switch (node.name) {
      case 'Number':
        return value(this.number(node, ''))
      case 'Text':
        return value(this.quoted(node))
      case 'Constant':
        return value(readConstant(this.slice(node)))
      case 'Path':
        return value(this.path(node, sight))
      case 'Parenthesised': {
        const inner = this.chain(node, sight)
        return inner.kind === 'call' ? { ...inner, from, to, closed: true } : { ...inner, from, to }
      }
      case 'List': {
        const items = node.getChildren('Chain').map((one) => this.chain(one, sight))
        return { kind: 'list', items, from, to, depth: depthOf(items) }
      }
      case 'Group': {
        const entries = node.getChildren('Entry').map((entry): [string, Piece] => {
          const key = entry.getChild('Key')!
          return [
            key.firstChild?.name === 'Text' ? this.quoted(key) : this.slice(key),
            this.chain(entry.getChild('Chain')!, sight),
          ]
        })
        return { kind: 'group', entries, from, to, depth: depthOf(entries.map(([, piece]) => piece)) }
      }
      default:
        return this.call(node, sight)
    }
  }

  private number(node: SyntaxNode, sign: '' | '-'): Json {
    const text = this.slice(node)
    return readNumber(sign + (/[%％]$/.test(text) ? readPercent(text.slice(0, -1)) : text))
  }

  private quoted(node: SyntaxNode): string {
    const text = this.slice(node)
    const close = text.at(-1) ?? '"'
    return text.slice(1, -1).replaceAll(close + close, close)
  }

  private call(node: SyntaxNode, sight: NameSight): Piece {
    const { from, to } = node
    const nameNode = node.getChild('Name')!
    const written = this.slice(nameNode)
    const quoted = written.startsWith("'")
    const chains = node.getChildren('Chain')
    const literal = quoted ? null : isLiteralFunction(written)
    if (literal && chains.length === 1) return this.literalCall(literal, node, chains[0]!)
    const bare = written.slice(1, -1)
    const name = quoted ? (findOperator(bare) ? bare : undefined) : findFunction(written)
    if (name === undefined) throw this.unknownFunction(nameNode, quoted ? bare : written)
    const operands = this.operands(name, chains, sight)
    return { kind: 'call', name, operands, closed: true, from, to, depth: depthOf(operands) }
  }

  private operands(name: string, chains: readonly SyntaxNode[], sight: NameSight): Piece[] {
    const places = boundPlaces(findOperator(name))
    const list = places.length > 0 && chains[0] ? this.listOf(chains[0], sight) : null
    const bound = new Map(sight.bound)
    let named = false
    let inner: NameSight = sight
    const standard = takesBareNames(findOperator(name))
    return chains.map((chain, i) => {
      const word = places.includes(i) ? this.boundName(chain, standard) : null
      if (word !== null) {
        // The entry of the list first; what further names stand for is not known here.
        bound.set(word, named ? null : list)
        named = true
        inner = { ...sight, bound }
        return { kind: 'value', value: word, from: chain.from, to: chain.to, depth: 1 }
      }
      if (places.includes(i) && !named && standard) inner = { ...sight, bound, entry: list }
      return this.chain(chain, inner)
    })
  }

  /** A word, or a text, that stands alone as an operand. */
  private boundName(chain: SyntaxNode, bare: boolean): string | null {
    const [only, more] = childrenOf(chain)
    if (!only || more) return null
    if (only.name === 'Text') return this.quoted(only)
    if (!bare) return null
    const step = only.name === 'Path' ? childrenOf(only) : []
    if (step.length !== 1 || step[0]!.name !== 'Identifier') return null
    const word = this.slice(step[0]!)
    return isEntryWord(word) ? null : word
  }

  /** The path of keys of the list that an operand gives: a path, or what a list operator leaves of one. */
  private listOf(chain: SyntaxNode, sight: NameSight): string | null {
    const only = chain.firstChild
    if (only?.name === 'Call' && !only.nextSibling) {
      const inner = only.getChild('Chain')
      const name = findFunction(this.slice(only.getChild('Name')!))
      return inner && name && boundPlaces(findOperator(name)).length > 0 ? this.listOf(inner, sight) : null
    }
    if (only?.name !== 'Path' || only.nextSibling) return null
    const read = readSteps(this.steps(only), sight)
    if (!('path' in read)) return null
    const [first = '', ...rest] = read.path.split('.')
    const list = sight.bound.get(first)
    return list === undefined ? read.path : list === null ? null : [list, ...rest].join('.')
  }

  private literalCall(kind: 'date' | 'dec', node: SyntaxNode, chain: SyntaxNode): Piece {
    const { from, to } = node
    const only = chain.firstChild
    const text = only?.name === 'Text' && !only.nextSibling ? this.quoted(only) : null
    if (kind === 'dec') {
      if (text !== null) return { kind: 'value', value: { dec: text }, from, to, depth: 1 }
      throw new FormulaProblem(formulaSyntax, chain, {
        found: 'an exact number is written as text',
        found_zh: '精确数须写成文本',
        advice: 'Write DEC("0.0725").',
        advice_zh: '请写成 精确数("0.0725")。',
      })
    }
    if (text !== null && isDate(text)) return { kind: 'value', value: text, from, to, depth: 1 }
    throw new FormulaProblem(formulaDate, chain, { text: text ?? this.slice(chain) })
  }

  private steps(node: SyntaxNode): WrittenStep[] {
    return childrenOf(node)
      .filter((one) => one.name !== 'Dot')
      .map((one) => {
        const text = this.slice(one)
        const bracket = one.name === 'Bracket'
        const inner = bracket ? text.slice(1, -1).replaceAll(']]', ']') : text
        return { text: inner, bracket, from: one.from, to: one.to }
      })
  }

  private path(node: SyntaxNode, sight: NameSight): Json {
    const steps = this.steps(node)
    if (
      steps.length === 1 &&
      !steps[0]!.bracket &&
      isEntryWord(steps[0]!.text) &&
      !sight.bound.has(steps[0]!.text)
    )
      return { var: '' }
    const read = readSteps(steps, sight)
    if ('path' in read) return { var: read.path }
    const { step } = read
    if ('twice' in read) {
      this.problems.push(
        new FormulaProblem(formulaFieldTwice, step, { name: step.text, keys: read.twice.join(', ') }),
      )
    } else this.problems.push(this.unknownField(step, read.near, sight))
    return { var: step.text }
  }

  private unknownField(
    step: WrittenStep,
    known: readonly { key: string; title?: { en: string; zh: string } }[],
    sight: NameSight,
  ): FormulaProblem {
    const names = [
      ...known.flatMap((field) => [field.title?.[this.locale] ?? field.key, field.key]),
      ...sight.bound.keys(),
    ]
    const { near, known: list } = suggest(step.text, new Set(names))
    return new FormulaProblem(formulaField, step, {
      name: step.text.slice(0, 80),
      suggestion: near === undefined ? `There is: ${list}` : `Did you mean [${near}]?`,
      suggestion_zh: near === undefined ? `可用的有:${list}` : `是否指[${near}]?`,
    })
  }

  private unknownFunction(node: SyntaxNode, name: string): FormulaProblem {
    const names = functionNames(this.locale).map((one) => one.name)
    const { near } = suggest(foldName(name), names)
    const found = near === undefined ? suggest(name, names).near : near
    const shown = found === undefined ? undefined : writeFunction(findFunction(found) ?? found, this.locale)
    return new FormulaProblem(formulaFunction, node, {
      name: name.slice(0, 60),
      suggestion:
        shown === undefined ? 'The functions stand in the guide for rule writers.' : `Did you mean ${shown}?`,
      suggestion_zh: shown === undefined ? '可用的函数见规则指南。' : `是否指 ${shown}?`,
    })
  }
}

function isEntryWord(word: string): boolean {
  const folded = foldName(word)
  return folded === entryWord.en || folded === entryWord.zh
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = []
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child)
  return children
}
