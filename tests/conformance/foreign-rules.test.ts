import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import { applyReference } from '@channelwright/runtime/logic/import/compare.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runCase } from './run-file.ts'

// Rules as other systems write them, over data without a schema: whatever is accepted gives the value that
// json-logic-js gives.

const leaf = fc.constantFrom<Json>(
  ...[0, 1, -1, 2.5, 10, '', 'a', 'b', 'ab', '0', true, false, null],
  ...['n', 'm', 's', 't', 'o', 'z', 'gone', 'l', 'k', 'r', 'g.x', 'g.y', 'l.0', 'l.9', 'r.0.q'].map(
    (path) => ({ var: path }),
  ),
)
const entry = fc.constantFrom<Json>({ var: '' }, { var: 'q' }, { var: 'c' }, 1, 0, 'a', true)

const { rule } = fc.letrec<{ rule: Json; body: Json }>((tie) => {
  const any = tie('rule')
  const call = (name: string, ...parts: fc.Arbitrary<Json>[]) =>
    fc.tuple(...parts).map((operands): Json => ({ [name]: operands }))
  const of = (inner: fc.Arbitrary<Json>) => [
    ...[
      '==',
      '===',
      '!=',
      '!==',
      '<',
      '<=',
      '>',
      '>=',
      '+',
      '-',
      '*',
      '/',
      '%',
      'in',
      'and',
      'or',
      'cat',
      'min',
      'max',
      'merge',
    ].map((name) => call(name, inner, inner)),
    ...['!', '!!', '-', '+', 'cat'].map((name) => call(name, inner)),
    ...['and', 'or', '+', '*', '<', 'cat', 'if'].map((name) => call(name, inner, inner, inner)),
    call('substr', inner, fc.integer({ min: -3, max: 3 })),
    call('substr', inner, fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })),
    // A default counts for an explicit null too here, as the profile has it; json-logic-js gives the null.
    call('var', fc.constantFrom<Json>('n', 'gone', 'g.none'), inner),
  ]
  const lists = fc.constantFrom<Json>(
    { var: 'l' },
    { var: 'k' },
    { var: 'r' },
    { var: 'e' },
    { var: 'gone' },
    [1, 2],
    [],
  )
  return {
    body: fc.oneof({ maxDepth: 2 }, entry, ...of(tie('body'))),
    rule: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      ...of(any),
      fc.array(any, { maxLength: 3 }),
      call('if', any, any, any, any, any),
      ...['map', 'filter', 'all', 'some', 'none'].map((name) => call(name, lists, tie('body'))),
      call(
        'reduce',
        lists,
        fc.constantFrom<Json>(
          { '+': [{ var: 'current' }, { var: 'accumulator' }] },
          { '*': [{ var: 'current.q' }, { var: 'accumulator' }] },
          { cat: [{ var: 'accumulator' }, { var: 'current' }] },
        ),
        leaf,
      ),
      fc
        .subarray(['n', 'gone', 'z', 'g.x', 'g.none'], { minLength: 1 })
        .map((paths): Json => ({ missing: paths })),
      fc
        .subarray(['n', 'gone', 'z', 's'], { minLength: 1 })
        .map((paths): Json => ({ missing_some: [1, paths] })),
    ),
  }
})

const data: fc.Arbitrary<JsonObject> = fc.record({
  n: fc.constantFrom<Json>(0, 1, 3, -2, 0.1),
  m: fc.constantFrom<Json>(2, 0.2, 7),
  s: fc.constantFrom<Json>('', 'a', 'abc', '1'),
  t: fc.constantFrom<Json>('b', 'B'),
  o: fc.boolean(),
  z: fc.constant(null),
  l: fc.constantFrom<Json>([], [1], [1, 2, 3], [0, 0.5]),
  k: fc.constantFrom<Json>(['a', 'b'], ['']),
  e: fc.constant([]),
  r: fc.constantFrom<Json>(
    [
      { q: 1, c: 'a' },
      { q: 0, c: '' },
    ],
    [{ q: 2 }, { c: 'b' }],
  ),
  g: fc.record({ x: fc.constantFrom<Json>(1, 'x', null), y: fc.constantFrom<Json>(false, 4) }),
})

test('what is accepted of rules from elsewhere gives the value that they had there', () => {
  let accepted = 0
  fc.assert(
    fc.property(rule, data, (rule, data) => {
      const theirs = applyReference(rule, data)
      if (!theirs.ok) return
      const found = runCase({ rule, data, result: theirs.value })
      if (found.verdict === 'equal') accepted += 1
      expect(found.verdict === 'wrong' ? found.got : theirs.value).toEqual(theirs.value)
    }),
    { numRuns: 1_000 },
  )
  expect(accepted).toBeGreaterThan(50)
})
