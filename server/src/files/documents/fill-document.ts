import type { DocumentBlock, DocumentDefinition } from '@channelwright/runtime/definition/document.ts'
import type { FieldDefinition } from '@channelwright/runtime/definition/object.ts'
import { placeholdersIn } from '@channelwright/runtime/definition/placeholders.ts'
import { recordScope } from '@channelwright/runtime/definition/scopes.ts'
import { fieldTypeOf, linesOf } from '@channelwright/runtime/fields/index.ts'
import { titleOf } from '@channelwright/runtime/fields/shared.ts'
import { findFieldByPath } from '@channelwright/runtime/flow/field-rules.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { formatDecimalTrimmed, sumDecimals } from '@channelwright/runtime/logic/decimal.ts'
import { type CompiledRule, compileRule } from '@channelwright/runtime/logic/evaluate.ts'
import { isNumeric } from '@channelwright/runtime/logic/rule-type.ts'
import type { RuleType } from '@channelwright/runtime/logic/types.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import type { Unit } from '../../db/unit.ts'
import { namePeople } from '../../records/people.ts'
import { withLookups } from '../../records/rules.ts'
import type { ServedRelease } from '../../services.ts'
import { isFileField, seeFiles } from '../file-rows.ts'
import type { ReadRecord } from './read-record.ts'

/** A document with everything said, in one language. */
export interface FilledDocument {
  readonly name: string
  readonly locale: Locale
  readonly page: {
    readonly size: string
    readonly orientation: string
    readonly numbers: boolean
    readonly head: string | null
    readonly foot: string | null
  }
  readonly blocks: readonly FilledBlock[]
}

export type FilledBlock =
  | { readonly type: 'heading'; readonly text: string; readonly level: 1 | 2 | 3 }
  | {
      readonly type: 'text'
      readonly text: string
      readonly align: 'left' | 'center' | 'right'
      readonly bold: boolean
      readonly small: boolean
    }
  | {
      readonly type: 'fields'
      readonly pairs: readonly (readonly [string, string])[]
      readonly columns: 1 | 2
    }
  | {
      readonly type: 'lines'
      readonly heads: readonly string[]
      readonly numeric: readonly boolean[]
      readonly rows: readonly (readonly string[])[]
      readonly totals: readonly string[] | null
    }
  | { readonly type: 'signatures'; readonly parties: readonly string[]; readonly dateWord: string }
  | { readonly type: 'space' | 'page_break' }

/** Fills in what a document says of one record. `read`: with whose eyes the record is read. Throws RECORD_NOT_FOUND. */
export async function fillDocument(
  unit: Unit,
  document: DocumentDefinition,
  record: string,
  locale: Locale,
  read: ReadRecord,
): Promise<FilledDocument> {
  const compiled = compile(unit.served, document)
  const data = await gather(document.object, record, compiled.reads, unit.served, read)
  const titles = await titlesOf(unit, document.object, data)
  const timeZone = unit.served.workspace.timeZone
  const results = await withLookups(unit, (context) => ({
    values: new Map([...compiled.values].map(([name, rule]) => [name, evaluate(rule, data, context)])),
    shown: compiled.whens.map((rule) => rule === null || evaluate(rule, data, context) === true),
  }))
  const format = (value: Json, field: FieldDefinition) => formatValue(value, field, locale, titles, timeZone)
  const say = (name: string): string => {
    const rule = compiled.values.get(name)
    if (rule) return format(results.values.get(name) ?? null, fieldLike(rule.type))
    const found = findFieldByPath(name, document.object, unit.served.release)
    const value = valueAt(data, name)
    if ('field' in found) return format(value, found.field)
    return format(value, fieldLike({ t: name === 'id' ? 'str' : 'instant', nullable: true }))
  }
  const fill = (text: Text) =>
    text[locale].replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => say(name))
  const blocks = document.blocks.filter((_, at) => results.shown[at])
  const { size = 'A4', orientation = 'portrait', numbers = true, head, foot } = document.page ?? {}
  return {
    name: fill(document.name),
    locale,
    page: { size, orientation, numbers, head: head ? fill(head) : null, foot: foot ? fill(foot) : null },
    blocks: blocks.map((block) => fillBlock(block, { unit, document, data, locale, fill, say, format })),
  }
}

interface Filling {
  readonly unit: Unit
  readonly document: DocumentDefinition
  readonly data: JsonObject
  readonly locale: Locale
  fill(text: Text): string
  say(name: string): string
  format(value: Json, field: FieldDefinition): string
}

