import { defineDirectedRounding } from './shared/round-to.ts'

export const floor = defineDirectedRounding({
  name: 'floor',
  title: { en: 'round down', zh: '向下取整' },
  describe: { en: 'The number rounded down to places (default 0).', zh: '按小数位数(默认 0)向下舍入。' },
  explain: { en: '{0} rounded down = {out}', zh: '{0} 向下取整 = {out}' },
})
