import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, normalize, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Zones, the more precise path first, and the zones each may import from besides itself. */
const law: Record<string, { readonly may: readonly string[]; readonly typesOf?: readonly string[] }> = {
  'runtime/src': { may: [] },
  'runtime/react': { may: ['runtime/src'] },
  'runtime/portal': { may: ['runtime/react', 'runtime/src'] },
  'server/boot': { may: [] },
  'server/src': { may: ['runtime/src'] },
  'builder/src': { may: ['runtime/react', 'runtime/src'], typesOf: ['server/src'] },
  // The root's own settings and the tests are free.
}

/** What runtime/src may take from npm: it runs the same in browser and server. */
const isomorphic = [
  '@lezer/common',
  '@lezer/lr',
  'ajv',
  'ajv-formats',
  'fastest-levenshtein',
  'json-logic-js',
  'jsonc-parser',
  're2js',
  'typebox',
]
/** A kind's browser face beside the kind (`widget.tsx`) draws with these. */
const faces = [
  '@mantine/core',
  '@mantine/dates',
  '@mantine/hooks',
  '@rjsf/core',
  '@rjsf/mantine',
  '@rjsf/utils',
  '@tabler/icons-react',
  '@tanstack/react-virtual',
  'dayjs',
  'react',
  'react-i18next',
]

interface Import {
  readonly from: string
  readonly specifier: string
  readonly typeOnly: boolean
}

const files = Object.keys(law).flatMap((zone) => listFiles(join(root, zone)))
const imports = files.flatMap(readImports)

describe('the import law', () => {
  test('sees the whole house', () => {
    expect(files.length).toBeGreaterThan(150)
    expect(imports.length).toBeGreaterThan(500)
  })

  test('each part imports only what stands below it', () => {
    const broken = imports.filter((found) => {
      const here = zoneOf(found.from)!
      const target = resolveImport(found)
      const there = target === null ? null : zoneOf(target)
      if (target === null || here === there || isTest(found.from)) return false
      if (there && law[here]!.may.includes(there)) return false
      return !(there && found.typeOnly && law[here]!.typesOf?.includes(there))
    })
    expect(broken.map(describeImport)).toEqual([])
  })

  test('no .ts file of runtime/src imports a .tsx file', () => {
    const broken = imports.filter(
      ({ from, specifier }) =>
        from.startsWith('runtime/src') && from.endsWith('.ts') && specifier.endsWith('.tsx'),
    )
    expect(broken.map(describeImport)).toEqual([])
  })

  test('runtime/src takes only isomorphic libraries, its faces only what draws', () => {
    const broken = imports.filter(({ from, specifier }) => {
      if (!from.startsWith('runtime/src') || isTest(from) || specifier.startsWith('.')) return false
      const name = packageOf(specifier)
      return !isomorphic.includes(name) && !(from.endsWith('.tsx') && faces.includes(name))
    })
    expect(broken.map(describeImport)).toEqual([])
  })

  test('server/boot imports nothing that has to be installed before it installs', () => {
    // Both stand in what is imported once packages are there.
    const afterInstall = new Set(['tsx/esm/api', 'esbuild'])
    const broken = imports.filter(
      ({ from, specifier }) =>
        from.startsWith('server/boot') && !/^(node:|\.)/.test(specifier) && !afterInstall.has(specifier),
    )
    expect(broken.map(describeImport)).toEqual([])
  })

  test('relative imports name a file with its extension', () => {
    const broken = imports.filter(({ from, specifier }) => {
      if (!specifier.startsWith('.')) return false
      const path = join(root, dirname(from), specifier.replace(/\?.*$/, ''))
      return !existsSync(path) || !statSync(path).isFile()
    })
    expect(broken.map(describeImport)).toEqual([])
  })

  test('packs are data only', () => {
    const others = listFiles(join(root, 'templates'), /./).filter((file) => !/\.(json|md|csv)$/.test(file))
    expect(others).toEqual([])
  })

  test('every package that is imported stands in the package.json of its part', () => {
    const missing = new Set<string>()
    for (const { from, specifier } of imports) {
      if (/^(node:|\.|virtual:)/.test(specifier) || isTest(from)) continue
      const part = from.split('/')[0]!
      const { dependencies = {}, devDependencies = {} } = JSON.parse(
        readFileSync(join(root, part, 'package.json'), 'utf8'),
      )
      const name = packageOf(specifier)
      if (name !== `@channelwright/${part}` && !(name in dependencies) && !(name in devDependencies))
        missing.add(`${part}: ${name}`)
    }
    expect([...missing]).toEqual([])
  })
})

function listFiles(folder: string, wanted = /\.(ts|tsx|mts|mjs)$/): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist'].includes(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return listFiles(path, wanted)
      return wanted.test(entry.name) ? [relative(root, path)] : []
    })
}

/** `import … from`, `export … from`, `import('…')`; comments are taken out first. */
function readImports(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8').replace(/^\s*(\/\/|\*|\/\*).*$/gm, '')
  const found: Import[] = []
  const statement = /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?'([^'\n]+)'/g
  for (const [, , type, specifier] of text.matchAll(statement))
    found.push({ from, specifier: specifier!, typeOnly: type !== undefined })
  for (const [, specifier] of text.matchAll(/\bimport\(\s*'([^'\n]+)'\s*\)/g))
    found.push({ from, specifier: specifier!, typeOnly: false })
  return found
}

/** The file inside the repository that an import means; null for packages from elsewhere. */
function resolveImport({ from, specifier }: Import): string | null {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier))
  const own = /^@channelwright\/(runtime|server|builder|tests)(?:\/(.*))?$/.exec(specifier)
  if (!own) return null
  const [, part, rest = ''] = own
  if (part === 'runtime' && /^(react|portal)(\/|$)/.test(rest)) return normalize(`runtime/${rest}`)
  return part === 'tests' ? normalize(`tests/${rest}`) : normalize(`${part}/src/${rest}`)
}

function zoneOf(path: string): string | null {
  return Object.keys(law).find((zone) => path === zone || path.startsWith(`${zone}/`)) ?? null
}
/** Tests stand above everything, wherever they lie; so do the settings of vite. */
function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /vite\.config\.ts$/.test(path)
}
function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
function describeImport({ from, specifier }: Import): string {
  return `${from} imports ${specifier}`
}
