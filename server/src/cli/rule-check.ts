import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { Option } from 'commander'
import type { AddCommand } from './index.ts'
import { readLines, writeLines } from './lines.ts'

const levels = ['C', 'V', 'L', 'F'] as const

const texts = {
  about: {
    en: 'check rules from standard input, one JSON object a line: types, what they read, what is most likely not meant',
    zh: '从标准输入逐行检查规则:类型、读取的字段,以及可能有误之处',
  },
  level: {
    en: 'where they must run: C conditions, V values, L lists in SQL, F anywhere but SQL',
    zh: '须能在何处执行:C 条件、V 取值、L 列表(均可用 SQL),F 不含 SQL',
  },
  locale: { en: 'language of the messages: en or zh', zh: '消息语言:en 或 zh' },
} as const

/**
 * `cw rule check`: lines of `{"rule": …, "schema": …}` (or with `data`, whose shape is the schema) on standard input;
 * one line each: `{"ok", "type", "reads", "diagnostics"}`. Exit code 0 when all are sound, 1 otherwise.
 */
export const addRuleCheck: AddCommand = (rule, locale) => {
  rule
    .command('check')
    .description(texts.about[locale])
    .addOption(new Option('--level <level>', texts.level[locale]).choices(levels).default('F'))
    .option('--locale <locale>', texts.locale[locale], locale)
    .action(async (options: { level: (typeof levels)[number]; locale: string }) => {
      const { isProblem, LineReader } = await import('@channelwright/runtime/logic/read-line.ts')
      const { analyseRule } = await import('@channelwright/runtime/logic/analysis/analyse-rule.ts')
      const { describeType } = await import('@channelwright/runtime/logic/rule-type.ts')
      const said: Locale = options.locale === 'zh' ? 'zh' : 'en'
      const reader = new LineReader(options.level)
      let sound = true
      const answer = (text: string): string => {
        const line = reader.read(text)
        if (isProblem(line)) {
          sound = false
          return JSON.stringify({ ok: false, type: null, reads: [], diagnostics: [tell(line, said)] })
        }
        const { rule: typed, type, reads, diagnostics } = line.checked
        const found = typed ? [...diagnostics, ...analyseRule(typed)] : diagnostics
        sound &&= typed !== null
        return JSON.stringify({
          ok: typed !== null,
          type: type && describeType(type)[said],
          reads,
          diagnostics: found.map((one) => tell(one, said)),
        })
      }
      for await (const lines of readLines(200)) await writeLines(lines.map(answer))
      if (!sound) process.exitCode = 1
    })
}

/** A diagnostic in one language, with its edit. */
export function tell({ code, severity, path, message, hint, fix }: Diagnostic, locale: Locale): object {
  return {
    code,
    severity,
    path,
    message: message[locale],
    hint: hint[locale],
    ...(fix ? { fix: { title: fix.title[locale], path: fix.path, value: fix.value } } : {}),
  }
}
