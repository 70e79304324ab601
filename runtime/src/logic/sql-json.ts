import type { ChildRows, SqlSource } from './compile-sql.ts'
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
    case 'list': {
      if (isStructured(type.of)) return { ...piece(`NULLIF(${inside}, 'null'::jsonb)`), json: true }
      const entry = jsonPiece('je.entry', [], type.of).text
      return piece(
        `(CASE jsonb_typeof(${inside}) WHEN 'array' THEN ARRAY(SELECT ${entry} FROM jsonb_array_elements(${inside}) WITH ORDINALITY je(entry, at) ORDER BY je.at) END)`,
      )
    }
    case 'obj':
      return { ...piece(`NULLIF(${inside}, 'null'::jsonb)`), json: true }
    default:
      return piece(text)
  }
}

function step(segment: string): string {
  return /^[0-9]+$/.test(segment) ? segment : `${sqlLiteral(segment)}::text`
}

/** Most pairs that one jsonb_build_object takes. */
const pairsAtOnce = 40

/** The rows of a table as one JSON list, in their order. */
export function rowsAsJson(
  rows: ChildRows,
  of: RuleType,
  pieceOf: (source: SqlSource, type: RuleType) => SqlPiece,
): string {
  const fields = of.t === 'obj' ? [...of.fields] : []
  const pairs = fields.flatMap(([key, type]) => {
    const source = rows.source(key)
    if (!source) return []
    const { text } = pieceOf(source, type)
    // As data has them: whole numbers and yes or no as such, lists as lists, all else as text.
    const plain = type.t === 'int' || type.t === 'bool' || type.t === 'list' || type.t === 'obj'
    const value =
      type.t === 'period'
        ? `CASE WHEN ${text} IS NOT NULL THEN jsonb_build_object('from', lower(${text})::text, 'to', upper(${text})::text) END`
        : plain
          ? text
          : `(${text})::text`
    return [`${sqlLiteral(key)}::text, ${value}`]
  })
  const parts: string[] = []
  for (let i = 0; i < pairs.length; i += pairsAtOnce)
    parts.push(`jsonb_build_object(${pairs.slice(i, i + pairsAtOnce).join(', ')})`)
  const row = parts.length > 0 ? parts.join(' || ') : `'{}'::jsonb`
  return `(SELECT COALESCE(jsonb_agg(${row} ORDER BY ${rows.order}), '[]'::jsonb) FROM ${rows.from} WHERE ${rows.where})`
}
