import type { Gate } from '@channelwright/runtime/flow/gate.ts'
import { describe, expect, test } from 'vitest'
import { findDisagreement, type Net, playTokens, reduceNet } from '../support/token-game.ts'

// Block reduction is proved on nodes of any kind, also those that no node type has yet.

const and: Gate = { splits: 'and' }
const join: Gate = { joins: 'and' }

const net = (gates: Record<string, Gate>, edges: string): Net => ({
  gates: new Map(Object.entries({ s: { place: 'start' }, e: { place: 'end' }, ...gates })),
  edges: edges.split(' ').map((pair) => pair.split('>') as [string, string]),
})

describe('sound', () => {
  const sound: [string, Net][] = [
    ['branches that meet', net({ p: and, a: {}, b: {}, j: join }, 's>p p>a p>b a>j b>j j>e')],
    ['a branch without a step', net({ p: and, a: {}, j: join }, 's>p p>a p>j a>j j>e')],
    [
      'blocks within blocks and choices within branches',
      net(
        { p: and, q: and, a: {}, b: {}, c: {}, x: {}, m: {}, k: join, j: join },
        's>p p>q q>a q>b a>k b>k k>j p>x x>c x>m c>m m>j j>e',
      ),
    ],
    ['choices drawn freely', net({ x: {}, y: {}, a: {}, b: {} }, 's>x x>a x>y y>a y>b a>b b>e')],
    [
      'a choice that its join closes',
      net({ p: and, x: {}, a: {}, b: {}, j: join }, 's>p p>x p>b x>a x>j a>j b>j j>e'),
    ],
    [
      'choices drawn freely within a branch',
      net({ p: and, x: {}, y: {}, a: {}, b: {}, j: join }, 's>p p>x p>b x>y x>a y>a y>j a>j b>j j>e'),
    ],
    [
      'an inclusive split with a join of any kind',
      net({ p: { splits: 'or' }, a: {}, b: {}, j: { joins: 'any' } }, 's>p p>a p>b a>j b>j j>e'),
    ],
  ]
  for (const [name, given] of sound)
    test(name, () => expect([reduceNet(given).unpaired, playTokens(given)]).toEqual([null, 'sound']))

  test('tells which edges of a join belong to which branch, and what lies in what', () => {
    const given = net(
      { p: and, q: and, a: {}, b: {}, c: {}, k: join, j: join },
      's>p p>q p>c q>a q>b a>k b>k k>j c>j j>e',
    )
    const { blocks, outermost } = reduceNet(given)
    expect(blocks.map(({ split, join: end }) => [split, end])).toEqual([
      ['q', 'k'],
      ['p', 'j'],
    ])
    expect(outermost.map((block) => [block.split, block.inner.map((inner) => inner.split)])).toEqual([
      ['p', ['q']],
    ])
    expect(
      blocks[1]?.branches.map(({ edge, arrivals, nodes }) => [edge, arrivals, [...nodes].sort()]),
    ).toEqual([
      ['e1', ['e7'], ['a', 'b', 'k', 'q']],
      ['e2', ['e8'], ['c']],
    ])
  })
})

describe('named in words', () => {
  const wrong: [string, Net, node: string, words: string, region: string][] = [
    [
      'a choice into a join waits for ever',
      net({ x: {}, a: {}, b: {}, j: join, z: {} }, 's>x x>a x>b a>j b>j j>z z>e'),
      'j',
      'waits for branches that never come',
      'a b j x',
    ],
    [
      'the same in a branch that is otherwise sound',
      net(
        { p: and, x: {}, a: {}, b: {}, k: join, c: {}, j: join },
        's>p p>x p>c x>a x>b a>k b>k k>j c>j j>e',
      ),
      'k',
      'never come',
      'a b k x',
    ],
    [
      'branches that meet in no join are done twice',
      net({ p: and, a: {}, b: {}, m: {}, z: {} }, 's>p p>a p>b a>m b>m m>z z>e'),
      'p',
      'into "m", which would then be done several times',
      'a b m p',
    ],
    [
      'an end in a branch',
      net({ p: and, a: {}, j: join, e2: { place: 'end' } }, 's>p p>a p>j a>j p>e2 j>e'),
      'p',
      'ends at "e2"',
      'a e e2 j p',
    ],
    [
      'a join of another kind',
      net({ p: and, a: {}, b: {}, j: { joins: 'or' } }, 's>p p>a p>b a>j b>j j>e'),
      'p',
      'a join of another kind',
      'a b j p',
    ],
    [
      'two joins for one split',
      net({ p: and, a: {}, b: {}, c: {}, j: join, k: join }, 's>p p>a p>b p>c a>j b>j j>k c>k k>e'),
      'p',
      'do not all meet in one join',
      'a b c j k p',
    ],
    [
      'a way from outside into a branch',
      net({ x: {}, p: and, a: {}, b: {}, j: join }, 's>x x>p x>a p>a p>b a>j b>j j>e'),
      'p',
      'from outside leads into its branch at "a"',
      'a b j p',
    ],
    [
      'a way from outside into the join',
      net({ x: {}, p: and, a: {}, b: {}, j: join }, 's>x x>p x>j p>a p>b a>j b>j j>e'),
      'p',
      'is also reached from',
      'a b j p',
    ],
  ]
  for (const [name, given, node, words, region] of wrong)
    test(name, () => {
      const found = reduceNet(given).unpaired
      expect(found?.node).toBe(node)
      expect(found?.pattern.en).toContain(words)
      expect(found?.pattern.zh).not.toMatch(/[{}]/)
      expect([...(found?.region ?? [])].sort().join(' ')).toBe(region)
      expect(playTokens(given)).toBe('unsound')
    })
})

// All of it: `npm run fuzz:flow-checks`.
test('agrees with a token game on 500 random graphs, whole and with one edge bent', () => {
  for (let seed = 20260302; seed < 20260302 + 500; seed++)
    expect(findDisagreement(seed), `seed ${seed}`).toBeNull()
})
