import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import fc from 'fast-check'
import pg from 'pg'
import { listRuleArbitrary, ruleArbitrary, sampleWorld } from '../contract/rule-generator.ts'
import {
  calledRules,
  compareRules,
  fillTables,
  shrinkDifference,
  unexpectedRefusals,
} from '../support/rule-equality.ts'

// `npm run fuzz:rules -- --pairs N --seed S`: random rules, calling random named rules, over random rows in the
// evaluator, in Postgres (TEST_DATABASE_URL, else the embedded one) and in the independent reference. Exit code 1 at
// the first difference, with the smallest rule that still shows it.

const rowsPerRound = 100
const rulesPerRound = 240
/** Of every so many rules one is of level F, which Postgres does not compute. */
const listRules = 8
/** Seconds between two lines of progress. */
const tellEvery = 10

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
})
const wanted = Number(values.pairs)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz:rules -- [--pairs N] [--seed S]')
  process.exit(2)
}

const given = process.env.TEST_DATABASE_URL
const run = randomBytes(4).toString('hex')
const dir = join(tmpdir(), `cw-fuzz-${run}`)
const embedded = given ? null : await startEmbedded({ dir, password: run, disposable: true })
process.exitCode = await fuzz(given ?? embedded!.url)
await embedded?.stop()
if (embedded) await rm(dir, { recursive: true, force: true })

async function fuzz(url: string): Promise<number> {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1000)
  const counts = { pairs: 0, rules: 0, refused: 0, failing: 0 }
  const operators = new Set<string>()
  let told = 0
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (let round = 0; counts.pairs < wanted; round++) {
      // Each round's seed follows from the first: a failing round is run again by its own seed alone.
      const own = (seed + round * 7919) % 2 ** 31
      const world = sampleWorld(rowsPerRound, own)
      await fillTables(client, world.rows)
      for (const [arbitrary, count, database] of [
        [ruleArbitrary, rulesPerRound, client],
        [listRuleArbitrary, rulesPerRound / listRules, null],
      ] as const) {
        const found = await compareRules(database, world, fc.sample(arbitrary, { numRuns: count, seed: own }))
        const [first] = found.differences
        const strange = unexpectedRefusals(found)
        if (first) {
          const least = await shrinkDifference(database, first, world)
          console.error(`DIFFERENCE (round seed ${own}, of ${found.differences.length} in it)\n${least.why}`)
          console.error(`${JSON.stringify(least.rule)}\non ${JSON.stringify(least.row)}`)
          for (const rule of calledRules(least.rule, world))
            console.error(`with ${rule.key} ${JSON.stringify(rule.body)}`)
          console.error(least.sql)
          return 1
        }
        if (strange.length > 0) {
          console.error(`refused (round seed ${own}): ${JSON.stringify(strange)}`)
          return 1
        }
        counts.pairs += found.pairs
        counts.rules += found.rules
        counts.refused += count - found.rules
        counts.failing += found.failing
        for (const name of found.operators) operators.add(name)
      }
      if (seconds() >= told + tellEvery || counts.pairs >= wanted) {
        told = seconds()
        console.error(
          `${counts.pairs} of ${wanted} pairs, ${counts.rules} rules, ${seconds()} s, no difference`,
        )
      }
    }
  } finally {
    await client.end()
  }
  console.log(
    JSON.stringify({ ...counts, operators: operators.size, seed, differences: 0, seconds: seconds() }),
  )
  return 0
}
