/** A text that lives in this browser until it is saved or dismissed. */
export interface KeptText {
  readonly text: string
  /** Number of the draft that the text was written on. */
  readonly rev: number
  /** When it was kept, ISO 8601. */
  readonly at: string
}

export function keptPlace(what: 'draft' | 'aside', workspace: string, pack: string, path: string): string {
  return `cw.builder.${what}:${workspace}:${pack}:${path}`
}

export function recall(place: string): KeptText | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(place) ?? 'null')
    return isKeptText(found) ? found : null
  } catch {
    return null
  }
}

/** A device that keeps nothing (storage full or switched off) still lets one edit and save. */
export function keep(place: string, text: KeptText): void {
  try {
    localStorage.setItem(place, JSON.stringify(text))
  } catch {
    // Saving goes on; only the safety net is missing.
  }
}

export function forget(place: string): void {
  localStorage.removeItem(place)
}

function isKeptText(value: unknown): value is KeptText {
  const found = value as Partial<KeptText> | null
  return typeof found?.text === 'string' && typeof found.rev === 'number' && typeof found.at === 'string'
}
