/** The numbers of a sequence: `DR-{yyyy}-{00000}` → DR-2026-00001. The zeros say how wide the counter is. */

const token = /\{(yyyy|yy|mm|dd|0{1,12})\}/g

/** Whether the pattern has exactly one counter and nothing in braces that is not a token. */
export function isSequencePattern(pattern: string): boolean {
  const counters = pattern.match(/\{0{1,12}\}/g)?.length ?? 0
  return counters === 1 && !/[{}]/.test(pattern.replace(token, ''))
}

function fill(pattern: string, day: string, counter: (width: number) => string): string {
  const [year = '', month = '', date = ''] = day.split('-')
  return pattern.replace(token, (_whole, name: string) =>
    name === 'yyyy'
      ? year
      : name === 'yy'
        ? year.slice(2)
        : name === 'mm'
          ? month
          : name === 'dd'
            ? date
            : counter(name.length),
  )
}

/**
 * Which counter the next number comes from: the counter begins again whenever this text changes, so `{yyyy}` in the
 * pattern means a fresh count each year. `day` is the workspace's local day, `2026-01-31`.
 */
export function sequenceCounter(pattern: string, day: string): string {
  return fill(pattern, day, () => '#')
}

/** The number itself. A counter that outgrows its zeros gets wider, never wraps. */
export function formatSequence(pattern: string, day: string, count: number | bigint): string {
  return fill(pattern, day, (width) => String(count).padStart(width, '0'))
}
