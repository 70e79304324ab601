import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { systemFields } from '@channelwright/runtime/definition/report.ts'
import { fieldTypes } from '@channelwright/runtime/fields/index.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { type Path, valueAtPath } from './schema-walk.ts'

/** A name that fits at a place, and what it stands for. */
export interface Name {
  readonly word: string
  readonly title: Text
}

interface Sight {
  readonly set: DefinitionSet
  /** The definition as it stands. */
  readonly text: Json | undefined
  readonly path: Path
}

type Source = (sight: Sight) => readonly Name[]

const read = (sight: Sight, ...path: Path) => valueAtPath(sight.text, path)
const word = (value: Json | undefined) => (typeof value === 'string' ? value : '')

function fieldsOf(set: DefinitionSet, object: string, types?: readonly string[], system = false): Name[] {
  const properties = set.objects.get(object)?.schema.properties ?? {}
  const own = (Object.entries(properties) as [string, FieldDefinition][])
    .filter(([, field]) => !types || types.includes(field['x-field']))
    .map(([key, field]) => ({ word: key, title: { en: field.title, zh: field['x-title'].zh } }))
  return system ? [...own, ...systemFields.map((key) => ({ word: key, title: { en: key, zh: key } }))] : own
}

const all =
  (kind: 'objects' | 'forms' | 'views' | 'flows' | 'plans' | 'calendars'): Source =>
  ({ set }) =>
    [...(set[kind] as ReadonlyMap<string, { title: Text }>)].map(([key, { title }]) => ({ word: key, title }))
const roles: Source = ({ set }) =>
  [...set.grants.values()]
    .filter((grant) => grant.key === grant.role)
    .map(({ key, title }) => ({ word: key, title }))
/** Fields of the object that the whole definition is over. */
const ownFields =
  (types?: readonly string[], system = false): Source =>
  (sight) =>
    fieldsOf(sight.set, word(read(sight, 'object')), types, system)
/** Fields of the very object that is written. */
const sameFields =
  (types?: readonly string[]): Source =>
  (sight) => {
    const properties = read(sight, 'schema', 'properties')
    if (!isJsonObject(properties)) return []
    return Object.entries(properties).flatMap(([key, field]) =>
      isJsonObject(field) && (!types || types.includes(word(field['x-field'])))
        ? [{ word: key, title: { en: word(field.title), zh: word(field.title) } }]
        : [],
    )
  }
/** Fields of the object that a part of the definition names: a card of a home page. */
const partFields =
  (length: number): Source =>
  (sight) =>
    fieldsOf(sight.set, word(read(sight, ...sight.path.slice(0, length), 'object')), undefined, true)
const nodes: Source = (sight) => {
  const list = read(sight, 'nodes')
  return (Array.isArray(list) ? list : []).flatMap((node) =>
    isJsonObject(node) ? [{ word: word(node['x-id']), title: titleOf(node.title) }] : [],
  )
}
const ends: Source = (sight) => {
  const list = read(sight, 'nodes')
  const found = (Array.isArray(list) ? list : []).filter((node) => isJsonObject(node) && node.type === 'end')
  return nodes({ ...sight, text: { nodes: found } })
}
/** Fields of what a record refers to, by the way there: `partner.tier`. */
function fieldsThrough(set: DefinitionSet, own: string, types: readonly string[]): Name[] {
  return fieldsOf(set, own, ['reference']).flatMap((reference) => {
    const target = valueAtPath(set.objects.get(own)?.schema.properties as JsonObject | undefined, [
      reference.word,
      'x-object',
    ])
    return fieldsOf(set, word(target), types).map((inner) => ({
      word: `${reference.word}.${inner.word}`,
      title: {
        en: `${reference.title.en} · ${inner.title.en}`,
        zh: `${reference.title.zh} · ${inner.title.zh}`,
      },
    }))
  })
}
/** Fields that name people: of the record, and of what it refers to. */
const peopleFields: Source = ({ set, text }) => {
  const own = word(valueAtPath(text, ['object']))
  return [...fieldsOf(set, own, ['user']), ...fieldsThrough(set, own, ['user'])]
}
/** Fields that records are grouped by: of their own, and of what they refer to. */
const groupFields: Source = ({ set, text }) => {
  const own = word(valueAtPath(text, ['object']))
  const types = fieldTypes.filter(({ name, filters }) => filters.includes('==') || name === 'datetime')
  const names = types.map(({ name }) => name)
  return [...fieldsOf(set, own, names), ...fieldsThrough(set, own, names)]
}
const measured: Source = (sight) =>
  ownFields(fieldTypes.filter((type) => type.measures !== undefined).map(({ name }) => name))(sight)
const exits: Source = (sight) => {
  const from = read(sight, ...sight.path.slice(0, 2), 'from')
  const list = read(sight, 'nodes')
  const node = (Array.isArray(list) ? list : []).find((one) => isJsonObject(one) && one['x-id'] === from)
  const type = isJsonObject(node) ? findNodeType(word(node.type)) : undefined
  // A node that is half written may not be able to say.
  try {
    return (type?.exits(node as never) ?? []).map((exit) => ({
      word: exit,
      title: type?.exitTitles?.[exit] ?? { en: exit, zh: exit },
    }))
  } catch {
    return []
  }
}
const measures: Source = (sight) => {
  const map = read(sight, 'measures')
  return Object.keys(isJsonObject(map) ? map : {}).map((key) => ({ word: key, title: { en: key, zh: key } }))
}
const states: Source = (sight) => {
  const field = read(sight, 'schema', 'properties', word(read(sight, 'lifecycle', 'field')))
  const choices = isJsonObject(field) ? field.oneOf : undefined
  return (Array.isArray(choices) ? choices : []).flatMap((choice) =>
    isJsonObject(choice)
      ? [{ word: word(choice.const), title: { en: word(choice.title), zh: word(choice.title) } }]
      : [],
  )
}
const eventFields =
  (types: readonly string[]): Source =>
  (sight) =>
    fieldsOf(sight.set, word(read(sight, 'events', 'object')), types)
