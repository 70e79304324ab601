import type { Text } from '@channelwright/runtime/text.ts'

/** What a case expected and did not get. `pointer` leads into the case's file. */
export class CaseFailure extends Error {
  constructor(
    readonly text: Text,
    readonly pointer: string,
    /** What was compared, when that is what failed. */
    readonly difference: {
      readonly what: Text
      readonly expected: string
      readonly found: string
    } | null = null,
  ) {
    super(text.en)
    this.name = 'CaseFailure'
  }
}

/** Throws unless both are the same JSON. */
export function expectSame(what: Text, expected: unknown, actual: unknown, pointer: string): void {
  if (JSON.stringify(sortKeys(expected)) === JSON.stringify(sortKeys(actual))) return
  throw failed(what, expected, actual, pointer)
}

/** "what: expected …, found …". */
export function failed(what: Text, expected: unknown, actual: unknown, pointer: string): CaseFailure {
  const [wanted, found] = [show(expected), show(actual)]
  return new CaseFailure(
    {
      en: `${what.en}: expected ${wanted}, found ${found} (at ${pointer})`,
      zh: `${what.zh}:应为 ${wanted},实际为 ${found}(位置 ${pointer})`,
    },
    pointer,
    { what, expected: wanted, found },
  )
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing')
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sortKeys(inner)]),
  )
}
