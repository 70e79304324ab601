import type { Config } from './config.ts'

/** A way in for somebody who looks around. */
export interface DemoAccount {
  readonly email: string
  readonly password: string
  readonly role: { readonly en: string; readonly zh: string }
}

const isChinese = () => /^zh/i.test(process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '')

/** What takes a while, said before it begins; in the language of the machine. */
export function sayProgress(en: string, zh: string): void {
  console.error(isChinese() ? `${zh} …` : `${en} …`)
}

/** The address and, in a demo installation, whom to sign in as; in the language of the machine. */
export function printWelcome(
  config: Pick<Config, 'port' | 'baseUrl'>,
  accounts: readonly DemoAccount[] | null,
): void {
  const zh = isChinese()
  const address = new URL(config.baseUrl).port === '0' ? `http://localhost:${config.port}` : config.baseUrl
  const lines = [
    '',
    zh ? `  渠匠已就绪:${address}` : `  Channelwright is ready: ${address}`,
    zh ? `  设计器:${address}/builder` : `  Builder: ${address}/builder`,
  ]
  if (accounts?.length) {
    lines.push('', zh ? '  演示账号:' : '  Demo accounts:')
    const width = Math.max(...accounts.map((a) => a.email.length))
    for (const { email, password, role } of accounts)
      lines.push(`    ${email.padEnd(width)}  ${password}  ${zh ? role.zh : role.en}`)
  }
  lines.push('', zh ? '  按 Ctrl-C 停止' : '  Ctrl-C stops it', '')
  console.log(lines.join('\n'))
}
