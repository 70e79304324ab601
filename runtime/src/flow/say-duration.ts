import type { Text } from '../text.ts'
import type { Duration } from './due-time.ts'

const units: Record<Duration['unit'], Text & { readonly one: string }> = {
  minute: { one: 'minute', en: 'minutes', zh: '分钟' },
  hour: { one: 'hour', en: 'hours', zh: '小时' },
  day: { one: 'day', en: 'days', zh: '天' },
  workday: { one: 'workday', en: 'workdays', zh: '个工作日' },
  workhour: { one: 'work hour', en: 'work hours', zh: '个工作小时' },
}

/** A stretch of time in words: "2 workdays". */
export function sayDuration({ after, unit }: Duration): Text {
  const { one, en, zh } = units[unit]
  return { en: `${after} ${after === 1 ? one : en}`, zh: `${after} ${zh}` }
}
