import fc from 'fast-check'
import { expect, test } from 'vitest'
import { referenceNodes, walk, walkBeside } from '../support/flow-walk.ts'
import { richSketches, walkRich } from '../support/flow-walk-rich.ts'
import { walkWide, wideStages } from '../support/flow-walk-wide.ts'

// `npm run fuzz:flows -- --commands 100000 --seed 1` walks on from here.

/** 1,000 commands or so each. */
const numRuns = 80

test('a thousand random commands on approval steps come to what the reference says', () => {
  let commands = 0
  fc.assert(
    fc.property(referenceNodes, walk, (nodes, steps) => {
      commands += walkBeside(nodes, steps).given
    }),
    { numRuns, seed: 20260503 },
  )
  expect(commands).toBeGreaterThan(900)
})

test('a thousand random commands on flows with everything keep every invariant', () => {
  let commands = 0
  fc.assert(
    fc.property(fc.constantFrom(...richSketches), walk, (sketch, steps) => {
      commands += walkRich(sketch, steps).given
    }),
    { numRuns, seed: 20260504 },
  )
  expect(commands).toBeGreaterThan(900)
})

test('a thousand random commands on branches, clocks, weights and windows come to what the reference says', () => {
  let commands = 0
  fc.assert(
    fc.property(wideStages, walk, (stages, steps) => {
      commands += walkWide(stages, steps).given
    }),
    { numRuns, seed: 20261123 },
  )
  expect(commands).toBeGreaterThan(900)
})
