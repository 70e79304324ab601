import { defineDirectedRounding } from './shared/round-to.ts'

export const ceil = defineDirectedRounding({
  name: 'ceil',
  title: { en: 'round up', zh: '向上取整' },
  describe: { en: 'The number rounded up to places (default 0).', zh: '按小数位数(默认 0)向上舍入。' },
  explain: { en: '{0} rounded up = {out}', zh: '{0} 向上取整 = {out}' },
})
