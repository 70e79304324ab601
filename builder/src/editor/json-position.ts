import { findNodeAtLocation, getLocation, type Node, parseTree } from 'jsonc-parser'

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

/** The pointer as jsonc-parser takes it: positions in lists as numbers. */
export function locateSegments(text: string, pointer: string): (string | number)[] {
  let node = parseTree(text)
  return splitPointer(pointer).map((segment) => {
    const step = node?.type === 'array' ? Number(segment) : segment
    node = node && findNodeAtLocation(node, [step])
    return step
  })
}

/** The range of the value a JSON pointer names, or of the nearest ancestor that exists. */
export function findPointerRange(text: string, pointer: string): TextRange {
  const root = parseTree(text)
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
