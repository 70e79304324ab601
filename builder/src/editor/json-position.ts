import type { Json } from '@channelwright/runtime/json.ts'
import {
  findNodeAtLocation,
  findNodeAtOffset,
  getLocation,
  getNodePath,
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
} from 'jsonc-parser'

/** Where in the text something stands, as offsets. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

/** `/nodes/0/title` → `['nodes', 0, 'title']`; numbers stay text where the tree has an object. */
export function splitPointer(pointer: string): string[] {
  if (pointer === '') return []
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The pointer of a path: what `splitPointer` takes apart. */
export function joinPointer(path: readonly string[]): string {
  return path.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The pointer as jsonc-parser takes it: positions in lists as numbers. */
export function locateSegments(text: string, pointer: string): (string | number)[] {
  let node = treeOf(text)
  return splitPointer(pointer).map((segment) => {
    const step = node?.type === 'array' ? Number(segment) : segment
    node = node && findNodeAtLocation(node, [step])
    return step
  })
}

/** The range of the value a JSON pointer names, or of the nearest ancestor that exists. */
export function findPointerRange(text: string, pointer: string): TextRange {
  const root = treeOf(text)
  if (!root) return { from: 0, to: Math.min(1, text.length) }
  let node: Node = root
  for (const segment of splitPointer(pointer)) {
    const next = findNodeAtLocation(node, [node.type === 'array' ? Number(segment) : segment])
    if (!next) break
    node = next
  }
  // A whole object underlined in red hides what is meant: mark its key, or its opening brace.
  if (node.type === 'object' || node.type === 'array') {
    const key = node.parent?.type === 'property' ? node.parent.children?.[0] : undefined
    return key
      ? { from: key.offset, to: key.offset + key.length }
      : { from: node.offset, to: node.offset + 1 }
  }
  return { from: node.offset, to: node.offset + node.length }
}

/** What the cursor stands in: the path, and whether a key is being written. */
export function locateCursor(text: string, offset: number): { path: (string | number)[]; isKey: boolean } {
  const location = getLocation(text, offset)
  return { path: location.path, isKey: location.isAtPropertyKey }
}

let latest: { text: string; tree: Node | undefined } = { text: '', tree: undefined }

/** The tree of a text, however broken; the one before is remembered, since a key is followed by many questions. */
function treeOf(text: string): Node | undefined {
  if (latest.text !== text) latest = { text, tree: parseTree(text) }
  return latest.tree
}

/** What the text says so far, as far as it can be read. */
export function readLoosely(text: string): Json | undefined {
  const tree = treeOf(text)
  return tree && (getNodeValue(tree) as Json | undefined)
}

export interface LocatedNode extends TextRange {
  readonly path: (string | number)[]
  readonly isKey: boolean
  readonly value: unknown
}

/** The key or the plain value at an offset. */
export function locateNode(text: string, offset: number): LocatedNode | null {
  const tree = treeOf(text)
  const node = tree && findNodeAtOffset(tree, offset)
  if (!node || node.type === 'object' || node.type === 'array' || node.type === 'property') return null
  const isKey = node.parent?.type === 'property' && node.parent.children?.[0] === node
  const path = getNodePath(isKey ? (node.parent?.children?.[1] ?? node) : node)
  return { path, isKey, value: node.value, from: node.offset, to: node.offset + node.length }
}

/** Widest line that a list of plain values is kept on. */
const width = 100

/** The text in the layout that packs are written in; null when it is no JSON. Values are kept letter by letter. */
export function formatJson(text: string): string | null {
  const problems: ParseError[] = []
  const tree = parseTree(text, problems, { disallowComments: true })
  if (!tree || problems.length > 0) return null
  return `${print(tree, text, '')}\n`
}

function print(node: Node, text: string, indent: string, taken = indent.length): string {
  const children = node.children ?? []
  const inner = `${indent}  `
  if (node.type === 'array') {
    const line = printOnLine(node, text)
    if (line !== null && taken + line.length <= width) return line
    return `[\n${children.map((child) => inner + print(child, text, inner)).join(',\n')}\n${indent}]`
  }
  if (node.type !== 'object') return text.slice(node.offset, node.offset + node.length)
  if (children.length === 0) return '{}'
  const members = children.map(({ children: [key, value] = [] }) => {
    const name = key ? text.slice(key.offset, key.offset + key.length) : '""'
    const rest = value ? print(value, text, inner, inner.length + name.length + 2) : 'null'
    return `${inner}${name}: ${rest}`
  })
  return `{\n${members.join(',\n')}\n${indent}}`
}

/** Lists without objects in them stand on one line where they fit. */
function printOnLine(node: Node, text: string): string | null {
  if (node.type === 'object') return null
  if (node.type !== 'array') return text.slice(node.offset, node.offset + node.length)
  const parts = (node.children ?? []).map((child) => printOnLine(child, text))
  return parts.includes(null) ? null : `[${parts.join(', ')}]`
}
