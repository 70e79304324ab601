import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { functionNames } from '@channelwright/runtime/logic/formula/index.ts'
import { infixOf } from '@channelwright/runtime/logic/formula/spelling.ts'
import { describeUsage, type Operator, type OperatorGroup } from '@channelwright/runtime/logic/operator.ts'
import { operators } from '@channelwright/runtime/logic/operators/index.ts'

export const rulesPage = fileURLToPath(new URL('../../docs/guide/rules.md', import.meta.url))
const [begin, end] = ['<!-- operators: begin -->', '<!-- operators: end -->']

const groups: Readonly<Record<OperatorGroup, string>> = {
  logic: 'Conditions and choices 逻辑',
  compare: 'Comparisons 比较',
  number: 'Numbers 数字',
  text: 'Texts 文本',
  date: 'Dates 日期',
  value: 'Values 取值',
  list: 'Lists 列表',
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
const code = (text: string) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

/** How a formula writes the operator over its operands' names. */
function spelling(operator: Operator, locale: 'en' | 'zh'): string {
  if (operator.name === 'var') return locale === 'en' ? '[field]' : '[字段]'
  const infix = infixOf(operator.name, locale)
  if (infix) return `a ${infix.text} b`
  const name = functionNames(locale).find((one) => one.operator === operator)?.name
  const usage = describeUsage(operator)[locale]
  return name === undefined ? `'${operator.name}'(…)` : `${name}${usage.slice(usage.indexOf('('))}`
}

/** Every operator by group: title, JSON name, formula, where it runs, what it says. */
export function buildOperatorReference(): string {
  const lines = [begin]
  for (const [group, title] of Object.entries(groups)) {
    const members = operators.filter((operator) => operator.group === group)
    if (members.length === 0) continue
    lines.push(
      '',
      `### ${title}`,
      '',
      '| operator 运算 | JSON | formula 公式 | level | |',
      '|---|---|---|---|---|',
    )
    for (const operator of members) {
      const names = [operator.name, ...(operator.aliases ?? [])].map(code).join(' ')
      const formulas = [...new Set([spelling(operator, 'en'), spelling(operator, 'zh')])]
        .map(code)
        .join('<br>')
      lines.push(
        `| ${cell(`${operator.title.en} ${operator.title.zh}`)} | ${cell(names)} | ${cell(formulas)} | ${operator.level} | ${cell(operator.describe.en)} ${cell(operator.describe.zh)} |`,
      )
    }
  }
  return [...lines, '', end].join('\n')
}

/** The page with today's reference between its marks. */
export function buildRulesPage(): string {
  const page = readFileSync(rulesPage, 'utf8')
  return `${page.slice(0, page.indexOf(begin))}${buildOperatorReference()}${page.slice(page.indexOf(end) + end.length)}`
}

/** Formulas and JSON that the page shows side by side: `formula` ⇄ `json`. */
export function pairsOfPage(page: string): { formula: string; json: string }[] {
  return [...page.matchAll(/^\| `` (.+?) `` \| `` (\{.+?) `` \|$/gm)].map((found) => ({
    formula: found[1]!.replaceAll('\\|', '|'),
    json: found[2]!.replaceAll('\\|', '|'),
  }))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(rulesPage, buildRulesPage())
