import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'

/** A module of the runtime that many validators share, as text that browsers load once and keep. */
export interface SharedModule {
  /** Address that names the content. */
  readonly url: string
  readonly code: Buffer
}

export const fieldsFolder = fileURLToPath(new URL('../../../runtime/src/fields/', import.meta.url))

let patterns: Promise<SharedModule> | undefined

/**
 * The engine of patterns (re2js, which is larger than all else of a validator together), apart from the validators
 * that need it: one file for all forms, fetched when the first pattern is met.
 */
export function patternModule(): Promise<SharedModule> {
  patterns ??= bundle(`export { compilePattern } from './pattern.ts'`).then((code) => {
    const hash = createHash('sha256').update(code).digest('hex').slice(0, 20)
    return { url: `/api/modules/patterns-${hash}.js`, code }
  })
  patterns.catch(() => {
    patterns = undefined
  })
  return patterns
}

/** One ES module of the source, which may import the runtime's field files; `external` addresses stay imports. */
export async function bundle(source: string, external: readonly string[] = []): Promise<Buffer> {
  // Brought when the first form is opened: a start waits for nothing it does not need.
  const { build } = await import('esbuild')
  const result = await build({
    stdin: { contents: source, resolveDir: fieldsFolder, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: [...external],
    minify: true,
    write: false,
    logLevel: 'silent',
  })
  return Buffer.from(result.outputFiles[0]!.contents)
}
