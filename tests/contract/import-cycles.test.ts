import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

// Files that import each other in a circle work or not by which of them is loaded first. The interpreter is loaded from
// many ends, so nothing in it may hang on that. Types are gone by then and don't count.

const root = fileURLToPath(new URL('../../runtime/src/', import.meta.url))

/** Circles that stand, by their first file, each with the reason why it does no harm. */
const known: Readonly<Record<string, string>> = {}

/** Files whose values a file loads before itself, and those that it passes on. */
function importsOf(file: string): string[] {
  const { statements } = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return statements.flatMap((statement) => {
    const isImport = ts.isImportDeclaration(statement)
    if (!isImport && !ts.isExportDeclaration(statement)) return []
    const from = statement.moduleSpecifier
    if (from === undefined || !ts.isStringLiteral(from) || !from.text.startsWith('.')) return []
    return (isImport ? isTypeImport(statement) : isTypeExport(statement))
      ? []
      : [join(dirname(file), from.text)]
  })
}

function isTypeImport({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false
  const { namedBindings, name } = importClause
  if (importClause.isTypeOnly) return true
  return (
    name === undefined &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly)
  )
}

function isTypeExport({ isTypeOnly, exportClause }: ts.ExportDeclaration): boolean {
  if (isTypeOnly) return true
  return (
    exportClause !== undefined &&
    ts.isNamedExports(exportClause) &&
    exportClause.elements.every((element) => element.isTypeOnly)
  )
}

/** Every set of files of which each leads to each other one (Tarjan), as one way around. */
function findCircles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const number = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const found: string[][] = []
  const visit = (file: string) => {
    const own = number.size
    number.set(file, own)
    low.set(file, own)
    open.push(file)
    for (const next of graph.get(file) ?? []) {
      if (!number.has(next)) visit(next)
      if (open.includes(next)) low.set(file, Math.min(low.get(file) ?? own, low.get(next) ?? own))
    }
    if (low.get(file) !== own) return
    const circle = open.splice(open.indexOf(file))
    if (circle.length > 1 || graph.get(file)?.includes(file)) found.push(circle.sort())
  }
  for (const file of graph.keys()) if (!number.has(file)) visit(file)
  return found
}

test('no file of the interpreter is loaded before itself', () => {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => join(root, name))
  expect(files.length).toBeGreaterThan(400)
  const graph = new Map(files.map((file) => [file, importsOf(file)]))
  const named = (file: string) => relative(root, file).split(sep).join('/')
  const circles = findCircles(graph).map((circle) => circle.map(named))
  expect(circles.filter(([first = '']) => !(first in known))).toEqual([])
  // A reason for a circle that is gone is none any more.
  expect(Object.keys(known).filter((first) => !circles.some(([one]) => one === first))).toEqual([])
})

test('a circle is found, however long, and types are none', () => {
  const graph = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
    ['e', ['e']],
  ])
  expect(findCircles(graph)).toEqual([['a', 'b', 'c'], ['e']])
  const parse = (text: string) => ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest).statements[0]
  const isType = (text: string) => isTypeImport(parse(text) as ts.ImportDeclaration)
  expect(isType(`import type { A } from './a.ts'`)).toBe(true)
  expect(isType(`import { type A, type B } from './a.ts'`)).toBe(true)
  expect(isType(`import { type A, b } from './a.ts'`)).toBe(false)
  expect(isType(`import './a.ts'`)).toBe(false)
  expect(isTypeExport(parse(`export { type A } from './a.ts'`) as ts.ExportDeclaration)).toBe(true)
  expect(isTypeExport(parse(`export * from './a.ts'`) as ts.ExportDeclaration)).toBe(false)
})
