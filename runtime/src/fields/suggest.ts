import { closest, distance } from 'fastest-levenshtein'

/**
 * The name that was probably meant, for messages: `near` is that name or undefined, `known` a short list of what
 * there is, `Known names: …` for hints.
 */
export function suggest(name: string, names: Iterable<string>): { near: string | undefined; known: string } {
  const all = [...names]
  const best = all.length > 0 ? closest(name, all) : undefined
  const near =
    best !== undefined && distance(name, best) <= Math.max(2, Math.floor(name.length / 3)) ? best : undefined
  const shown = near === undefined ? all.slice(0, 12) : [near, ...all.filter((n) => n !== near).slice(0, 11)]
  return { near, known: shown.length === 0 ? '–' : shown.join(', ') + (all.length > 12 ? ', …' : '') }
}
