import { RE2JS } from 're2js'
import type { Diagnostic } from '../definition/diagnostic.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { fieldPatternBad } from '../errors/definitions.ts'
import { diagnose } from '../errors/diagnose.ts'
import { compileGenerated, isGeneratedPattern } from './decimal-text.ts'

/**
 * A pattern written by people, run in linear time whatever it says. Throws when it is not a pattern, or uses what
 * linear time cannot do (look-around, back-references).
 */
export function compilePattern(pattern: string): { test(text: string): boolean; toString(): string } {
  if (isGeneratedPattern(pattern)) return compileGenerated(pattern)
  const program = RE2JS.compile(RE2JS.translateRegExp(pattern))
  // ajv tells patterns apart by their text: without it every pattern of a schema would be the first one.
  return { test: (text) => program.matcher(text).find(), toString: () => `re2:${pattern}` }
}

/** The field's pattern can be run, and accepts the examples given with it. */
export function checkPattern(field: FieldDefinition): Diagnostic[] {
  if (typeof field.pattern !== 'string') return []
  try {
    const compiled = compilePattern(field.pattern)
    const examples = Array.isArray(field['x-examples']) ? field['x-examples'].map(String) : []
    return examples.flatMap((example, at) =>
      compiled.test(example)
        ? []
        : [diagnose(fieldPatternBad, `/x-examples/${at}`, { problem: `"${example}" does not match` })],
    )
  } catch (error) {
    return [
      diagnose(fieldPatternBad, '/pattern', {
        problem: error instanceof Error ? error.message : 'unreadable',
      }),
    ]
  }
}
