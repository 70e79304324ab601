import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { buildParserFile } from '@lezer/generator'

const folder = new URL('../../runtime/src/logic/formula/', import.meta.url)
export const parserFile = fileURLToPath(new URL('parser.ts', folder))

/** The tables of the formula parser, from the grammar that lies beside them. */
export function buildFormulaParser(): string {
  const grammar = readFileSync(new URL('formula.grammar', folder), 'utf8')
  const { parser } = buildParserFile(grammar, { typeScript: true, fileName: 'formula.grammar' })
  return parser
    .replace(
      /^\/\/ This file was generated.*$/m,
      '// Written by tests/support/write-formula-parser.ts from formula.grammar.',
    )
    .replaceAll(': any', ': string')
    .replace(
      '(value: string, stack: string) => (readWord(value, stack) << 1)',
      '(value: string) => readWord(value) << 1',
    )
    .replace(/(\bfrom\s+)"([^"]+)"/g, "$1'$2'")
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(parserFile, buildFormulaParser())
  execFileSync('npx', ['biome', 'format', '--write', parserFile], { stdio: 'inherit' })
}
