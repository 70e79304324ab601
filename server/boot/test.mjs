// npm test: the whole gate, one step after another, ending at the first that fails.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildScreens, checkNode, installPackages, root, run } from './prepare.mjs'

checkNode()
process.chdir(root)
const reports = mkdtempSync(join(tmpdir(), 'cw-gate-'))
let passed = 0
let failed = 0

/** Each step counts its tests; one without tests of its own counts as one. */
const steps = [
  { title: 'packages', work: installPackages, counts: false },
  { title: 'format and lint', work: () => bin('biome', ['check', '--error-on-warnings', '.']) },
  { title: 'types', work: () => bin('tsc', ['-p', 'tsconfig.json']) },
  { title: 'types of the builder', work: () => bin('tsc', ['-p', 'builder/tsconfig.json']) },
  { title: 'types of the runtime', work: () => bin('tsc', ['-p', 'runtime/src/tsconfig.json']) },
  { title: 'units, contracts, packs, conformance', work: () => vitest('code') },
  { title: 'screens', work: buildScreens },
  { title: 'scenarios in a browser', work: () => vitest('scenarios') },
  { title: 'packs check', work: () => cw(['pack', 'check', 'templates']) },
]

for (const { title, work, counts = true } of steps) {
  const started = Date.now()
  console.log(`\n▶ ${title}`)
  const before = passed + failed
  try {
    await work()
    if (counts && passed + failed === before) passed += 1
  } catch (error) {
    console.error(error.message)
    if (failed === 0) failed = 1
  }
  console.log(`${failed ? '✗' : '✓'} ${title}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
  if (failed) break
}
rmSync(reports, { recursive: true, force: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed ? 1 : 0

function bin(name, args) {
  return run(join('node_modules', '.bin', name), args, {}, { show: true })
}

async function vitest(project) {
  const file = join(reports, `${project}.json`)
  let ended
  try {
    await run(
      join('node_modules', '.bin', 'vitest'),
      ['run', '--project', project, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`],
      { TZ: 'UTC' },
      { show: true },
    )
  } catch (error) {
    ended = error
  }
  if (!existsSync(file)) throw ended ?? new Error('vitest told nothing')
  const report = JSON.parse(readFileSync(file, 'utf8'))
  passed += report.numPassedTests
  // A file that can't be loaded has no tests, and is a failure all the same.
  failed += report.numFailedTests || (report.success ? 0 : report.numFailedTestSuites || 1)
  if (ended) throw ended
  const skipped = report.numPendingTests + report.numTodoTests
  if (skipped) throw new Error(`${skipped} tests were skipped; the gate knows none that may be`)
}

function cw(args) {
  return run(process.execPath, ['server/boot/cw.mjs', ...args], {}, { show: true })
}
