import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbedded } from '@channelwright/server/db/embedded.ts'
import fc from 'fast-check'
import pg from 'pg'
import { listRuleArbitrary, rowArbitrary, ruleArbitrary } from '../contract/rule-generator.ts'
import { compareRules, fillTables, shrinkDifference, unexpectedRefusals } from '../support/rule-equality.ts'

// `npm run fuzz:rules -- --pairs N --seed S`: random rules over random rows in the evaluator, in Postgres
// (TEST_DATABASE_URL, else the embedded one) and in the independent reference. Exit code 1 at the first difference,
// with the smallest rule that still shows it.

const rowsPerRound = 50
const rulesPerRound = 240

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
  let [pairs, rules] = [0, 0]
  for (let round = 0; pairs < wanted; round++) {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      // Each round's seed follows from the first: a failing round is run again by its own seed alone.
      const own = (seed + round * 7919) % 2 ** 31
      const rows = fc.sample(rowArbitrary, { numRuns: rowsPerRound, seed: own })
      await fillTables(client, rows)
      for (const [arbitrary, count, database] of [
        [ruleArbitrary, rulesPerRound, client],
        [listRuleArbitrary, rulesPerRound / 8, null],
      ] as const) {
        const found = await compareRules(database, rows, fc.sample(arbitrary, { numRuns: count, seed: own }))
        const [first] = found.differences
        const strange = unexpectedRefusals(found)
        if (first) {
          const least = await shrinkDifference(database, first, rows)
          console.error(
            `DIFFERENCE (round seed ${own})\n${least.why}\n${JSON.stringify(least.rule)}\non ${JSON.stringify(least.row)}\n${least.sql}`,
          )
          return 1
        }
        if (strange.length > 0) {
          console.error(`refused (round seed ${own}): ${JSON.stringify(strange)}`)
          return 1
        }
        pairs += found.pairs
        rules += found.rules
      }
    } finally {
      await client.end()
    }
    const seconds = Math.round((Date.now() - started) / 1000)
    if (round % 10 === 9 || pairs >= wanted)
      console.error(`${pairs} pairs, ${rules} rules, ${seconds} s, no difference`)
  }
  console.log(JSON.stringify({ pairs, rules, seed, differences: 0, seconds: (Date.now() - started) / 1000 }))
  return 0
}
