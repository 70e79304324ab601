import { defineQuantifier } from './shared/quantifier.ts'

export const any = defineQuantifier({
  name: 'any',
  aliases: ['some'],
  title: { en: 'any entry', zh: '任一条目' },
  describe: {
    en: 'True when at least one entry meets the condition: {"any": [lines, "line", {">": [line.qty, 1]}]}.',
    zh: '至少一个条目满足条件时为真:{"any": [明细, "line", {">": [line.qty, 1]}]}。',
  },
  on: true,
  decided: true,
  otherwise: () => false,
  aggregate: 'COALESCE(bool_or(s.x), FALSE)',
  exists: (from, test) => `EXISTS (SELECT 1 ${from(test)})`,
  explain: { en: 'at least one of {n} entries: {out}', zh: '{n} 条中至少一条满足:{out}' },
})
