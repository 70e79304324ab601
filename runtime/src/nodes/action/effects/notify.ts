import Type from 'typebox'
import { RuleJson, TextSchema } from '../../../definition/shared.ts'
import { scopeOfFlow } from '../../../flow/field-rules.ts'
import type { Json } from '../../../json.ts'
import { checkRule } from '../../../logic/check.ts'
import { locales, type Text } from '../../../text.ts'
import { Recipients } from '../../recipients-settings.ts'
import { defineEffectType } from './effect-type.ts'

/** Tells people something, in the portal and by e-mail. Payload: `{people, title, text}`, filled in. */
export const notify = defineEffectType({
  name: 'notify',
  title: { en: 'Notify', zh: '发送通知' },
  icon: 'bell',
  settings: Type.Object(
    {
      to: Recipients,
      title: TextSchema,
      text: Type.Optional(TextSchema),
      /** What stands for `{name}` in title and text, as rules. */
      values: Type.Optional(Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]*$' }), RuleJson)),
    },
    { additionalProperties: false },
  ),
  check: ({ values = {} }, flow, set, pointer) =>
    Object.entries(values).flatMap(
      ([name, rule]) =>
        checkRule(rule as Json, scopeOfFlow(flow, set), { path: `${pointer}/values/${name}` }).diagnostics,
    ),
  tells: ({ to }) => ({ to, at: '/to' }),
  plan: ({ title, text, values = {} }, evaluate, { people }) => {
    const said = new Map(Object.entries(values).map(([name, rule]) => [name, evaluate(rule as Json)]))
    const fill = (given: Text | undefined) =>
      Object.fromEntries(
        locales.map((locale) => [
          locale,
          (given?.[locale] ?? '').replace(/\{(\w+)\}/g, (whole, name: string) =>
            said.has(name) ? String(said.get(name) ?? '') : whole,
          ),
        ]),
      )
    return { people: [...people], title: fill(title), text: fill(text) }
  },
  tellsOnly: true,
  irreversible: false,
  trace: (_data, locale) => (locale === 'zh' ? '已发送通知' : 'People were notified'),
})
