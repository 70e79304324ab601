import type { Json } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import type { AddCommand } from './index.ts'
import { readLines, writeLines } from './lines.ts'
import { tell } from './rule-check.ts'

const texts = {
  about: {
    en: 'take rules from elsewhere: rewritten where their meaning is plain, compared with json-logic-js on samples',
    zh: '导入外部规则:含义明确处改写,并以样例与 json-logic-js 对比',
  },
  locale: { en: 'language of the messages: en or zh', zh: '消息语言:en 或 zh' },
} as const

/**
 * `cw rule import`: lines of `{"rule": …, "schema": …, "samples": […]?}` (or with `data`, which is then schema and
 * sample) on standard input; one line each: `{"verdict", "rule", "rewrites", "refusals", "samples", "differences"}`.
 * Exit code 0 when none is refused, 1 otherwise.
 */
export const addRuleImport: AddCommand = (rule, locale) => {
  rule
    .command('import')
    .description(texts.about[locale])
    .option('--locale <locale>', texts.locale[locale], locale)
    .action(async (options: { locale: string }) => {
      const { importRule } = await import('@channelwright/runtime/logic/import/index.ts')
      const { isProblem, LineReader } = await import('@channelwright/runtime/logic/read-line.ts')
      const said: Locale = options.locale === 'zh' ? 'zh' : 'en'
      const reader = new LineReader()
      let taken = true
      const answer = (text: string): string => {
        const line = reader.read(text)
        if (isProblem(line)) {
          taken = false
          return JSON.stringify({ verdict: 'refused', refusals: [tell(line, said)] })
        }
        const { samples } = line.fields
        const given: readonly Json[] | null = Array.isArray(samples)
          ? samples
          : line.fields.data === undefined
            ? null
            : [line.data]
        const found = importRule(line.rule, line.scope, given)
        taken &&= found.verdict !== 'refused'
        return JSON.stringify({
          verdict: found.verdict,
          rule: found.rule,
          rewrites: found.rewrites.map(({ why, ...rewrite }) => ({ ...rewrite, why: why[said] })),
          refusals: found.refusals.map((one) => tell(one, said)),
          samples: found.samples.length,
          differences: found.differences,
          ...(found.unknownThere === null ? {} : { unknownThere: found.unknownThere }),
        })
      }
      for await (const lines of readLines(50)) await writeLines(lines.map(answer))
      if (!taken) process.exitCode = 1
    })
}
