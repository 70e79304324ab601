import { endWord } from '@channelwright/runtime/flow/status-words.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'

// What notifications say, here and in e-mails.

/** What is kept with a notification, by its kind. */
export interface NotificationData {
  /** How the case ended. */
  readonly status?: string
  /** What a flow wrote. */
  readonly title?: Text
  readonly text?: Text
  /** The step that stopped. */
  readonly node?: string
  /** What failed at the step and was left; the case went on. */
  readonly left?: { readonly effect?: string; readonly reason?: Text }
  /** How many cases are stuck, or went on without something (`left`), where they are not told one by one. */
  readonly count?: number
}

/** What a flow wrote: its heading, and what there is to say of it. Null where it wrote nothing. */
export function saidBy({ title, text }: NotificationData, locale: Locale): string | null {
  const [heading, rest] = [title?.[locale] ?? '', text?.[locale] ?? '']
  if (heading === '' || rest === '') return heading || rest || null
  return locale === 'zh' ? `${heading}。${rest}` : `${heading}. ${rest}`
}

/** A case by its record and its flow; by its flow alone where the reader may not read the record. */
export function aboutCase(flow: Text, title: string | null | undefined, locale: Locale): string {
  const name = flow[locale]
  if (!title) return name
  return locale === 'zh' ? `${title}(${name})` : `${title} (${name})`
}

export function statusWord(status: string | undefined, locale: Locale): string {
  return endWord(status, locale) ?? ''
}

/** That cases are stuck, or went on without something that failed, as a number. Null where none are told as one. */
export function sayCounted({ count, left }: NotificationData, locale: Locale): string | null {
  if (count === undefined) return null
  if (left !== undefined) return formatText(leftMany, locale, { count })
  return formatText(count === 1 ? stuckOne : stuckMany, locale, { count })
}

const leftMany: Text = {
  en: 'Cases that went on without what had failed: {count}',
  zh: '{count} 个流程实例跳过了失败的动作并继续',
}

const stuckOne: Text = {
  en: 'A case is stuck and needs an administrator',
  zh: '1 个流程实例异常,需管理员处理',
}
const stuckMany: Text = {
  en: '{count} cases are stuck and need an administrator',
  zh: '{count} 个流程实例异常,需管理员处理',
}
