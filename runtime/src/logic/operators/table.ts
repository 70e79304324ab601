import type { Json } from '../../json.ts'
import { defineOperator } from '../operator.ts'
import { checkTable } from '../tables/check-table.ts'
import { detailOf, evaluateTable, type TableDetail } from '../tables/evaluate-table.ts'
import { tableSql } from '../tables/table-sql.ts'

/** A decision table; its grammar and what its cells take: `tables/cell.ts`. */
export const table = defineOperator({
  name: 'table',
  level: 'V',
  group: 'logic',
  title: { en: 'decision table', zh: '决策表' },
  describe: {
    en: 'What the row says whose conditions all hold: {"table": {"inputs", "outputs", "hit", "rows", "default"}}.',
    zh: '取条件全部成立的行所给的值:{"table": {"inputs", "outputs", "hit", "rows", "default"}}。',
  },
  args: [{ name: 'table', title: { en: 'table', zh: '表' }, kind: 'value' }],
  lazy: true,
  brief: true,
  skipped: { en: 'another row decides', zh: '由其他行决定' },
  parse: (call) =>
    checkTable(call.operands[0] ?? null, {
      operator: call.operator,
      raw: call.raw,
      path: call.path,
      at: call.pathOf(0),
      check: call.check,
      report: call.report,
    }),
  type: () => null,
  evaluate: evaluateTable,
  detail: (node, values) => detailOf(node, values) as unknown as Json,
  sql: tableSql,
  explain: ({ args, out, detail }) => {
    const nothing = { inputs: 0, rows: [], missed: [] }
    const { inputs, rows, missed } = (detail ?? nothing) as unknown as TableDetail
    const not = {
      en: missed.map((miss) => missText(miss, 'en')),
      zh: missed.map((miss) => missText(miss, 'zh')),
    }
    const given = args.slice(0, inputs).map((arg) => arg ?? '–')
    const which = {
      en: rows.length === 0 ? 'no row matches' : `row ${rows.join(', ')} matches`,
      zh: rows.length === 0 ? '没有命中的行' : `第 ${rows.join('、')} 行命中`,
    }
    return {
      en: `Decision table (${given.join(', ')}): ${which.en}, so ${out}${not.en.length > 0 ? `; ${not.en.join('; ')}` : ''}`,
      zh: `决策表(${given.join(';')}):${which.zh},得 ${out}${not.zh.length > 0 ? `;${not.zh.join(';')}` : ''}`,
    }
  },
})

function missText({ row, column, cell }: TableDetail['missed'][number], locale: 'en' | 'zh'): string {
  return locale === 'zh'
    ? `第 ${row} 行不符:${column.zh} ${cell}`
    : `row ${row} does not: ${column.en} ${cell}`
}
