import type { JsonObject } from '@channelwright/runtime/json.ts'
import type { CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import { locateCursor } from './json-position.ts'
import { emptyValueText, propertyChoices, schemasAt, valueChoices } from './schema-walk.ts'

/** Words that fit at a place of the definition beyond its meta-schema: field keys, form keys, roles. */
export type ContextWords = (path: readonly (string | number)[]) => readonly { word: string; detail: string }[]

/** Completes keys and values from the meta-schema of the definition's kind and from the rest of the workspace. */
export function completeFromSchema(schema: JsonObject, contextWords: ContextWords): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString()
    const word = context.matchBefore(/"?[\w$.-]*/)
    if (!word || (word.from === word.to && !context.explicit)) return null
    const { path, isKey } = locateCursor(text, context.pos)
    const closing = text[context.pos] === '"' ? 1 : 0
    const range = { from: word.from, to: context.pos + closing, filter: true }
    return isKey ? completeKey(schema, path, text, range) : completeValue(schema, path, contextWords, range)
  }
}

type Range = { from: number; to: number; filter: boolean }

function completeKey(
  root: JsonObject,
  path: (string | number)[],
  text: string,
  range: Range,
): CompletionResult | null {
  const parents = schemasAt(root, path.slice(0, -1))
  const choices = propertyChoices(parents)
  if (choices.length === 0) return null
  const hasColon = /^\s*:/.test(text.slice(range.to))
  return {
    ...range,
    options: choices.map(({ name, detail, required }) => {
      const [property] = schemasAt(root, [...path.slice(0, -1), name])
      return {
        label: JSON.stringify(name),
        apply: hasColon ? JSON.stringify(name) : `${JSON.stringify(name)}: ${emptyValueText(property)}`,
        detail,
        type: 'property',
        boost: required ? 1 : 0,
      }
    }),
  }
}

function completeValue(
  root: JsonObject,
  path: (string | number)[],
  contextWords: ContextWords,
  range: Range,
): CompletionResult | null {
  const values = valueChoices(schemasAt(root, path)).map((value) => ({
    label: JSON.stringify(value),
    type: 'constant',
  }))
  const words = contextWords(path).map(({ word, detail }) => ({
    label: JSON.stringify(word),
    detail,
    type: 'variable',
  }))
  const options = [...values, ...words]
  return options.length === 0 ? null : { ...range, options }
}
