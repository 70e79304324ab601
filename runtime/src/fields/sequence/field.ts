import Type from 'typebox'
import { sequencePatternBad } from '../../errors/definitions.ts'
import { diagnose } from '../../errors/diagnose.ts'
import { defineFieldType } from '../field-type.ts'
import { asText, commonSettings, wordsOf } from '../shared.ts'
import { isSequencePattern } from './pattern.ts'

export const sequence = defineFieldType({
  name: 'sequence',
  title: { en: 'Sequence number', zh: '流水号' },
  icon: 'hash',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('string'),
    'x-pattern': Type.String({
      minLength: 3,
      maxLength: 60,
      description:
        'Text with {yyyy} {yy} {mm} {dd} and one counter {00000}: DR-{yyyy}-{00000}. Counts anew when the date part changes.',
    }),
  }),
  base: { type: 'string', readOnly: true, 'x-pattern': 'N-{00000}' },
  generated: true,
  check: (field) =>
    isSequencePattern(String(field['x-pattern']))
      ? []
      : [diagnose(sequencePatternBad, '/x-pattern', { pattern: String(field['x-pattern']) })],
  validation: () => ({ type: 'string', format: 'line', maxLength: 80 }),
  column: () => ({ sql: 'text', collation: 'C' }),
  toColumn: (value) => value,
  fromColumn: (value) => (typeof value === 'string' ? value : null),
  ruleType: () => ({ t: 'str', nullable: false }),
  filters: ['==', 'startsWith', 'contains', 'in'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'string', readOnly: true, ...wordsOf(field, locale) },
    uiSchema: { 'ui:readonly': true },
  }),
  format: (value) => asText(value),
})
