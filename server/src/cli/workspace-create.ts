import type { Locale } from '@channelwright/runtime/text.ts'
import type { Command } from 'commander'

const words = {
  about: { en: 'make an empty workspace', zh: '新建空工作区' },
  key: { en: 'key: small letters, digits, underscores', zh: '标识:小写字母、数字、下划线' },
  titleEn: { en: 'title in English; default: the key', zh: '英文名称,默认为标识' },
  titleZh: { en: 'title in Chinese; default: the English one', zh: '中文名称,默认为英文名称' },
  timeZone: { en: 'days and deadlines are counted in it', zh: '日期与时限所用的时区' },
  unknownZone: { en: 'is not a time zone, such as Asia/Shanghai', zh: '不是有效时区,例如 Asia/Shanghai' },
  done: { en: 'Workspace "{key}" is there.', zh: '工作区“{key}”已建立。' },
} as const

/** `cw workspace create KEY`: exit code 1 when there is one of that key already. */
export function addWorkspaceCreate(workspace: Command, locale: Locale): void {
  const command = workspace
    .command('create')
    .description(words.about[locale])
    .argument('<key>', words.key[locale])
    .option('--title-en <title>', words.titleEn[locale])
    .option('--title-zh <title>', words.titleZh[locale])
    .option('--time-zone <name>', words.timeZone[locale], 'Asia/Shanghai')
  command.action(async (key: string, options: { titleEn?: string; titleZh?: string; timeZone: string }) => {
    if (!isTimeZone(options.timeZone)) command.error(`"${options.timeZone}" ${words.unknownZone[locale]}`)
    const en = options.titleEn ?? key
    const title = { en, zh: options.titleZh ?? en }
    const [{ withServices }, { createWorkspace }] = await Promise.all([
      import('./with-services.ts'),
      import('../publish/workspace.ts'),
    ])
    await withServices((services) => createWorkspace(services, { key, title, timeZone: options.timeZone }))
    console.log(words.done[locale].replace('{key}', key))
  })
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined
  } catch {
    return false
  }
}