const relatedFields: Source = (sight) => {
  const view = sight.set.views.get(word(read(sight, ...sight.path.slice(0, 2), 'view')))
  const equal = read(sight, ...sight.path.slice(0, 2), 'equals') !== undefined
  return fieldsOf(sight.set, view?.object ?? '', equal ? undefined : ['reference'])
}
const grantedFields: Source = (sight) => [
  { word: '*', title: { en: 'all fields', zh: '全部字段' } },
  ...fieldsOf(sight.set, String(sight.path[1] ?? '')),
]

function titleOf(value: Json | undefined): Text {
  return isJsonObject(value) ? { en: word(value.en), zh: word(value.zh) } : { en: '', zh: '' }
}

/**
 * Where a definition names something: kind and place (`*` is any step), and what may be named. A place that ends in
 * `{}` is that of a property's name rather than of a value.
 */
const places: readonly (readonly [kind: string, place: string, source: Source])[] = [
  ['object', 'display', sameFields()],
  ['object', 'owner', sameFields(['reference'])],
  ['object', 'party/parent', sameFields(['reference'])],
  ['object', 'schema/required/*', sameFields()],
  ['object', 'schema/properties/*/x-object', all('objects')],
  ['object', 'schema/properties/*/x-role', roles],
  ['object', 'computed/{}', sameFields()],
  ['object', 'unique/*/fields/*', sameFields()],
  ['object', 'exclusive/*/fields/*', sameFields()],
  ['object', 'exclusive/*/period', sameFields(['period'])],
  ['object', 'indexes/*/fields/*', sameFields()],
  ['object', 'lifecycle/field', sameFields(['choice'])],
  ['object', 'lifecycle/initial', states],
  ['object', 'lifecycle/moves/*/from/*', states],
  ['object', 'lifecycle/moves/*/to', states],
  ['form', 'object', all('objects')],
  ['form', 'steps/*/sections/*/rows/*/*', ownFields()],
  ['form', 'fields/{}', ownFields()],
  ['form', 'checks/*/field', ownFields()],
  ['form', 'submit/set/{}', ownFields()],
  ['view', 'object', all('objects')],
  ['view', 'columns/*/field', ownFields(undefined, true)],
  ['view', 'sort/*/field', ownFields(undefined, true)],
  ['view', 'search/*', ownFields()],
  ['view', 'filters/*', ownFields(undefined, true)],
  ['view', 'group/*/field', groupFields],
  ['view', 'measures/*/field', measured],
  ['view', 'detail', all('views')],
  ['view', 'create/*', all('forms')],
  ['view', 'edit', all('forms')],
  ['view', 'sections/*/rows/*/*', ownFields(undefined, true)],
  ['view', 'related/*/view', all('views')],
  ['view', 'related/*/field', relatedFields],
  ['view', 'related/*/equals', ownFields()],
  ['view', 'related/*/create', all('forms')],
  ['view', 'plans/*', all('plans')],
  ['view', 'cards/*/object', all('objects')],
  ['view', 'cards/*/fields/*', partFields(2)],
  ['view', 'cards/*/date', partFields(2)],
  ['view', 'cards/*/detail', all('views')],
  ['view', 'cards/*/view', all('views')],
  ['view', 'cards/*/plans/*', all('plans')],
  ['flow', 'object', all('objects')],
  ['flow', 'nodes/*/approvers/*/role', roles],
  ['flow', 'nodes/*/form', all('forms')],
  ['flow', 'nodes/*/with/object', all('objects')],
  ['flow', 'nodes/*/with/{}', ownFields()],
  ['flow', 'settings/onWithdraw/{}', ownFields()],
  ['flow', 'settings/expire/values/{}', ownFields()],
  ['flow', 'settings/expire/end', ends],
  ['flow', 'settings/amount', ownFields(['money', 'decimal', 'integer', 'percent'])],
  ['flow', 'settings/summary/*', ownFields()],
  ['flow', 'settings/calendar', all('calendars')],
  ['flow', 'settings/tellEnd/*/path', peopleFields],
  ['flow', 'edges/*/from', nodes],
  ['flow', 'edges/*/to', nodes],
  ['flow', 'edges/*/exit', exits],
  ['plan', 'events/object', all('objects')],
  ['plan', 'events/date', eventFields(['date', 'datetime'])],
  ['plan', 'events/earner', eventFields(['reference'])],
  ['plan', 'bands/lookup', measures],
  ['plan', 'bands/payOn', measures],
  ['grant', 'role', roles],
  ['grant', 'objects/{}', all('objects')],
  ['grant', 'objects/*/*/fields/*', grantedFields],
  ['grant', 'views/*', all('views')],
  ['grant', 'forms/*', all('forms')],
  ['grant', 'flows/{}', all('flows')],
  ['grant', 'plans/{}', all('plans')],
]

/** The names that fit at a place of a definition of the kind: of fields, forms, views, nodes. */
export function namesAt(kind: string, sight: Sight, isKey: boolean): readonly Name[] {
  for (const [of, place, source] of places) {
    if (of === kind && fits(place.split('/'), sight.path, isKey)) return source(sight)
  }
  return []
}

function fits(place: readonly string[], path: Path, isKey: boolean): boolean {
  return (
    place.length === path.length &&
    (place.at(-1) === '{}') === isKey &&
    place.every((step, at) => step === '*' || step === '{}' || step === String(path[at]))
  )
}
