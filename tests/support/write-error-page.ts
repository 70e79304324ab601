import { readFileSync, writeFileSync } from 'node:fs'
import { families } from '@channelwright/runtime/errors/codes.ts'
import type { ErrorCode } from '@channelwright/runtime/errors/create-error.ts'
import type { Text } from '@channelwright/runtime/text.ts'

/** Where the page of all errors lies. */
export const errorPage = new URL('../../docs/errors.md', import.meta.url)

/** Heading of each family of `codes.ts`; a family without one gets its own name. */
const headings: Readonly<Record<string, Text>> = {
  definitions: { en: 'Definitions', zh: '定义' },
  fields: { en: 'Values of fields', zh: '字段值' },
  files: { en: 'Files and JSON', zh: '文件与 JSON' },
  flowChecks: { en: 'Flows under check', zh: '流程检查' },
  flows: { en: 'Flows and tasks', zh: '流程与待办' },
  forms: { en: 'Forms', zh: '表单' },
  http: { en: 'Requests', zh: '请求' },
  identity: { en: 'Sign-in and members', zh: '登录与成员' },
  incentives: { en: 'Plans and amounts', zh: '激励政策与金额' },
  logic: { en: 'Rules', zh: '规则' },
  publishing: { en: 'Publishing', zh: '发布' },
  records: { en: 'Records', zh: '记录' },
}

const opening = `# Errors

Every code that Channelwright answers with or reports, written from \`runtime/src/errors/\` by
\`npx tsx tests/support/write-error-page.ts\`; a test keeps both equal. \`{words}\` in braces are filled in each time.
An answer of the API carries the code as \`code\`, the place as a JSON pointer in \`details\`, and the message in the
reader's language. Codes are permanent: a message may be reworded, a code keeps its meaning.

每个错误代码的含义与处理办法。花括号内的词在出现时替换为实际内容;代码长期不变。
`

/** The whole page, from the list. */
export function describeErrors(): string {
  const sections = Object.entries(families).map(([name, family]) => {
    const heading = headings[name] ?? { en: name, zh: name }
    const errors = Object.values<ErrorCode>(family).sort((a, b) => (a.code < b.code ? -1 : 1))
    return `## ${heading.en} ${heading.zh}\n\n${errors.map(describeError).join('\n')}`
  })
  return `${opening}\n${sections.join('\n')}`
}

function describeError({ code, status, message, hint }: ErrorCode): string {
  return `### ${code}

- **What** (${status}): ${message.en}
- **What to do**: ${hint.en}
- **原因**: ${message.zh}
- **处理**: ${hint.zh}
`
}

/** Codes that the page has a heading for. */
export function readErrorPage(): string[] {
  return [...readFileSync(errorPage, 'utf8').matchAll(/^### (\S+)$/gm)].map((match) => match[1]!)
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  writeFileSync(errorPage, describeErrors())
}
