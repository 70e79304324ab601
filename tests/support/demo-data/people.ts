import { chance, pick } from './chance.ts'
import { englishGiven, given, pinyin, surnames } from './names.ts'

interface Human {
  readonly as: string
  readonly name: string
  readonly email: string
  readonly roles: readonly string[]
  readonly partner?: string
  readonly locale: 'en' | 'zh'
}
export const users: Human[] = []
export function human(domain: string, roles: readonly string[], more: Partial<Human> = {}): Human {
  const surname = pick(surnames)
  const latin = chance(0.12)
  const name =
    more.name ??
    (latin
      ? `${pick(englishGiven)} ${surname in pinyin ? cap(pinyin[surname]!) : 'Li'}`
      : surname + pick(given))
  const as = more.as ?? `u${String(users.length + 1).padStart(3, '0')}`
  const made: Human = {
    as,
    name,
    email: more.email ?? `${pinyin[surname] ?? 'li'}.${as}@${domain}`,
    roles,
    ...(more.partner ? { partner: more.partner } : {}),
    locale: more.locale ?? (latin ? 'en' : 'zh'),
  }
  users.push(made)
  return made
}
const cap = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

const vendor = 'xinghan.example'
export const accounts: { user: string; role: { en: string; zh: string } }[] = []
export const account = (user: Human, en: string, zh: string) => {
  accounts.push({ user: user.as, role: { en, zh } })
  return user
}
export const demo = (key: string, name: string, roles: string[], more: Partial<Human> = {}) =>
  human(vendor, roles, { as: key, name, email: `${key}@demo.example`, ...more })
account(demo('admin', '徐海伦', ['business_admin']), 'Business admin', '业务管理员')
export const manager = account(demo('manager', '李伟', ['channel_manager']), 'Channel manager', '渠道经理')
export const director = account(demo('director', '周敏', ['director']), 'Channel director', '渠道总监')
account(demo('finance', '何静', ['finance']), 'Finance', '财务')
export const managers = [manager, ...Array.from({ length: 5 }, () => human(vendor, ['channel_manager']))]
human(vendor, ['finance'])
