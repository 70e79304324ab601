import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete'
import { locateCursor, readLoosely } from './json-position.ts'
import { type Name, namesAt } from './names.ts'
import { operandWords, operatorWords, pathWords, type RuleWord, scopeAt } from './rule-help.ts'
import {
  emptyValueText,
  type Path,
  propertyChoices,
  type SchemaPlace,
  shapeTitle,
  valueAtPath,
  valueChoices,
  walkSchema,
} from './schema-walk.ts'

/** What the editor knows of the definition and the workspace around it. */
export interface EditorSight {
  readonly kind: string
  readonly schema: JsonObject
  readonly set: DefinitionSet
  readonly locale: Locale
}

/** Completes keys, values, names and rules: from the meta-schema of the kind, the workspace and the operators. */
export function completeDefinition(sight: EditorSight): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString()
    const written = context.matchBefore(/"?[\p{L}\p{N}_$.*=<>!?+\-/%]*/u)
    if (!written || (written.from === written.to && !context.explicit)) return null
    const { path, isKey } = locateCursor(text, context.pos)
    const value = readLoosely(text)
    const closing = text[context.pos] === '"' ? 1 : 0
    const place = walkSchema(sight.schema, value, isKey ? path.slice(0, -1) : path)
    const inRule = place.ruleAt ?? rulesOfActions(sight.kind, path)
    const hasColon = /^\s*:/.test(text.slice(context.pos + closing, context.pos + closing + 200))
    const options =
      inRule !== null && inRule <= (isKey ? path.length - 1 : path.length)
        ? completeRule(sight, value, path, inRule, isKey, hasColon, written.text.replaceAll('"', ''))
        : isKey
          ? completeKey(sight, value, path, place, hasColon)
          : completeValue(sight, value, path, place)
    // With the same prefix the same options stand: no need to work them out again for every letter.
    return options.length === 0
      ? null
      : {
          from: written.from,
          to: context.pos + closing,
          options,
          validFor: /^"?[\p{L}\p{N}_$*=<>!?+\-/%]*"?$/u,
        }
  }
}

/** The settings of effects are no part of the meta-schema; the values in them are rules. */
function rulesOfActions(kind: string, path: Path): number | null {
  return kind === 'flow' && path[0] === 'nodes' && path[2] === 'with' && path.length > 3 ? 4 : null
}

function completeKey(
  sight: EditorSight,
  value: Json | undefined,
  path: Path,
  place: SchemaPlace,
  hasColon: boolean,
): Completion[] {
  const holder = path.slice(0, -1)
  const present = valueAtPath(value, holder)
  const taken = new Set(typeof present === 'object' && present !== null ? Object.keys(present) : [])
  const written = String(path.at(-1) ?? '')
  const own = propertyChoices(place.schemas, sight.locale).filter(
    ({ name }) => name === written || !taken.has(name),
  )
  const named = namesAt(sight.kind, { set: sight.set, text: value, path }, true)
  return [
    ...own.map(
      ({ name, detail, required }): Completion => ({
        label: JSON.stringify(name),
        apply: asKey(
          name,
          hasColon ? null : emptyValueText(walkSchema(sight.schema, value, [...holder, name]).schemas),
        ),
        info: detail || undefined,
        detail: required ? '•' : undefined,
        type: 'property',
        boost: required ? 1 : 0,
      }),
    ),
    ...named.map(
      (name): Completion => ({
        ...nameOption(name, sight.locale),
        apply: asKey(
          name.word,
          hasColon ? null : emptyValueText(walkSchema(sight.schema, value, [...holder, name.word]).schemas),
        ),
      }),
    ),
  ]
}

function completeValue(
  sight: EditorSight,
  value: Json | undefined,
  path: Path,
  place: SchemaPlace,
): Completion[] {
  const holders = walkSchema(sight.schema, value, path.slice(0, -1)).schemas
  const values = valueChoices(place.schemas).map(
    (choice): Completion => ({
      label: JSON.stringify(choice),
      detail: shapeTitle(holders, String(path.at(-1)), choice)?.[sight.locale],
      type: 'constant',
    }),
  )
  const named = namesAt(sight.kind, { set: sight.set, text: value, path }, false)
  return [...values, ...named.map((name) => nameOption(name, sight.locale))]
}

function completeRule(
  sight: EditorSight,
  value: Json | undefined,
  path: Path,
  ruleAt: number,
  isKey: boolean,
  hasColon: boolean,
  written: string,
): Completion[] {
  if (isKey) {
    return operatorWords().map((one) => ({
      ...wordOption(one, sight.locale, 'function'),
      apply: asKey(one.word, hasColon ? null : one.word === 'var' ? '""' : '[]'),
    }))
  }
  const rules = scopeAt(sight.kind, value, path, sight.set)
  if (!rules) return []
  const within = path.slice(ruleAt)
  const last = within.at(-1)
  const isPath = last === 'var' || (within.at(-2) === 'var' && last === 0)
  if (isPath)
    return pathWords(written, rules, sight.set).map((one) => wordOption(one, sight.locale, 'variable'))
  const rule = valueAtPath(value, path.slice(0, ruleAt))
  const operands = operandWords(rule, within, rules.scope)
  return [
    ...operands.map((one) => wordOption(one, sight.locale, 'constant')),
    { label: '{ "var": … }', apply: '{ "var": "" }', type: 'keyword', boost: -1 },
  ]
}

const asKey = (name: string, value: string | null) =>
  value === null ? JSON.stringify(name) : `${JSON.stringify(name)}: ${value}`

function nameOption({ word, title }: Name, locale: Locale): Completion {
  return { label: JSON.stringify(word), detail: title[locale] || undefined, type: 'variable' }
}

function wordOption({ word, title, more }: RuleWord, locale: Locale, type: string): Completion {
  const say = (text: Text | undefined) => text?.[locale]
  return { label: JSON.stringify(word), detail: say(title), info: say(more), type }
}
