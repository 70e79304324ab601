import Type from 'typebox'
import { Key, RuleJson } from '../../../definition/shared.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import * as errors from '../../../errors/flow-checks.ts'
import { suggest } from '../../../fields/suggest.ts'
import { checkFieldRules } from '../../../flow/field-rules.ts'
import { defineEffectType, planValues } from './effect-type.ts'

/** Creates a record of any object; `{"var":"id"}` in a rule is the flow's record. Payload: `{object, values}`. */
export const createRecord = defineEffectType({
  name: 'create_record',
  title: { en: 'Create a record', zh: '创建记录' },
  icon: 'file-plus',
  settings: Type.Object({ object: Key, values: Type.Record(Key, RuleJson) }, { additionalProperties: false }),
  check: (settings, flow, set, pointer) => {
    const object = set.objects.get(settings.object)
    if (object === undefined) {
      const values = { object: settings.object, ...suggest(settings.object, set.objects.keys()) }
      return [diagnose(errors.flowObjectUnknown, `${pointer}/object`, values)]
    }
    const missing = (object.schema.required ?? []).filter((field) => {
      const schema = object.schema.properties[field] as Record<string, unknown> | undefined
      const given = field in settings.values || field in (object.computed ?? {})
      return (
        !given &&
        schema?.default === undefined &&
        schema?.readOnly !== true &&
        object.lifecycle?.field !== field
      )
    })
    return [
      ...missing.map((field) =>
        diagnose(errors.flowFieldRequired, `${pointer}/values`, { object: settings.object, field }),
      ),
      ...checkFieldRules(settings.values, settings.object, flow, set, `${pointer}/values`),
    ]
  },
  plan: (settings, evaluate) => ({ object: settings.object, values: planValues(settings.values, evaluate) }),
  undo: ({ object = null }, _before, { id = null }) => [{ type: 'delete_record', payload: { object, id } }],
  trace: (_data, locale) => (locale === 'zh' ? '已创建记录' : 'A record was created'),
})
