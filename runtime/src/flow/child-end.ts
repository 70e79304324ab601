import { isJsonObject } from '../json.ts'
import { formatText, type Locale, type Text } from '../text.ts'
import type { FlowEvent } from './run.ts'
import { endWord } from './status-words.ts'

/** How a case that a step had started ended, as `{outcome}` of the sentence; null for other events, and if unknown. */
export function sayChildEnd(event: FlowEvent, sentence: Text, locale: Locale): string | null {
  if (event.type !== 'child_ended') return null
  const { title, status, outcome } = event.data
  const said = isJsonObject(title) && typeof title[locale] === 'string' ? title[locale] : undefined
  const word = said ?? endWord(outcome ?? status, locale) ?? outcome
  return word ? formatText(sentence, locale, { outcome: word }) : null
}
