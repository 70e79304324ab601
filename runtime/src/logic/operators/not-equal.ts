import { defineEquality } from './shared/equality.ts'

export const notEqual = defineEquality('!=', '!==', {
  title: { en: 'differs from', zh: '不等于' },
  describe: {
    en: 'True when the values differ; empty differs from every value.',
    zh: '两值不同时为真;空与任何值都不同。',
  },
  explain: { en: '{0} ≠ {1}: {out}', zh: '{0} ≠ {1}:{out}' },
})
