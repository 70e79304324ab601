import { readFile } from 'node:fs/promises'
import type { Json } from '@channelwright/runtime/json.ts'
import { readCases, runCase } from './run-file.ts'

/**
 * `npm run conformance -- FILE…`: runs public JSON-logic suites and prints, per file, how many cases are equal,
 * refused (by code) and wrong, and every wrong one. Exit code 1 when anything accepted gave another value.
 */
async function main(files: readonly string[]): Promise<void> {
  const verbose = files.includes('--refused')
  const paths = files.filter((file) => !file.startsWith('--'))
  if (paths.length === 0) {
    console.log('usage: npm run conformance -- [--refused] FILE…')
    process.exitCode = 2
    return
  }
  for (const path of paths) {
    const cases = readCases(JSON.parse(await readFile(path, 'utf8')) as Json)
    const refused = new Map<string, number>()
    let equal = 0
    let wrong = 0
    for (const one of cases) {
      const found = runCase(one)
      if (found.verdict === 'equal') equal += 1
      else if (found.verdict === 'refused') {
        // A suite that expects an error is met by any refusal.
        if (one.result === undefined) equal += 1
        else {
          refused.set(found.code, (refused.get(found.code) ?? 0) + 1)
          if (verbose)
            console.log(
              `refused ${found.code} ${JSON.stringify(one.rule)} ${JSON.stringify(one.data)}: ${found.why}`,
            )
        }
      } else {
        wrong += 1
        console.log(
          `wrong ${JSON.stringify(one.rule)} ${JSON.stringify(one.data)}: ${JSON.stringify(found.got)}, not ${JSON.stringify(one.result)}`,
        )
      }
    }
    if (wrong > 0) process.exitCode = 1
    console.log(
      JSON.stringify({
        file: path,
        cases: cases.length,
        equal,
        refused: Object.fromEntries([...refused].sort()),
        wrong,
      }),
    )
  }
}

await main(process.argv.slice(2))
