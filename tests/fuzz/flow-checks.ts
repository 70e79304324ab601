import { parseArgs } from 'node:util'
import { bendOne, findDisagreement, playTokens, randomNet } from '../support/token-game.ts'

// `npm run fuzz:flow-checks -- --graphs N --seed S`: random graphs of blocks, whole and with one edge bent, judged by
// block reduction and by a token game that plays every way they can go. Exit code 1 at the first difference.

const { values } = parseArgs({
  options: { graphs: { type: 'string', default: '10000' }, seed: { type: 'string' } },
})
const wanted = Number(values.graphs)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)
if (!Number.isSafeInteger(wanted) || wanted < 1 || !Number.isSafeInteger(seed)) {
  console.error('usage: npm run fuzz:flow-checks -- [--graphs N] [--seed S]')
  process.exit(2)
}

const started = performance.now()
const judged: Record<string, number> = {}
for (let at = 0; at < wanted; at++) {
  const own = (seed + at) % 2 ** 31
  const found = findDisagreement(own)
  if (found !== null) {
    console.error(`DIFFERENCE (seed ${own}): reduction says ${found.reduced}, the game ${found.played}`)
    console.error(JSON.stringify({ gates: [...found.net.gates], edges: found.net.edges }))
    process.exit(1)
  }
  const verdict = playTokens(bendOne(randomNet(own), own))
  judged[verdict] = (judged[verdict] ?? 0) + 1
}
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(`${wanted} graphs and as many with one edge bent, seed ${seed}, ${seconds} s: no difference`)
console.log(
  `bent: ${Object.entries(judged)
    .map(([verdict, count]) => `${count} ${verdict}`)
    .join(', ')}`,
)