function fillBlock(block: DocumentBlock, filling: Filling): FilledBlock {
  const { fill, locale } = filling
  switch (block.type) {
    case 'heading':
      return { type: 'heading', text: fill(block.text), level: block.level ?? 2 }
    case 'text':
      return {
        type: 'text',
        text: fill(block.text),
        align: block.align ?? 'left',
        bold: block.bold ?? false,
        small: block.small ?? false,
      }
    case 'fields':
      return { type: 'fields', pairs: fillPairs(block, filling), columns: block.columns ?? 1 }
    case 'lines':
      return fillLines(block, filling)
    case 'signatures':
      return {
        type: 'signatures',
        parties: block.parties.map(fill),
        dateWord: locale === 'zh' ? '签字/盖章    日期:' : 'Signature    Date:',
      }
    default:
      return { type: block.type }
  }
}

function fillPairs(
  { fields, empty = false }: Extract<DocumentBlock, { type: 'fields' }>,
  { unit, document, locale, say }: Filling,
): (readonly [string, string])[] {
  return fields.flatMap((path) => {
    const found = findFieldByPath(path, document.object, unit.served.release)
    const value = say(path)
    return 'field' in found && (empty || value !== '') ? [[titleOf(found.field, locale), value] as const] : []
  })
}

function fillLines(
  { field, columns, totals = [] }: Extract<DocumentBlock, { type: 'lines' }>,
  { unit, document, data, locale, format }: Filling,
): FilledBlock {
  const lines = unit.served.release.objects.get(document.object)?.schema.properties[field] as
    | FieldDefinition
    | undefined
  const properties = (lines && linesOf(lines)?.properties) ?? {}
  const known = columns.flatMap((key) => {
    const column = properties[key] as FieldDefinition | undefined
    return column ? [{ key, column, isNumber: isNumeric(fieldTypeOf(column).ruleType(column)) }] : []
  })
  const given = data[field]
  const rows = Array.isArray(given) ? given.filter(isJsonObject) : []
  const sum = (key: string, column: FieldDefinition) => {
    const cells = rows.flatMap((row) => (row[key] === null || row[key] === undefined ? [] : String(row[key])))
    const total = formatDecimalTrimmed(sumDecimals(cells))
    return format(column['x-field'] === 'integer' ? Number(total) : total, column)
  }
  const word = locale === 'zh' ? '合计' : 'Total'
  return {
    type: 'lines',
    heads: known.map(({ column }) => titleOf(column, locale)),
    numeric: known.map(({ isNumber }) => isNumber),
    rows: rows.map((row) => known.map(({ key, column }) => format(row[key] ?? null, column))),
    totals:
      totals.length === 0
        ? null
        : known.map(({ key, column }, at) =>
            totals.includes(key) ? sum(key, column) : at === 0 ? word : '',
          ),
  }
}

interface Compiled {
  readonly values: ReadonlyMap<string, ReadyValue>
  /** By block. */
  readonly whens: readonly (ReadyValue | null)[]
  readonly reads: readonly string[]
}

interface ReadyValue {
  readonly run: CompiledRule
  readonly type: RuleType
}

function compile(served: ServedRelease, document: DocumentDefinition): Compiled {
  const address = `files/document/${document.key}`
  const kept = served.cache.get(address) as Compiled | undefined
  if (kept) return kept
  const { release } = served
  const scope = recordScope(release, document.object)
  const reads = new Set<string>()
  const ready = (rule: unknown): ReadyValue => {
    const checked = checkRule(rule as Json, scope)
    if (!checked.rule)
      throw new Error(`release ${served.number}: document ${document.key} holds an unsound rule`)
    for (const path of checked.reads) reads.add(path)
    return { run: compileRule(checked.rule), type: checked.rule.root.type }
  }
  const values = new Map(Object.entries(document.values ?? {}).map(([name, rule]) => [name, ready(rule)]))
  const whens = document.blocks.map((block) => (block.when === undefined ? null : ready(block.when)))
  for (const path of pathsOf(document)) {
    reads.add(path)
    const found = findFieldByPath(path, document.object, release)
    const target = 'field' in found && found.field['x-field'] === 'reference' ? found.field['x-object'] : null
    const display = typeof target === 'string' ? release.objects.get(target)?.display : undefined
    if (display !== undefined) reads.add(`${path}.${display}`)
  }
  const compiled = { values, whens, reads: [...reads] }
  served.cache.set(address, compiled)
  return compiled
}

