/**
 * A value as a literal of Postgres, whatever `standard_conforming_strings` says: quotes are doubled, and a text with
 * a backslash is written in the E form with backslashes doubled. Arrays become ARRAY[…]; an empty one '{}'.
 * Throws a TypeError for values no literal is written for, and for the null character, which Postgres cannot hold.
 */
export function sqlLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE'
  if (typeof value === 'bigint') return `'${value}'`
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('only finite numbers can be written as SQL')
    return `'${value}'`
  }
  if (typeof value === 'string') return quoteText(value)
  if (Array.isArray(value)) {
    return value.length === 0 ? "'{}'" : `ARRAY[${value.map((item) => sqlLiteral(item)).join(', ')}]`
  }
  throw new TypeError('this value cannot be written as SQL')
}

function quoteText(text: string): string {
  if (text.includes('\0')) throw new TypeError('Postgres cannot hold the null character')
  const doubled = text.replaceAll("'", "''")
  return text.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}
