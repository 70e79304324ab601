import { defineEquality } from './shared/equality.ts'

export const equal = defineEquality('==', '===', {
  title: { en: 'equals', zh: '等于' },
  describe: { en: 'True when both values are equal; empty equals empty.', zh: '两值相等时为真;空等于空。' },
  explain: { en: '{0} = {1}: {out}', zh: '{0} = {1}:{out}' },
})
