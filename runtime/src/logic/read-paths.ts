import { isJsonObject, type Json } from '../json.ts'

/**
 * Every path that a rule names, without checking it: for finding what depends on a field, also in rules that are not
 * sound (yet). Of a checked rule, `TypedRule.reads` says the same with periods cut to their field.
 */
export function readPaths(rule: Json): string[] {
  const paths = new Set<string>()
  const stack: Json[] = [rule]
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (Array.isArray(value)) stack.push(...value)
    else if (isJsonObject(value)) {
      for (const [key, operand] of Object.entries(value)) {
        const path = key === 'var' ? (Array.isArray(operand) ? operand[0] : operand) : undefined
        if (typeof path === 'string' && path !== '') paths.add(path)
        stack.push(operand)
      }
    }
  }
  return [...paths]
}
