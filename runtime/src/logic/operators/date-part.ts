import { defineOperator } from '../operator.ts'
import { type DatePart, datePartCall, dateParts } from './shared/date-part.ts'

const partIn = (settings: Readonly<Record<string, unknown>>) => settings.part as DatePart

export const datePart = defineOperator({
  name: 'date_part',
  level: 'V',
  group: 'date',
  title: { en: 'part of date', zh: '日期的部分' },
  describe: {
    en: 'Year, quarter, month, day, day of the week (Monday is 1) or of the year.',
    zh: '日期的年、季度、月、日、星期几(周一为 1)或年内第几天。',
  },
  args: [
    { name: 'date', title: { en: 'date', zh: '日期' }, kind: 'value' },
    { name: 'part', title: { en: 'part', zh: '部分' }, kind: 'word', words: dateParts },
  ],
  type: (call) => datePartCall.type(call, partIn(call.settings)),
  digits: () => 4,
  evaluate: (call) => datePartCall.evaluate(call, partIn(call.node.settings)),
  sql: (call) => datePartCall.sql(call, partIn(call.node.settings)),
  explain: { en: '{part} of {0} = {out}', zh: '{0} 的{part} = {out}' },
})
