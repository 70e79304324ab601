import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { referenceNodes, walk, walkBeside } from '../support/flow-walk.ts'
import { richSketches, walkRich } from '../support/flow-walk-rich.ts'
import { walkWide, wideStages } from '../support/flow-walk-wide.ts'

// `npm run fuzz:flows -- --commands N --seed S`: random commands on random approval steps, engine beside reference;
// on branches with weights, clocks and windows beside another one; and on flows with everything, held to the invariants.
// A third of the commands each. Exit code 1 at the first difference, with the shortest walk that still shows it.

const { values } = parseArgs({
  options: { commands: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const wanted = Number(values.commands)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz:flows -- [--commands N] [--seed S]')
  process.exit(2)
}

const started = Date.now()
const part = Math.ceil(wanted / 3)
const beside = fuzz('beside the reference', (count) =>
  fc.property(referenceNodes, walk, (nodes, steps) => count(walkBeside(nodes, steps))),
)
const wide = fuzz('branches, clocks and windows beside the reference', (count) =>
  fc.property(wideStages, walk, (stages, steps) => count(walkWide(stages, steps))),
)
const rich = fuzz('held to the invariants', (count) =>
  fc.property(fc.constantFrom(...richSketches), walk, (sketch, steps) => count(walkRich(sketch, steps))),
)
process.exitCode = beside && wide && rich ? 0 : 1

function fuzz(
  name: string,
  property: (count: (tally: { given: number; done: number }) => void) => fc.IProperty<unknown>,
): boolean {
  const tally = { given: 0, done: 0 }
  for (let round = 0; tally.given < part; round++) {
    // Each round's seed follows from the first: a failing round is run again by its own seed alone.
    const own = (seed + round * 7919) % 2 ** 31
    const details = fc.check(
      property(({ given, done }) => {
        tally.given += given
        tally.done += done
      }),
      { numRuns: 100, seed: own },
    )
    if (!details.failed) continue
    console.error(`FAILED ${name}, seed ${own}: ${String(details.errorInstance)}`)
    console.error(JSON.stringify(details.counterexample, null, 1))
    return false
  }
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${name}: ${tally.given} commands (${tally.done} carried out), seed ${seed}, ${seconds} s`)
  return true
}
