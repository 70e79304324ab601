import { describe, expect, it } from 'vitest'
import { canWiden, converterName } from './convert-column.ts'

describe('a change of type', () => {
  it('happens in place only where Postgres rewrites no row', () => {
    expect(canWiden('numeric(10,2)', 'numeric(20,2)')).toBe(true)
    expect(canWiden('numeric(10,2)', 'numeric')).toBe(true)
    expect(canWiden('character varying(10)', 'text')).toBe(true)
    expect(canWiden('character varying(10)', 'character varying(20)')).toBe(true)
  })

  it('takes a column of its own where rows would be rewritten or values lost', () => {
    expect(canWiden('numeric(20,2)', 'numeric(10,2)')).toBe(false)
    expect(canWiden('numeric(20,2)', 'numeric(20,4)')).toBe(false)
    expect(canWiden('text', 'character varying(20)')).toBe(false)
    expect(canWiden('text', 'bigint')).toBe(false)
  })

  it('has a function per pair of types', () => {
    expect(converterName('numeric(20,2)', 'text[]')).toBe('cw_convert_numeric_20_2_to_text_list')
    expect(converterName('timestamp with time zone', 'date')).toBe('cw_convert_instant_to_date')
  })
})
