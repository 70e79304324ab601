import Type from 'typebox'
import { Key } from '../../../definition/shared.ts'
import { sequencePatternBad } from '../../../errors/definitions.ts'
import { diagnose } from '../../../errors/diagnose.ts'
import { isSequencePattern } from '../../../fields/sequence/pattern.ts'
import { checkFieldRules } from '../../../flow/field-rules.ts'
import { defineEffectType } from './effect-type.ts'

/**
 * Takes the next number of a series and writes it into a text field of the flow's record: a number that only cases
 * which come so far shall have, without gaps. Payload: `{into, pattern}`.
 */
export const sequenceNumber = defineEffectType({
  name: 'sequence_number',
  title: { en: 'Give a number', zh: '生成编号' },
  icon: 'hash',
  settings: Type.Object(
    {
      into: Key,
      /** Text with {yyyy} {yy} {mm} {dd} and one counter {00000}; counts anew when the date part changes. */
      pattern: Type.String({ minLength: 3, maxLength: 60 }),
    },
    { additionalProperties: false },
  ),
  check: ({ into, pattern }, flow, set, pointer) => [
    ...(isSequencePattern(pattern) ? [] : [diagnose(sequencePatternBad, `${pointer}/pattern`, { pattern })]),
    ...checkFieldRules({ [into]: 'X-1' }, flow.object, flow, set, pointer),
  ],
  plan: ({ into, pattern }) => ({ into, pattern }),
  trace: ({ result }, locale) => {
    const number = typeof result === 'object' && result !== null && 'number' in result ? result.number : ''
    return locale === 'zh' ? `已生成编号 ${number}` : `It was given the number ${number}`
  },
})
