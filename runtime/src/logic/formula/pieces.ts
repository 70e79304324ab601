import type { Json, JsonObject } from '../../json.ts'
import { limits } from '../limits.ts'
import { escapePointer } from '../pointer.ts'

/** A part of a formula that was read, with its characters: JSON in the making. */
export type Piece = {
  readonly from: number
  readonly to: number
  /** Parts inside parts; bounded, so that all that walks pieces may call itself. */
  readonly depth: number
} & (
  | { readonly kind: 'value'; readonly value: Json }
  /** `closed`: in brackets of its own, so that a chain does not go on inside it. */
  | {
      readonly kind: 'call'
      readonly name: string
      readonly operands: readonly Piece[]
      readonly closed: boolean
    }
  | { readonly kind: 'list'; readonly items: readonly Piece[] }
  | { readonly kind: 'group'; readonly entries: readonly (readonly [string, Piece])[] }
)

/** Characters of a part of the formula: from the first to after the last. */
export interface TextRange {
  readonly from: number
  readonly to: number
}

/** Parts inside parts that a formula may have: operations and the lists between them. */
export const deepest = limits.depth * 3

export function depthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((most, piece) => Math.max(most, piece.depth), 0) + 1
}

/** The JSON of a piece; `ranges` gets the characters of every part by its JSON pointer. */
export function writePiece(piece: Piece, path: string, ranges: Map<string, TextRange>): Json {
  ranges.set(path, { from: piece.from, to: piece.to })
  switch (piece.kind) {
    case 'value':
      return piece.value
    case 'list':
      return piece.items.map((item, i) => writePiece(item, `${path}/${i}`, ranges))
    case 'group': {
      const group: JsonObject = {}
      for (const [key, entry] of piece.entries) {
        // `__proto__` as a key of its own, as JSON.parse makes it.
        Object.defineProperty(group, key, {
          value: writePiece(entry, `${path}/${escapePointer(key)}`, ranges),
          enumerable: true,
          configurable: true,
          writable: true,
        })
      }
      return group
    }
    case 'call': {
      const base = `${path}/${escapePointer(piece.name)}`
      return { [piece.name]: piece.operands.map((one, i) => writePiece(one, `${base}/${i}`, ranges)) }
    }
  }
}
