import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { suggest } from '../../../fields/suggest.ts'
import { checkFieldRules, findFieldByPath, findMissingFields } from '../../../flow/field-rules.ts'
import { defineEffectType, planValues } from './effect-type.ts'

/**
 * Creates a record of any object; `{"var":"id"}` in a rule is the flow's record. `into` keeps the new one in a reference
 * of the flow's record. Payload: `{object, values, into}`.
 */
export const createRecord = defineEffectType({
  name: 'create_record',
  reckonedLate: true,
  title: { en: 'Create a record', zh: '创建记录' },
  icon: 'file-plus',
  settings: Type.Object(
    { object: Key, values: Type.Record(Key, RuleJson), into: Type.Optional(Key) },
    { additionalProperties: false },
  ),
  check: (settings, flow, set, pointer) => {
    if (!set.objects.has(settings.object)) {
      if (set.incomplete?.has(`object:${settings.object}`)) return []
      const values = { object: settings.object, ...suggest(settings.object, set.objects.keys()) }
      return [diagnose(errors.flowObjectUnknown, `${pointer}/object`, values)]
    }
    const missing = findMissingFields(settings.object, settings.values, set)
    const end = settings.into === undefined ? null : findFieldByPath(settings.into, flow.object, set)
    const fits =
      end === null ||
      ('field' in end && end.field['x-field'] === 'reference' && end.field['x-object'] === settings.object)
    const part = end !== null && 'part' in end ? end.part : settings.into
    return [
      ...(fits
        ? []
        : [
            diagnose(errors.flowNotAReference, `${pointer}/into`, {
              path: settings.into ?? '',
              part: part ?? '',
            }),
          ]),
      ...missing.map((field) =>
        diagnose(errors.flowFieldRequired, `${pointer}/values`, { object: settings.object, field }),
      ),
      ...checkFieldRules(settings.values, settings.object, flow, set, `${pointer}/values`),
    ]
  },
  plan: (settings, evaluate) => ({
    object: settings.object,
    values: planValues(settings.values, evaluate),
    ...(settings.into === undefined ? {} : { into: settings.into }),
  }),
  undo: ({ object = null, into = null }, _before, { id = null }) => [
    { type: 'delete_record', payload: { object, id, into } },
  ],
  trace: (_data, locale) => (locale === 'zh' ? '已创建记录' : 'A record was created'),
})
