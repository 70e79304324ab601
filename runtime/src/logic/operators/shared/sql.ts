import type { SqlPiece } from '../../operator.ts'

/** A piece that is as safe and as fallible as what it is made of: NULL in any operand makes it NULL. */
export function strict(text: string, pieces: readonly SqlPiece[], alsoFails = false): SqlPiece {
  return { text, simple: false, fails: alsoFails || pieces.some((piece) => piece.fails) }
}

/** SQL that is true unless the piece failed. Only for pieces that can fail. */
export function okOf(piece: SqlPiece, nullable: boolean): string {
  if (!piece.fails) return 'TRUE'
  return nullable ? (piece.ok ?? `(${piece.text} IS NOT NULL)`) : `(${piece.text} IS NOT NULL)`
}
