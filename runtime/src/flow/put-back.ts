import type { DefinitionSet } from '../definition/definition-set.ts'
import type { FlowDefinition } from '../definition/flow.ts'
import type { FieldDefinition } from '../definition/object.ts'
import { findFieldType } from '../fields/index.ts'
import { isJsonObject, type Json, type JsonObject } from '../json.ts'
import { checkRule } from '../logic/check.ts'
import { addDecimals, formatDecimal, subtractDecimals } from '../logic/decimal.ts'
import { findNodeType } from '../nodes/index.ts'
import { scopeOfFlow } from './field-rules.ts'

/** What is done with fields that are to be put back. */
export interface PuttingBack {
  /** What is written. */
  readonly values: JsonObject
  /** Fields that somebody wrote after the step did: they stay. */
  readonly kept: readonly KeptField[]
}

export interface KeptField {
  readonly field: string
  /** What the step wrote. */
  readonly wrote: Json
  readonly now: Json
}

/**
 * What taking a step back writes into the record as it stands (`now`). A field that says what the step wrote says again
 * what it said before. Where somebody wrote after the step, a number that the step reckoned from the field itself
 * (`sums`) loses what the step added and keeps the rest; anything else is not the step's any more and stays, as it does
 * where the case has written the same anew (`anew`).
 */
export function planPuttingBack(
  payload: JsonObject,
  now: JsonObject,
  sums: ReadonlySet<string>,
): PuttingBack {
  const values: JsonObject = {}
  const kept: KeptField[] = []
  for (const [field, back] of Object.entries(isJsonObject(payload.fields) ? payload.fields : {})) {
    if (!isJsonObject(back)) continue
    const { before = null, after, first = before, anew = false } = back
    const stands = now[field] ?? null
    // What was written under an earlier version of the server is not known.
    if (after === undefined) values[field] = before
    else if (isSame(before, after) && (sums.has(field) || isSame(first, after))) continue
    else if (isSame(stands, after) && sums.has(field)) values[field] = before
    else if (isSame(stands, after) && anew !== true) values[field] = first
    else if (sums.has(field)) values[field] = withoutAddition(stands, before, after)
    else if (isSame(stands, before) && !isSame(before, after)) continue
    else kept.push({ field, wrote: after, now: stands })
  }
  return { values, kept }
}

/** `stands - (after - before)`; an empty field counts as nothing. */
function withoutAddition(stands: Json, before: Json, after: Json): Json {
  const [now, was, wrote] = [stands, before, after].map((value) =>
    typeof value === 'string' || typeof value === 'number' ? value : 0,
  ) as [string | number, string | number, string | number]
  const left = formatDecimal(addDecimals(subtractDecimals(now, wrote), was))
  return [stands, after, before].some((value) => typeof value === 'string') ? left : Number(left)
}

/** The fields that a step writes as numbers reckoned from what they said: `amount = amount + 1`. */
export function sumsOf(flow: FlowDefinition, set: DefinitionSet, id: string): ReadonlySet<string> {
  const said = flow.nodes.find((one) => one['x-id'] === id)
  const type = said && findNodeType(said.type)
  if (said === undefined || type?.reckons === undefined) return new Set()
  const node = said as unknown as JsonObject
  const settings = isJsonObject(node.with ?? null) ? (node.with as JsonObject) : {}
  const object = set.objects.get(typeof settings.object === 'string' ? settings.object : flow.object)
  const own = scopeOfFlow(flow, set)
  const heard = Object.entries(type.hears?.(said).types ?? {})
  const scope = { ...own, root: new Map([...own.root, ...heard]) }
  const found = type.reckons(said).filter(({ field, rule, self }) => {
    const definition = object?.schema.properties[field] as FieldDefinition | undefined
    const isNumber = findFieldType(definition?.['x-field'] ?? '')?.measures?.includes('sum') === true
    return isNumber && self !== null && checkRule(rule, scope).reads.includes(self)
  })
  return new Set(found.map(({ field }) => field))
}

/** What takes a step back. */
export interface Asked {
  readonly type: string
  readonly payload: JsonObject
}

/**
 * Steps that wrote one field one after the other and are taken back together are one write: the last of them goes back
 * to what the first of them found, in whichever order they are applied. `earlier`: fields of steps that were taken back
 * before and could not be put back, because they were written over: nothing goes back to what such a step wrote.
 */
