import type { Json } from '@channelwright/runtime/json.ts'

type Kind = 'number' | 'whole' | 'text' | 'bool' | 'date' | 'texts' | 'numbers' | 'rows'

/** For each kind: a field that always has a value, one that may be empty (where there is one), and nothing. */
const operands: Readonly<Record<Kind, readonly Json[]>> = {
  number: [{ var: 'a' }, { var: 'b' }, null],
  whole: [{ var: 'n' }, { var: 'm' }, null],
  text: [{ var: 's' }, { var: 'u' }, null],
  bool: [{ var: 'o' }, { var: 'q' }, null],
  date: [{ var: 'd' }, { var: 'x' }, null],
  texts: [{ var: 'l' }, ['a', null], []],
  numbers: [{ var: 'k' }, [1, null], []],
  rows: [{ var: 't' }, { var: 'j' }, []],
}

type Part = Kind | { readonly is: Json }
const is = (json: Json): Part => ({ is: json })
const line = is('line')
const q = is({ var: 'line.q' })
const z = is({ var: 'line.z' })
const some = is({ '>': [{ var: 'line.w' }, 0] })
const empty = is({ '==': [{ var: 'line.z' }, { var: 'b' }] })

/** Every operator with the kinds of its operands, once for each way it is used. */
const uses: readonly (readonly [name: string, ...parts: Part[]])[] = [
  ...['+', '*', 'min', 'max', '==', '!=', '<', '<=', '>', '>=', '/', 'mod', '-', '??'].map(
    (name) => [name, 'number', 'number'] as const,
  ),
  ...['-', 'abs', 'neg', 'round', 'floor', 'ceil', '!!', 'exists', 'empty'].map(
    (name) => [name, 'number'] as const,
  ),
  ['div', 'number', 'whole', is(3), is('half_even')],
  ['between', 'number', 'number', 'number'],
  ['<', 'date', 'date'],
  ['between', 'date', 'date', 'date'],
  ...['==', '!=', '??'].flatMap((name) =>
    (['text', 'bool', 'date'] as const).map((kind) => [name, kind, kind] as const),
  ),
  ...['exists', 'empty', '!!'].flatMap((name) =>
    (['text', 'bool', 'date', 'texts', 'rows'] as const).map((kind) => [name, kind] as const),
  ),
  ['and', 'bool', 'bool'],
  ['or', 'bool', 'bool'],
  ['!', 'bool'],
  ['if', 'bool', 'number', 'number'],
  ['if', 'bool', 'text'],
  ['if', 'bool', 'date', 'bool', 'date', 'date'],
  ['cat', 'text', 'number', 'date'],
  ['len', 'text'],
  ['lower', 'text'],
  ['upper', 'text'],
  ['substr', 'text', 'whole'],
  ['substr', 'text', 'whole', 'whole'],
  ['contains', 'text', 'text'],
  ['contains', 'texts', 'text'],
  ['startsWith', 'text', 'text'],
  ['in', 'text', 'text'],
  ['in', 'text', 'texts'],
  ['in', 'number', 'numbers'],
  ['in', 'date', is({ var: 'p' })],
  ['date_add', 'date', 'whole', is('month')],
  ['date_diff', 'date', 'date', is('month')],
  ['date_part', 'date', is('year_day')],
  ['year', 'date'],
  ['month', 'date'],
  ['quarter', 'date'],
  ['period', 'date', 'date'],
  ['var', is('b'), 'number'],
  ['missing', is('b'), is('a')],
  ['missing_some', 'whole', is(['u', 's', 'x'])],
  ['count', 'rows'],
  ['count', 'texts'],
  ['count', 'rows', line, empty],
  ['sum', 'numbers'],
  ['sum', 'rows', line, q],
  ['sum', 'rows', line, some, z],
  ['sum', 'rows', line, some, is({ '??': [{ var: 'line.z' }, { var: 'b' }, 0] })],
  ['avg', 'rows', line, q, is(2), is('half_up')],
  ['avg', 'numbers', is(1), is('up')],
  ['max', 'rows', line, q],
  ['min_of', 'rows', line, z],
  ['max_of', 'rows', line, is({ var: 'line.g' })],
  ['min', 'rows', line, some, q],
  ['any', 'rows', line, empty],
  ['all', 'rows', line, empty],
  ['none', 'rows', line, is({ exists: [{ var: 'line.h' }] })],
  ['some', 'texts', is({ '==': [{ var: '' }, 'a'] })],
  ['map', 'rows', line, z],
  ['filter', 'numbers', is({ '!=': [{ var: '' }, 1] })],
  ['reduce', 'numbers', is({ '+': [{ var: 'current' }, { var: 'accumulator' }] }), 'number'],
  ['merge', 'numbers', 'whole'],
  ['sort', 'texts'],
  ['sort', 'numbers', is('desc')],
  ['try', 'number', 'number'],
]

/** Every use with every choice of operands; the checker refuses those that may be empty where nothing may. */
export function nullableRules(): { readonly rules: readonly Json[]; readonly covered: ReadonlySet<string> } {
  const rules: Json[] = []
  for (const [name, ...parts] of uses) {
    const choices = parts.map((part) => (typeof part === 'string' ? operands[part] : [part.is]))
    const all = choices.reduce<readonly (readonly Json[])[]>(
      (sofar, some) => sofar.flatMap((before) => some.map((one) => [...before, one])),
      [[]],
    )
    for (const one of all) rules.push({ [name]: [...one] })
  }
  return { rules, covered: new Set([...uses.map(([name]) => name), 'dec']) }
}
