import { formatText, type Text } from '../../text.ts'
import type { Candidate, Method, PassedOver } from './choose.ts'

// Why a candidate comes when it does, for whoever tries a flow. Instants stay as they are kept: whoever shows them knows
// the reader's zone.

const never: Text = { en: 'never had a turn', zh: '从未分派过' }
const last: Text = { en: 'had its last turn at {at}', zh: '上次分派时间:{at}' }
const open: Text = { en: '{load} open', zh: '进行中 {load} 个' }
const places: Text = { en: '{load} open of {capacity}', zh: '进行中 {load} 个,上限 {capacity} 个' }
const share: Text = { en: 'weight {weight}, credit {credit}', zh: '权重 {weight},累计 {credit}' }

const passed: Record<PassedOver, Text> = {
  full: { en: 'has no free place', zh: '名额已满' },
  no_weight: { en: 'has no weight', zh: '无权重' },
  away: { en: 'everybody is away', zh: '相关人员均已外出' },
  off_duty: { en: 'is off duty', zh: '非工作时间' },
}

/** What decides its place by that method. */
export function sayPlace(by: Method, { lastAt, load, capacity, weight, credit }: Candidate): Text {
  const turn = lastAt === null ? never : fill(last, { at: instantOf(lastAt) })
  if (by === 'weighted') return fill(share, { weight, credit })
  if (by !== 'least_loaded') return turn
  const busy = capacity === null ? fill(open, { load }) : fill(places, { load, capacity })
  return { en: `${busy.en}, ${turn.en}`, zh: `${busy.zh},${turn.zh}` }
}

export function sayPassed(why: PassedOver): Text {
  return passed[why]
}

function fill(text: Text, values: Readonly<Record<string, unknown>>): Text {
  return { en: formatText(text, 'en', values), zh: formatText(text, 'zh', values) }
}

/** When an id was made: its first 48 bits count milliseconds (UUID version 7). */
function instantOf(id: string): string {
  return new Date(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toISOString()
}
