import { describeRefusal, Refusal } from '@channelwright/runtime/errors/create-error.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import { Command, CommanderError } from 'commander'
import { ConfigError } from '../config.ts'
import { groups } from './index.ts'

/** The language of the terminal: LC_ALL, LC_MESSAGES, LANG, in that order, as other programs read it. */
export function localeOfTerminal(env: NodeJS.ProcessEnv = process.env): Locale {
  return /^zh/i.test(env.LC_ALL || env.LC_MESSAGES || env.LANG || '') ? 'zh' : 'en'
}

const words = {
  about: { en: 'Channelwright on the command line', zh: '渠匠命令行' },
  help: { en: 'show this help', zh: '显示帮助' },
  version: { en: 'show the version', zh: '显示版本' },
} satisfies Record<string, Text>

/** Commander's own headings; it has no translations. */
const headings: Record<string, string> = {
  'Usage:': '用法:',
  'Options:': '选项:',
  'Commands:': '命令:',
  'Arguments:': '参数:',
  'Global Options:': '全局选项:',
}

/** The whole command line, with help in one language. */
export function createProgram(locale: Locale): Command {
  const prepare = (command: Command, about: Text) =>
    command
      .description(about[locale])
      .helpOption('-h, --help', words.help[locale])
      .helpCommand(false)
      .exitOverride()
      .configureHelp(locale === 'zh' ? { styleTitle: (title) => headings[title] ?? title } : {})
  const program = prepare(new Command('cw'), words.about).version(
    '0.1.0',
    '-V, --version',
    words.version[locale],
  )
  for (const { name, title, commands } of groups) {
    const group = prepare(program.command(name), title)
    for (const add of commands) add(group, locale)
    for (const command of group.commands)
      prepare(command, { en: command.description(), zh: command.description() })
  }
  return program
}

/** Exit codes: 0 done, 1 refused or failed, 2 called wrongly. */
async function main(): Promise<void> {
  const locale = localeOfTerminal()
  try {
    await createProgram(locale).parseAsync()
  } catch (error) {
    process.exitCode = explain(error, locale)
  }
}

function explain(error: unknown, locale: Locale): number {
  // Commander has printed what it had to say.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof Refusal) {
    const { code, message, hint, details } = describeRefusal(error, locale)
    console.error(`${code}: ${message}\n${hint}`)
    for (const detail of details) console.error(`  ${detail.path} ${detail.code}: ${detail.message}`)
  } else if (error instanceof ConfigError) console.error(error.message)
  else console.error(error)
  return 1
}

await main()
