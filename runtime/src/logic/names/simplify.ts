import { simplifiedLetters, traditionalLetters } from './simplified-letters.ts'

const simplified = new Map<string, string>()
{
  const targets = [...simplifiedLetters]
  for (const [i, letter] of [...traditionalLetters].entries()) simplified.set(letter, targets[i]!)
}

/** The text with every traditional Chinese character replaced by its simplified one, character by character. */
export function simplifyLetters(text: string): string {
  let changed = ''
  for (const letter of text) changed += simplified.get(letter) ?? letter
  return changed
}
