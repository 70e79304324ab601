import Type from 'typebox'
import { recordScope } from '../../../definition/scopes.ts'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { suggest } from '../../../fields/suggest.ts'
import { findFieldByPath } from '../../../flow/field-rules.ts'
import type { Json, JsonObject } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { defineEffectType, putBack } from './effect-type.ts'

/** Field types by which one record is older than another. */
const orders = ['date', 'datetime', 'integer', 'sequence']

/**
 * Finds the record for which a rule over it holds, the oldest or the newest of several, and keeps it in a reference
 * of the flow's record; none found empties the field. `{"var": "$record.partner"}` reads the flow's record. Payload:
 * `{object, where, take, by, into}`.
 */
export const findRecords = defineEffectType({
  name: 'find_records',
  title: { en: 'Find a record', zh: '查找记录' },
  icon: 'search',
  settings: Type.Object(
    {
      object: Key,
      where: RuleJson,
      take: Type.Optional(Type.Enum(['oldest', 'newest'])),
      /** The field that says which is older: a date, a time or a whole number. Default: when the record was made. */
      by: Type.Optional(Key),
      into: Key,
    },
    { additionalProperties: false },
  ),
  check: ({ object, where, by, into }, flow, set, pointer) => {
    if (!set.objects.has(object)) {
      if (set.incomplete?.has(`object:${object}`)) return []
      const values = { object, ...suggest(object, set.objects.keys()) }
      return [diagnose(errors.flowObjectUnknown, `${pointer}/object`, values)]
    }
    const scope = recordScope(set, object, {
      extra: { $record: { t: 'ref', nullable: false, object: flow.object } },
    })
    const found = checkRule(where as Json, scope, {
      expect: { t: 'bool', nullable: false },
      level: 'L',
      path: `${pointer}/where`,
    }).diagnostics
    const fields = set.objects.get(object)?.schema.properties ?? {}
    const dated = Object.keys(fields).filter((key) => orders.includes(String(fields[key]?.['x-field'])))
    if (by !== undefined && !dated.includes(by)) {
      const values = { object, field: by, ...suggest(by, dated) }
      found.push(diagnose(errors.flowFieldUnknown, `${pointer}/by`, values))
    }
    const end = findFieldByPath(into, flow.object, set)
    if ('field' in end && end.field['x-field'] === 'reference' && end.field['x-object'] === object)
      return found
    const values = { path: into, part: 'field' in end ? into : end.part }
    return [...found, diagnose(errors.flowNotAReference, `${pointer}/into`, values)]
  },
  plan: ({ object, where, take = 'oldest', by, into }) => ({
    object,
    where: where as Json,
    take,
    ...(by === undefined ? {} : { by }),
    into,
    limit: 1,
  }),
  undo: ({ into }, _before, { before = null, ids = null, rev = null }) => {
    if (typeof into !== 'string') return []
    const wrote: JsonObject = Array.isArray(ids) ? { after: { [into]: ids[0] ?? null }, rev } : {}
    return [putBack([into], { [into]: before }, wrote)]
  },
  trace: ({ result }, locale) => {
    const ids = typeof result === 'object' && result !== null && 'ids' in result ? result.ids : []
    const found = Array.isArray(ids) && ids.length > 0
    if (locale === 'zh') return found ? '已找到记录' : '未找到记录'
    return found ? 'A record was found' : 'No record was found'
  },
})
