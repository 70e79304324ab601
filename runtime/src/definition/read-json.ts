import { type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser'
import { diagnose } from '../errors/diagnose.ts'
import {
  fileTooLarge,
  jsonBadText,
  jsonDuplicateKey,
  jsonForbiddenKey,
  jsonSyntax,
  jsonTooDeep,
} from '../errors/files.ts'
import { pointerToken } from '../fields/describe-validation.ts'
import type { Json } from '../json.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Largest text of one definition, in bytes of UTF-8. */
export const definitionLimit = 1024 * 1024
const depthLimit = 64
const forbidden = new Set(['__proto__', 'prototype', 'constructor'])

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** JSON that was read, with the place of each value. */
export interface ReadJson {
  /** Undefined when the text is not JSON; the diagnostics say why. */
  readonly value: Json | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** Where the value at the pointer stands, or the nearest value around it. */
  locate(pointer: string): Position
}

/** Bytes of the text in UTF-8; lone surrogates count as the three bytes of their replacement. */
export function byteLength(text: string): number {
  let bytes = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit >= 0xd800 && unit <= 0xdbff ? 4 : 3
    if (unit >= 0xd800 && unit <= 0xdbff) at++
  }
  return bytes
}

/**
 * Reads strict JSON and refuses what a lenient reader would hide: repeated keys, keys that reach prototypes, broken
 * characters, bottomless nesting, size. Every diagnostic carries line and column. Never throws.
 */
export function readJson(text: string, limit = definitionLimit): ReadJson {
  const start: Position = { line: 1, column: 1 }
  const refuse = (diagnostic: Diagnostic, place = start): ReadJson => ({
    value: undefined,
    diagnostics: [{ ...diagnostic, ...place }],
    locate: () => place,
  })
  if (text.length > limit || byteLength(text) > limit) {
    return refuse(diagnose(fileTooLarge, '', { name: 'JSON', size: byteLength(text), limit }))
  }
  const deep = tooDeepAt(text)
  if (deep !== undefined)
    return refuse(diagnose(jsonTooDeep, '', { limit: depthLimit }), positionAt(text, deep))

  const problems: ParseError[] = []
  const tree = parseTree(text, problems, { disallowComments: true, allowTrailingComma: false })
  const first = problems[0]
  if (first || !tree) {
    const place = positionAt(text, first?.offset ?? text.length)
    return refuse(
      diagnose(jsonSyntax, '', {
        problem: first ? wordsOf(printParseErrorCode(first.error)) : wordsOf('ValueExpected'),
      }),
      place,
    )
  }
  const diagnostics: Diagnostic[] = []
  inspect(tree, '', (diagnostic, offset) => diagnostics.push({ ...diagnostic, ...positionAt(text, offset) }))
  let value: Json | undefined
  if (diagnostics.length === 0) {
    try {
      value = JSON.parse(text) as Json
    } catch {
      return refuse(diagnose(jsonSyntax, '', { problem: wordsOf('InvalidSymbol') }))
    }
  }
  return { value, diagnostics, locate: (pointer) => positionAt(text, offsetOf(tree, pointer)) }
}

/** Offset of the first bracket beyond the depth limit; a plain scan, so that no parser has to recurse that far. */
function tooDeepAt(text: string): number | undefined {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (quoted) {
      if (sign === '\\') at++
      else if (sign === '"') quoted = false
    } else if (sign === '"') quoted = true
    else if (sign === '{' || sign === '[') {
      depth++
      if (depth > depthLimit) return at
    } else if (sign === '}' || sign === ']') depth--
  }
  return undefined
}

function inspect(node: Node, path: string, report: (diagnostic: Diagnostic, offset: number) => void): void {
  if (node.type === 'string') checkText(String(node.value), path, node.offset, report)
  if (node.type === 'array')
    node.children?.forEach((child, at) => {
      inspect(child, `${path}/${at}`, report)
    })
  if (node.type !== 'object') return
  const seen = new Set<string>()
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? []
    if (!keyNode || !valueNode) continue
    const name = String(keyNode.value)
    const below = `${path}/${pointerToken(name)}`
    checkText(name, below, keyNode.offset, report)
    if (seen.has(name)) report(diagnose(jsonDuplicateKey, below, { name }), keyNode.offset)
    if (forbidden.has(name)) report(diagnose(jsonForbiddenKey, below, { name }), keyNode.offset)
    seen.add(name)
    inspect(valueNode, below, report)
  }
}

function checkText(
  text: string,
  path: string,
  offset: number,
  report: (diagnostic: Diagnostic, offset: number) => void,
): void {
  if (text.includes('\u0000') || /[\uD800-\uDFFF]/u.test(text)) report(diagnose(jsonBadText, path), offset)
}

/** Offset of the value at the pointer; where it does not exist, of the nearest value around it. */
function offsetOf(tree: Node, pointer: string): number {
  let node = tree
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    const next =
      node.type === 'array'
        ? node.children?.[Number(name)]
        : node.children?.find((property) => property.children?.[0]?.value === name)?.children?.[1]
    if (!next) return node.offset
    node = next
  }
  return node.offset
}

function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset)
  const lastBreak = before.lastIndexOf('\n')
  let line = 1
  for (let at = before.indexOf('\n'); at !== -1; at = before.indexOf('\n', at + 1)) line++
  return { line, column: offset - lastBreak }
}

const problemWords: Readonly<Record<string, { en: string; zh: string }>> = {
  InvalidSymbol: { en: 'a word or sign that JSON does not know', zh: '出现了 JSON 不支持的符号或单词' },
  InvalidNumberFormat: { en: 'a number is malformed', zh: '数字格式不正确' },
  PropertyNameExpected: {
    en: 'a property name in double quotes is expected',
    zh: '此处应为双引号括起的属性名',
  },
  ValueExpected: { en: 'a value is expected', zh: '此处应有一个值' },
  ColonExpected: { en: 'a colon is expected', zh: '此处应为冒号' },
  CommaExpected: { en: 'a comma is expected', zh: '此处应为逗号' },
  CloseBraceExpected: { en: 'a closing brace } is expected', zh: '缺少右花括号 }' },
  CloseBracketExpected: { en: 'a closing bracket ] is expected', zh: '缺少右方括号 ]' },
  EndOfFileExpected: { en: 'the text goes on after its end', zh: '内容结束后仍有多余文本' },
  InvalidCommentToken: { en: 'comments are not allowed', zh: '不允许注释' },
  UnexpectedEndOfString: { en: 'a text is not closed', zh: '字符串未结束' },
  UnexpectedEndOfNumber: { en: 'a number is not complete', zh: '数字不完整' },
  InvalidUnicode: { en: 'a \\u escape is malformed', zh: '\\u 转义不正确' },
  InvalidEscapeCharacter: { en: 'an escape is malformed', zh: '转义字符不正确' },
  InvalidCharacter: { en: 'a control character stands in a text', zh: '字符串中含有控制字符' },
}

function wordsOf(problem: string) {
  return problemWords[problem] ?? problemWords.InvalidSymbol
}