export function foldPuttingBack(asked: readonly Asked[], earlier: readonly Asked[]): readonly Asked[] {
  const all = asked.map(({ type, payload }) => ({ type, payload: { ...payload } }))
  const steps = all.filter(({ type }) => type === 'put_back')
  for (const step of steps) step.payload.fields = { ...(step.payload.fields as JsonObject) }
  const inOrder = [...steps].sort((a, b) => Number(a.payload.rev) - Number(b.payload.rev))
  for (const [at, step] of inOrder.entries()) {
    const fields = step.payload.fields as JsonObject
    for (const [field, back] of Object.entries(fields)) {
      if (!isJsonObject(back)) continue
      // Written over by a later one, which takes its place; the last of a row is met last.
      const over = inOrder.slice(at + 1).find((one) => follows(one, step, field))
      const target = over && ((over.payload.fields as JsonObject)[field] as JsonObject)
      if (over === undefined || target === undefined) continue
      const joined = { ...target, before: back.before ?? null }
      over.payload.fields = { ...(over.payload.fields as JsonObject), [field]: joined }
      delete fields[field]
    }
  }
  for (const step of steps)
    for (const [field, back] of Object.entries(step.payload.fields as JsonObject)) {
      const first = isJsonObject(back) ? firstBefore(step, field, back, earlier) : undefined
      if (first !== undefined)
        step.payload.fields = {
          ...(step.payload.fields as JsonObject),
          [field]: { ...(back as JsonObject), first },
        }
    }
  return all
}

/** Says which fields the case has written the same anew since: `later` takes back what it did then and still stands. */
export function markAnew(asked: Asked, later: readonly Asked[]): Asked {
  if (asked.type !== 'put_back') return asked
  const { rev = null, fields } = asked.payload
  const since = later.filter(({ type, payload }) => {
    const isSince = typeof rev === 'number' && typeof payload.rev === 'number' && payload.rev >= rev
    return type === 'put_back' && isSince && isOneRecord(payload, asked.payload)
  })
  const marked = Object.entries(fields as JsonObject).map(([field, back]) => {
    const isAnew = since.some(({ payload }) => {
      const wrote = (payload.fields as JsonObject)[field] ?? null
      return isJsonObject(wrote) && isJsonObject(back) && isSame(wrote.after ?? null, back.after ?? null)
    })
    return [field, isAnew ? { ...(back as JsonObject), anew: true } : back]
  })
  return { ...asked, payload: { ...asked.payload, fields: Object.fromEntries(marked) as JsonObject } }
}

/** What stood before a row of writes that were taken back already, all but the last of which is left. */
function firstBefore(
  step: Asked,
  field: string,
  back: JsonObject,
  earlier: readonly Asked[],
): Json | undefined {
  let first: Json | undefined
  let last = { ...step, payload: { ...step.payload, fields: { [field]: back } } } as Asked
  for (let left = earlier.length; left > 0; left--) {
    const from = earlier.find((one) => one.type === 'put_back' && follows(last, one, field))
    const found = from && (from.payload.fields as JsonObject)[field]
    if (from === undefined || !isJsonObject(found ?? null)) break
    first = (found as JsonObject).before ?? null
    last = from
  }
  return first
}

/** Whether `late` wrote over what `step` had written there. */
function follows(late: Asked, step: Asked, field: string): boolean {
  const [a, b] = [late.payload, step.payload]
  const [over, under] = [(a.fields as JsonObject)[field], (b.fields as JsonObject)[field]]
  if (!isJsonObject(over ?? null) || !isJsonObject(under ?? null)) return false
  const { before = null } = over as JsonObject
  const { after } = under as JsonObject
  // What wrote the same again left the record at its version.
  const isAgain = a.rev === b.rev && isNoChange(over as JsonObject) && !isNoChange(under as JsonObject)
  const isLater = typeof a.rev === 'number' && typeof b.rev === 'number' && (a.rev > b.rev || isAgain)
  return isOneRecord(a, b) && isLater && after !== undefined && isSame(before, after)
}

function isNoChange({ before = null, after = null }: JsonObject): boolean {
  return isSame(before, after)
}

function isOneRecord(a: JsonObject, b: JsonObject): boolean {
  return isSame(a.object ?? null, b.object ?? null) && isSame(a.record ?? null, b.record ?? null)
}

function isSame(a: Json, b: Json): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
