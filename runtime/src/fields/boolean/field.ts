import Type from 'typebox'
import { defineFieldType } from '../field-type.ts'
import { commonSettings, wordsOf } from '../shared.ts'

export const boolean = defineFieldType({
  name: 'boolean',
  title: { en: 'Yes or no', zh: '是否' },
  icon: 'toggle-left',
  settings: Type.Object({
    ...commonSettings,
    type: Type.Literal('boolean'),
    default: Type.Optional(Type.Boolean()),
  }),
  base: { type: 'boolean', default: false },
  validation: () => ({ type: 'boolean' }),
  column: () => ({ sql: 'boolean' }),
  toColumn: (value) => value,
  fromColumn: (value) => (typeof value === 'boolean' ? value : null),
  ruleType: () => ({ t: 'bool', nullable: false }),
  filters: ['==', 'exists', 'empty'],
  sortable: true,
  face: (field, locale) => ({
    schema: { type: 'boolean', ...wordsOf(field, locale) },
    uiSchema: { 'ui:widget': 'boolean' },
  }),
  format: (value, _field, locale) =>
    typeof value !== 'boolean' ? '' : locale === 'zh' ? (value ? '是' : '否') : value ? 'Yes' : 'No',
})
