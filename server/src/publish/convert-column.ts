import { quoteName, quoteTable } from './quote.ts'

interface NumericType {
  readonly precision: number
  readonly scale: number
}

function numericType(sql: string): NumericType | null {
  const match = /^numeric\((\d+),(\d+)\)$/.exec(sql)
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : null
}

/**
 * Whether Postgres turns one type into the other by changing the catalogue alone, rewriting no row: more digits before
 * the point, longer or unlimited text. A change of scale or kind is made in a column of its own.
 */
export function canWiden(from: string, to: string): boolean {
  const [a, b] = [numericType(from), numericType(to)]
  if (a && b) return a.scale === b.scale && b.precision >= a.precision
  if (a && to === 'numeric') return true
  const [c, d] = [varyingLength(from), varyingLength(to)]
  return c !== null && d !== null && d >= c
}

function varyingLength(sql: string): number | null {
  if (sql === 'text' || sql === 'character varying') return Number.POSITIVE_INFINITY
  const match = /^character varying\((\d+)\)$/.exec(sql)
  return match ? Number(match[1]) : null
}

/** The name of the function that converts between two types in a workspace. */
export function converterName(from: string, to: string): string {
  return `cw_convert_${typeWord(from)}_to_${typeWord(to)}`
}

function typeWord(sql: string): string {
  return sql
    .replace(/timestamp with time zone/, 'instant')
    .replace(/\[\]/, '_list')
    .replace(/[^a-z0-9_]+/g, '_')
    .replace(/_$/, '')
}

/**
 * A function from one type to the other that gives null for a value that cannot be kept whole: a text that is no
 * number, an amount with more places than the new scale.
 */
export function converterSql(schema: string, from: string, to: string): string {
  const exact = numericType(to)
    ? // A cast to numeric(p,s) rounds; only a value that survives unrounded counts as converted.
      `r := v::text::numeric; IF r <> r::${to} THEN RETURN NULL; END IF; RETURN r::${to};`
    : to.endsWith('[]') && !from.endsWith('[]')
      ? `RETURN ARRAY[v::text]::${to};`
      : from.endsWith('[]') && !to.endsWith('[]')
        ? `IF cardinality(v) > 1 THEN RETURN NULL; END IF; RETURN v[1]::text::${to};`
        : to === 'daterange' && from === 'date'
          ? 'RETURN daterange(v, v + 1);'
          : to === 'bigint' && numericType(from)
            ? 'IF v <> trunc(v) THEN RETURN NULL; END IF; RETURN v::bigint;'
            : to === 'date' && from === 'timestamp with time zone'
              ? `RETURN (v AT TIME ZONE 'UTC')::date;`
              : `RETURN v::text::${to};`
  return `CREATE OR REPLACE FUNCTION ${quoteTable(schema, converterName(from, to))}(v ${from}) RETURNS ${to}
LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = pg_catalog AS $body$
DECLARE r numeric;
BEGIN
  ${exact}
EXCEPTION WHEN data_exception OR invalid_text_representation OR numeric_value_out_of_range OR datetime_field_overflow THEN
  RETURN NULL;
END $body$`
}

/** The value for the new column: what converts, else what the column held when it was in use before. */
export function conversionSql(
  schema: string,
  from: { column: string; type: string },
  to: { column: string; type: string; exists: boolean },
  row = '',
): string {
  const converted = `${quoteTable(schema, converterName(from.type, to.type))}(${row}${quoteName(from.column)})`
  return to.exists ? `COALESCE(${converted}, ${row}${quoteName(to.column)})` : converted
}
