import type { Locale } from '@channelwright/runtime/text.ts'
import { Option } from 'commander'
import type { AddCommand } from './index.ts'
import { readLines, writeLines } from './lines.ts'

const engines = ['js', 'sql', 'json-logic-js'] as const
type Engine = (typeof engines)[number]

const texts = {
  about: {
    en: 'evaluate rules from standard input, one JSON object a line',
    zh: '从标准输入逐行求值规则,每行一个 JSON 对象',
  },
  engine: {
    en: 'what computes: js, sql (Postgres) or json-logic-js',
    zh: '求值方式:js、sql(Postgres)或 json-logic-js',
  },
  trace: { en: 'add the steps, as data and as sentences', zh: '附上计算过程(数据与文字)' },
  locale: { en: 'language of the messages: en or zh', zh: '消息语言:en 或 zh' },
} as const

/** Lines that are answered together; by Postgres, in one statement where they ask the same. */
const window = { js: 200, sql: 1_000, 'json-logic-js': 200 } as const

/**
 * `cw rule eval`: lines of `{"rule": …, "data": …, "schema": …?}` on standard input, one line each on standard output:
 * `{"result": …}` or `{"error": {"code", "path", "message"}}`. Without a schema, the data's own shape is the schema.
 * A rule that fails is an answer, not a failure of the command: the exit code stays 0.
 */
export const addRuleEval: AddCommand = (rule, locale) => {
  rule
    .command('eval')
    .description(texts.about[locale])
    .addOption(new Option('--engine <engine>', texts.engine[locale]).choices(engines).default('js'))
    .option('--trace', texts.trace[locale])
    .option('--locale <locale>', texts.locale[locale], locale)
    .action(async (options: { engine: Engine; trace?: boolean; locale: string }) => {
      const said: Locale = options.locale === 'zh' ? 'zh' : 'en'
      if (options.engine === 'sql') {
        const { withSqlEvaluator } = await import('./rule-sql-session.ts')
        await withSqlEvaluator(said, options.trace ?? false, async (answer) => {
          for await (const lines of readLines(window.sql)) await writeLines(await answer(lines))
        })
        return
      }
      const { lineEvaluator } = await import('@channelwright/runtime/logic/eval-line.ts')
      const answer = lineEvaluator({ engine: options.engine, trace: options.trace ?? false, locale: said })
      for await (const lines of readLines(window[options.engine])) await writeLines(lines.map(answer))
    })
}
