import { namedRuleScope } from '@channelwright/runtime/definition/check-rule.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { Inputs } from '@channelwright/runtime/definition/inputs.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import { flowScope, formScope, inputScope, recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { givenTypes, groupOf } from '@channelwright/runtime/flow/given.ts'
import { isJsonObject, type Json } from '@channelwright/runtime/json.ts'
import {
  describeType,
  describeUsage,
  findOperator,
  operators,
  type RuleScope,
  type RuleType,
} from '@channelwright/runtime/logic/index.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { titlesOf } from '../preview/rule-words.ts'
import { type Path, valueAtPath } from './schema-walk.ts'

/** What a rule at a place may read, and over which object. */
export interface RuleSight {
  readonly scope: RuleScope
  readonly object: string
}

/** Beside the record what a case is handed, and where a step hears of an event, what that brings. */
function scopeInFlow(text: Json | undefined, path: Path, set: DefinitionSet, object: string): RuleScope {
  try {
    const flow = text as unknown as FlowDefinition
    const { trigger } = flow
    if (path[0] === 'trigger' && trigger.type === 'webhook')
      return inputScope(set, [], { extra: { $input: groupOf(trigger.input) } })
    const data =
      path[0] === 'nodes' && path[2] === 'for' ? valueAtPath(text, [...path.slice(0, 3), 'data']) : null
    const event: Record<string, RuleType> = isJsonObject(data ?? null)
      ? { $event: groupOf(data as unknown as Inputs) }
      : {}
    return flowScope(set, object, { ...givenTypes(flow, set), ...event })
  } catch {
    // Half written: what it will be handed is not known yet.
    return flowScope(set, object)
  }
}

/** The scope of the rules at a place, by the kind of definition. The same functions as the checks use. */
export function scopeAt(
  kind: string,
  text: Json | undefined,
  path: Path,
  set: DefinitionSet,
): RuleSight | null {
  const word = (...at: Path) => {
    const value = valueAtPath(text, at)
    return typeof value === 'string' ? value : ''
  }
  const own = word('object')
  switch (kind) {
    case 'object':
      return { scope: recordScope(set, word('key')), object: word('key') }
    case 'form':
      return { scope: formScope(set, own), object: own }
    case 'view': {
      const object = path[0] === 'cards' ? word('cards', path[1] ?? 0, 'object') : own
      return { scope: recordScope(set, object), object }
    }
    case 'flow':
      return { scope: scopeInFlow(text, path, set, own), object: own }
    case 'plan': {
      const object = word('events', 'object')
      if (path[0] !== 'gates') return { scope: recordScope(set, object), object }
      const measures = valueAtPath(text, ['measures'])
      const fields = new Map<string, RuleType>(
        Object.keys(isJsonObject(measures) ? measures : {}).map((key) => [
          key,
          { t: 'dec', nullable: false, scale: 2 },
        ]),
      )
      const root = new Map<string, RuleType>([['m', { t: 'obj', nullable: false, fields }]])
      return { scope: { root, object: () => undefined }, object }
    }
    case 'grant': {
      const object = String(path[1] ?? '')
      return { scope: recordScope(set, object), object }
    }
    case 'rule':
      try {
        return { scope: namedRuleScope(text as unknown as RuleDefinition, set), object: '' }
      } catch {
        return null
      }
    default:
      return null
  }
}

export interface RuleWord {
  readonly word: string
  readonly title: Text
  /** More about it, for those who stay on it. */
  readonly more?: Text
}

/** Operators by name, with what each does and takes. */
export function operatorWords(): RuleWord[] {
  return operators.map((operator) => ({ word: operator.name, ...operatorHelp(operator.name)! }))
}

export function operatorHelp(name: string): { title: Text; more: Text } | null {
  const operator = findOperator(name)
  if (!operator) return null
  const usage = describeUsage(operator)
  return {
    title: operator.title,
    more: {
      en: `${operator.describe.en}\n${usage.en}`,
      zh: `${operator.describe.zh}\n${usage.zh}`,
    },
  }
}

/** Paths that go on from what is written: `partner.` offers the fields of the partner. */
export function pathWords(written: string, sight: RuleSight, set: DefinitionSet): RuleWord[] {
  const before = written.includes('.') ? written.slice(0, written.lastIndexOf('.')) : ''
  const titleOf = titlesOf(set, sight.object)
  return [...fieldsBelow(before, sight.scope)].map(([key, type]) => {
    const path = before === '' ? key : `${before}.${key}`
    return { word: path, title: titleOf(path) ?? describeType(type), more: describeType(type) }
  })
}

/** What a path leads to: its title and its type. */
export function pathHelp(
  path: string,
  sight: RuleSight,
  set: DefinitionSet,
): { title: Text; more: Text } | null {
  const type = typeOf(path, sight.scope)
  if (!type) return null
  const more = describeType(type)
  return { title: titlesOf(set, sight.object)(path) ?? { en: path, zh: path }, more }
}

function typeOf(path: string, scope: RuleScope): RuleType | undefined {
  const at = path.lastIndexOf('.')
  const holder = fieldsBelow(at < 0 ? '' : path.slice(0, at), scope)
  return holder.get(path.slice(at + 1))
}

function fieldsBelow(path: string, scope: RuleScope): ReadonlyMap<string, RuleType> {
  if (path === '') return scope.root
  const type = typeOf(path, scope)
  if (type?.t === 'obj') return type.fields
  if (type?.t === 'ref') return scope.object(type.object) ?? new Map()
  if (type?.t === 'period')
    return new Map([
      ['from', { t: 'date', nullable: type.nullable }],
      ['to', { t: 'date', nullable: true }],
    ])
  return new Map()
}

/** Values that fit an operand: words that are part of the operator, and the choices of the field compared with. */
export function operandWords(rule: Json | undefined, path: Path, scope: RuleScope): RuleWord[] {
  // The nearest operator around the place, and which of its operands the place lies in.
  for (let at = path.length - 1; at >= 1; at--) {
    const name = path[at - 1]
    const index = path[at]
    if (typeof name !== 'string' || typeof index !== 'number') continue
    const operator = findOperator(name)
    if (!operator) continue
    const spec = operator.args[Math.min(index, operator.args.length - 1)]
    if (spec?.kind === 'word') return spec.words.map((word) => ({ word, title: spec.title }))
    const operands = valueAtPath(rule, path.slice(0, at))
    const others = (Array.isArray(operands) ? operands : []).filter((_, other) => other !== index)
    return others.flatMap((other) => choicesOf(other, scope))
  }
  return []
}

function choicesOf(operand: Json, scope: RuleScope): RuleWord[] {
  const path = isJsonObject(operand) ? operand.var : undefined
  const type = typeof path === 'string' ? typeOf(path, scope) : undefined
  const words = type?.t === 'str' ? (type.enum ?? []) : []
  return words.map((word) => ({ word, title: { en: String(path), zh: String(path) } }))
}
