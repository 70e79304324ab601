/** A text that lives in this browser until it is saved or dismissed. */
export interface KeptText {
  readonly text: string
  /** Number of the draft that the text was written on. */
  readonly rev: number
  /** When it was kept, ISO 8601. */
  readonly at: string
}

/** By person: on a shared device nobody goes on with somebody else's text. */
export function keptPlace(
  what: 'draft' | 'aside',
  owner: string,
  workspace: string,
  pack: string,
  path: string,
): string {
  return `cw.builder.${what}:${owner}:${workspace}:${pack}:${path}`
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

/** Texts above this many characters are kept after a pause: writing one takes longer than a key press may. */
const atOnce = 100_000
const pause = 400

/** Keeps the newest text of one place, large ones after a pause; `flush` before the page goes. */
export class TextKeeper {
  private latest: KeptText | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  constructor(private readonly place: string) {}

  keep(text: KeptText): void {
    this.latest = text
    if (text.text.length <= atOnce) this.flush()
    else this.timer ??= setTimeout(() => this.flush(), pause)
  }

  flush(): void {
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.latest) keep(this.place, this.latest)
    this.latest = null
  }

  forget(): void {
    this.latest = null
    clearTimeout(this.timer)
    this.timer = undefined
    forget(this.place)
  }
}

function isKeptText(value: unknown): value is KeptText {
  const found = value as Partial<KeptText> | null
  return typeof found?.text === 'string' && typeof found.rev === 'number' && typeof found.at === 'string'
}
