import { cpus, totalmem } from 'node:os'
import type { BenchFigure } from './figure.ts'
import { benchFlows } from './flows.ts'
import { benchFlowsCheck } from './flows-check.ts'
import { benchPlans } from './plans.ts'
import { benchPublish } from './publish.ts'
import { benchRecords } from './records.ts'
import { benchRules } from './rules.ts'
import { benchStart } from './start.ts'

// `npm run bench [-- NAME…]`: JSON on standard output, progress on standard error.

/** THE list of benches. */
const benches: Readonly<Record<string, () => Promise<BenchFigure[]>>> = {
  records: benchRecords,
  publish: benchPublish,
  plans: benchPlans,
  flows: benchFlows,
  'flows-check': benchFlowsCheck,
  start: benchStart,
  rules: benchRules,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
const figures: Record<string, BenchFigure[]> = {}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  console.error(`▶ ${name}`)
  figures[name] = await bench()
}
const machine = {
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
}
console.log(JSON.stringify({ measuredAt: new Date().toISOString(), machine, figures }, null, 2))
process.exit(0)
