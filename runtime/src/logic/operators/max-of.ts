import { defineExtremeOf } from './shared/extreme-of.ts'

export const maxOf = defineExtremeOf('max_of', {
  title: { en: 'greatest of list', zh: '列表最大值' },
  describe: {
    en: 'The greatest number, date or moment over a list; also written {"max": [list, "name", value]}. Empty when the list is.',
    zh: '列表中最大的数字、日期或时刻;也可写作 {"max": [列表, "名称", 取值]}。列表为空时为空。',
  },
  explain: { en: 'greatest of {n} entries = {out}', zh: '{n} 条中的最大值 = {out}' },
})
