import type { Json } from '@channelwright/runtime/json.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { Option } from 'commander'
import type { AddCommand } from './index.ts'
import { readAll, readJsonFile, readLines, writeLines } from './lines.ts'

const texts = {
  about: {
    en: 'turn a formula into JSON-logic, and JSON-logic into a formula',
    zh: '公式与 JSON-logic 互相转换',
  },
  rule: { en: 'the formula or the JSON; default: standard input', zh: '公式或 JSON;默认读标准输入' },
  locale: { en: 'language of the formula: en or zh', zh: '公式语言:en 或 zh' },
  schema: {
    en: 'a JSON Schema whose titles name the fields',
    zh: '以其标题命名字段的 JSON Schema 文件',
  },
  names: { en: 'how formulas name fields: titles or keys', zh: '公式中字段的写法:titles(标题)或 keys(键)' },
  to: { en: 'json or formula; default: what it is not yet', zh: 'json 或 formula;默认转换为另一种' },
  lines: { en: 'one rule a line', zh: '每行一条规则' },
} as const

interface FormatOptions {
  readonly locale: string
  readonly schema?: string
  readonly names: 'titles' | 'keys'
  readonly to?: 'json' | 'formula'
  readonly lines?: boolean
}

/**
 * `cw rule format [RULE]`: a formula as JSON-logic, JSON-logic as a formula. Exit code 1 where it cannot be read, with
 * line, column and reason on the error stream.
 */
export const addRuleFormat: AddCommand = (rule, locale) => {
  rule
    .command('format')
    .description(texts.about[locale])
    .argument('[rule]', texts.rule[locale])
    .option('--locale <locale>', texts.locale[locale], locale)
    .option('--schema <file>', texts.schema[locale])
    .addOption(
      new Option('--names <names>', texts.names[locale]).choices(['titles', 'keys']).default('titles'),
    )
    .addOption(new Option('--to <form>', texts.to[locale]).choices(['json', 'formula']))
    .option('--lines', texts.lines[locale])
    .action(async (given: string | undefined, options: FormatOptions) => {
      const format = await createFormatter(options)
      let sound = true
      const one = (text: string): string | null => {
        const { out, problem } = format(text)
        if (problem !== null) {
          sound = false
          console.error(problem)
        }
        return out
      }
      if (options.lines) {
        // A line that cannot be turned leaves an empty one, so that the n-th answers the n-th.
        for await (const lines of readLines(200)) await writeLines(lines.map((text) => one(text) ?? ''))
      } else {
        const out = one(given ?? (await readAll()))
        if (out !== null) await writeLines([out])
      }
      if (!sound) process.exitCode = 1
    })
}

type Formatted =
  | { readonly out: string; readonly problem: null }
  | { readonly out: null; readonly problem: string }

async function createFormatter(options: FormatOptions): Promise<(text: string) => Formatted> {
  const { formulaFields, readFormula, writeFormula, schemaTitles } = await import(
    '@channelwright/runtime/logic/formula/index.ts'
  )
  const { ruleTypeFromJsonSchema, scopeFromType } = await import(
    '@channelwright/runtime/logic/schema-type.ts'
  )
  const locale: Locale = options.locale === 'zh' ? 'zh' : 'en'
  const schema = options.schema === undefined ? null : ((await readJsonFile(options.schema)) as Json)
  const fields = schema
    ? formulaFields(scopeFromType(ruleTypeFromJsonSchema(schema)), schemaTitles(schema))
    : undefined
  const shared = fields ? { fields, locale } : { locale }
  return (text) => {
    const json = options.to === 'json' ? undefined : parseRule(text, options.to === 'formula')
    if (json instanceof SyntaxError) return { out: null, problem: json.message }
    if (json === undefined) {
      const read = readFormula(text.trimEnd(), shared)
      if (read.ok) return { out: JSON.stringify(read.rule), problem: null }
      const told = read.diagnostics.map(
        (one) => `${one.line}:${one.column} ${one.code}: ${one.message[locale]} ${one.hint[locale]}`,
      )
      return { out: null, problem: told.join('\n') }
    }
    const out = writeFormula(json, { ...shared, names: options.names })
    return out === null ? { out, problem: tooLarge[locale] } : { out, problem: null }
  }
}

const tooLarge = { en: 'The rule is too large.', zh: '规则过大。' }

/** JSON where it is JSON-logic: an operation, a list, or where a formula is asked for, anything. */
function parseRule(text: string, wanted: boolean): Json | undefined | SyntaxError {
  try {
    const json = JSON.parse(text) as Json
    return wanted || (typeof json === 'object' && json !== null) ? json : undefined
  } catch (error) {
    return wanted && error instanceof SyntaxError ? error : undefined
  }
}