/** Every field that a text, a table of fields, the name or the page speaks of. */
function pathsOf(document: DocumentDefinition): string[] {
  const texts = [document.name, document.page?.head, document.page?.foot].flatMap((text) => text ?? [])
  const named: string[] = []
  for (const block of document.blocks) {
    if ('text' in block) texts.push(block.text)
    if (block.type === 'signatures') texts.push(...block.parties)
    if (block.type === 'fields') named.push(...block.fields)
  }
  return [...named, ...texts.flatMap((text) => [...placeholdersIn(text.en), ...placeholdersIn(text.zh)])]
}

/** The record with what its references lead to, as far as it is spoken of. */
async function gather(
  object: string,
  id: string,
  reads: readonly string[],
  served: ServedRelease,
  read: ReadRecord,
): Promise<JsonObject> {
  const record: JsonObject = { ...(await read(object, id)) }
  const below = new Map<string, string[]>()
  for (const path of reads) {
    const [first = '', ...rest] = path.split('.')
    const field = served.release.objects.get(object)?.schema.properties[first]
    if (rest.length > 0 && field?.['x-field'] === 'reference')
      below.set(first, [...(below.get(first) ?? []), rest.join('.')])
  }
  for (const [key, paths] of below) {
    const target = record[key]
    const field = served.release.objects.get(object)?.schema.properties[key] as FieldDefinition
    if (typeof target !== 'string') continue
    // Somebody who may not see what a field leads to reads a preview without it.
    const found = await gather(String(field['x-object']), target, paths, served, read).catch(() => null)
    if (found) record[key] = found
  }
  return record
}

function valueAt(data: JsonObject, path: string): Json {
  return path
    .split('.')
    .reduce<Json>((value, part) => (isJsonObject(value) ? (value[part] ?? null) : null), data)
}

function evaluate({ run }: ReadyValue, data: JsonObject, context: JsonObject): Json {
  const result = run(data, context)
  // An empty field that it needs: nothing is said rather than something wrong.
  return result.ok ? result.value : null
}

/** Names of people and files that stand in the record or in what it leads to. */
async function titlesOf(unit: Unit, object: string, data: JsonObject): Promise<Record<string, string>> {
  const [people, files] = [new Set<string>(), new Set<string>()]
  const titles: Record<string, string> = {}
  const walk = (key: string, values: JsonObject) => {
    const definition = unit.served.release.objects.get(key)
    for (const [name, field] of Object.entries(definition?.schema.properties ?? {})) {
      const value = values[name]
      const type = field['x-field']
      if (type === 'user' && typeof value === 'string') people.add(value)
      if (isFileField(type) && Array.isArray(value)) for (const id of value) files.add(String(id))
      const target = (field as FieldDefinition)['x-object']
      if (!isJsonObject(value) || typeof target !== 'string') continue
      const display = unit.served.release.objects.get(target)?.display
      const title = display === undefined ? undefined : value[display]
      if (typeof title === 'string') titles[String(value.id)] = title
      walk(target, value)
    }
  }
  walk(object, data)
  for (const [id, name] of await namePeople(unit, people)) titles[id] = name
  for (const { id, name } of await seeFiles(unit, [...files])) titles[id] = name
  return titles
}

function formatValue(
  value: Json,
  field: FieldDefinition,
  locale: Locale,
  titles: Readonly<Record<string, string>>,
  timeZone: string,
): string {
  if (value === null || value === '') return ''
  // A reference that was followed.
  const plain = isJsonObject(value) && field['x-field'] === 'reference' ? (value.id ?? null) : value
  const text = fieldTypeOf(field).format(plain, field, locale, titles, timeZone)
  // The number of a record that may not be seen is no text for paper.
  const isName = ['reference', 'user'].includes(field['x-field'])
  return isName && text === plain ? '' : text
}

/** A field that is written as values of the type are. */
function fieldLike(type: RuleType): FieldDefinition {
  const names: Partial<Record<RuleType['t'], string>> = {
    bool: 'boolean',
    int: 'integer',
    dec: 'decimal',
    date: 'date',
    instant: 'datetime',
    period: 'period',
    user: 'user',
  }
  return {
    'x-field': names[type.t] ?? 'text',
    'x-id': 'f_value',
    title: '',
    'x-title': { zh: '' },
    ...(type.t === 'dec' ? { 'x-scale': type.scale } : {}),
  } as FieldDefinition
}
