import type { SqlPiece } from './operator.ts'
import { isNumeric } from './rule-type.ts'
import { sqlLiteral } from './sql-literal.ts'
import type { RuleType } from './types.ts'

/** Values that no array of Postgres holds entry by entry: lists of them are jsonb. */
export function isStructured(type: RuleType): boolean {
  return type.t === 'obj' || type.t === 'list' || type.t === 'period'
}

/** SQL of the value at `segments` below a jsonb expression; JSON null is an empty value. */
export function jsonPiece(json: string, segments: readonly string[], type: RuleType): SqlPiece {
  const at = segments.reduce((text, segment) => `${text} -> ${step(segment)}`, json)
  const inside = segments.length === 0 ? json : `(${at})`
  const text = `(${inside} #>> '{}')`
  const piece = (sql: string): SqlPiece => ({ text: sql, fails: false, simple: true })
  if (isNumeric(type)) return piece(`${text}::numeric`)
  switch (type.t) {
    case 'bool':
      return piece(`${text}::boolean`)
    case 'date':
      return piece(`${text}::date`)
    case 'instant':
      return piece(`${text}::timestamptz`)
    case 'ref':
    case 'user':
      // A reference may have come with its record.
      return piece(
        `(CASE jsonb_typeof(${inside}) WHEN 'object' THEN ${inside} ->> 'id' ELSE ${text} END)::uuid`,
      )
    case 'period':
      return piece(
        `(CASE jsonb_typeof(${inside}) WHEN 'object' THEN daterange((${inside} ->> 'from')::date, (${inside} ->> 'to')::date) END)`,
      )
    case 'obj':
    case 'list':
      return { ...piece(`NULLIF(${inside}, 'null'::jsonb)`), json: true }
    default:
      return piece(text)
  }
}

function step(segment: string): string {
  return /^[0-9]+$/.test(segment) ? segment : `${sqlLiteral(segment)}::text`
}
