import { createInterface } from 'node:readline'
import type { Locale } from '@channelwright/runtime/text.ts'
import { type Command, Option } from 'commander'

/**
 * `cw rule eval`: lines of `{"rule": …, "data": …, "schema": …?}` on standard input, one line each on standard output:
 * `{"result": …}` or `{"error": {"code", "path", "message"}}`. Without a schema, the data's own shape is the schema.
 * A rule that fails is an answer, not a failure of the command: the exit code stays 0.
 */
export function addRuleEval(rule: Command, locale: Locale): void {
  rule
    .command('eval')
    .description(description[locale])
    .addOption(
      new Option('--engine <engine>', 'js or json-logic-js').choices(['js', 'json-logic-js']).default('js'),
    )
    .option('--trace', 'add the steps, as data and as sentences')
    .option('--locale <locale>', 'language of the messages: en or zh', locale)
    .action(async (options: { engine: 'js' | 'json-logic-js'; trace?: boolean; locale: string }) => {
      const { evalLine } = await import('@channelwright/runtime/logic/eval-line.ts')
      const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })
      for await (const line of lines) {
        if (line.trim() === '') continue
        const result = evalLine(line, {
          engine: options.engine,
          trace: options.trace ?? false,
          locale: options.locale === 'zh' ? 'zh' : 'en',
        })
        // Waits while the reader is slower: a million lines must not pile up in memory.
        if (!process.stdout.write(`${result}\n`))
          await new Promise((ready) => process.stdout.once('drain', ready))
      }
    })
}

const description = {
  en: 'evaluate rules from standard input, one JSON object a line',
  zh: '从标准输入逐行求值规则,每行一个 JSON 对象',
}
