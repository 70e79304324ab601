import { defineExtremeOf } from './shared/extreme-of.ts'

export const minOf = defineExtremeOf('min_of', {
  title: { en: 'least of list', zh: '列表最小值' },
  describe: {
    en: 'The least number, date or moment over a list; also written {"min": [list, "name", value]}. Empty when the list is.',
    zh: '列表中最小的数字、日期或时刻;也可写作 {"min": [列表, "名称", 取值]}。列表为空时为空。',
  },
  explain: { en: 'least of {n} entries = {out}', zh: '{n} 条中的最小值 = {out}' },
})
