import type { Locale, Text } from '../text.ts'

/** How a case has come to its end, in a word. */
const ends: Readonly<Record<string, Text>> = {
  approved: { en: 'approved', zh: '已通过' },
  rejected: { en: 'rejected', zh: '已驳回' },
  withdrawn: { en: 'taken back', zh: '已撤回' },
  terminated: { en: 'terminated', zh: '已终止' },
  expired: { en: 'expired', zh: '已过期' },
  ended: { en: 'done', zh: '已结束' },
}

/** Undefined for what is no end. */
export function endWord(status: unknown, locale: Locale): string | undefined {
  return typeof status === 'string' && Object.hasOwn(ends, status) ? ends[status]?.[locale] : undefined
}
