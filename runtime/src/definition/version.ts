/** The part of semantic versions that packs use: `1.2.3`, and ranges `*`, `1.2.3`, `^1.2.3`, `~1.2.3`, `>=1.2.3`. */

type Version = readonly [number, number, number]

const range = /^(\^|~|>=|=)?(\d{1,9})\.(\d{1,9})\.(\d{1,9})$/

export function isRange(text: string): boolean {
  return text === '*' || range.test(text)
}

/** Below zero when `a` is the older one. Texts that are no versions count as 0.0.0. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)]
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
}

/** `^1.2.3`: from 1.2.3, below the next version whose first number that is not 0 changes; `~`: below the next minor. */
export function inRange(version: string, wanted: string): boolean {
  if (wanted === '*') return true
  const match = range.exec(wanted)
  if (!match) return false
  const [major, minor, patch] = parse(wanted.slice(match[1]?.length ?? 0))
  const least = compareVersions(version, `${major}.${minor}.${patch}`)
  if (match[1] === '>=') return least >= 0
  if (match[1] === undefined || match[1] === '=') return least === 0
  const end: Version =
    match[1] === '~'
      ? [major, minor + 1, 0]
      : major > 0
        ? [major + 1, 0, 0]
        : minor > 0
          ? [0, minor + 1, 0]
          : [0, 0, patch + 1]
  return least >= 0 && compareVersions(version, end.join('.')) < 0
}

function parse(text: string): Version {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text)
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : [0, 0, 0]
}
