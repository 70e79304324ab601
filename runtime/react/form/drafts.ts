import { isJsonObject, type JsonObject } from '../../src/json.ts'

/** What a person had entered and not yet sent. */
export interface FormDraft {
  readonly values: JsonObject
  /** x-id of the step that was open. */
  readonly step: string | null
  /** Revision of the record that the entries began from; null for a new record. */
  readonly rev: number | null
  /** Key that the next submit carries, so that a submit whose answer was lost is not applied twice. */
  readonly idempotencyKey: string
  readonly savedAt: string
}

const prefix = 'cw.draft.'
/** Older drafts are swept: nobody comes back to them, and a shared computer should forget. */
const keptDays = 30

export interface DraftPlace {
  readonly workspace: string
  readonly user: string
  readonly form: string
  /** Id of the record that is edited, or of the task; `new` for a new one. */
  readonly record: string
}

function nameOf(place: DraftPlace): string {
  return `${prefix}${place.workspace}.${place.user}.${place.form}.${place.record}`
}

export function readDraft(place: DraftPlace): FormDraft | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(nameOf(place)) ?? 'null')
    if (!isJsonObject(found) || !isJsonObject(found.values)) return null
    return {
      values: found.values,
      step: typeof found.step === 'string' ? found.step : null,
      rev: typeof found.rev === 'number' ? found.rev : null,
      idempotencyKey: String(found.idempotencyKey),
      savedAt: String(found.savedAt),
    }
  } catch {
    return null
  }
}

/** False when the device refused: storage full or switched off. The form works on without. */
export function writeDraft(place: DraftPlace, draft: FormDraft): boolean {
  try {
    localStorage.setItem(nameOf(place), JSON.stringify(draft))
    return true
  } catch {
    return false
  }
}

export function clearDraft(place: DraftPlace): void {
  localStorage.removeItem(nameOf(place))
}

/** Forgets drafts that are older than a month, and on sign-out all of a user's. */
export function sweepDrafts(now: Date, user?: string): void {
  for (const name of Object.keys(localStorage)) {
    if (!name.startsWith(prefix)) continue
    if (user !== undefined && name.split('.')[3] === user) localStorage.removeItem(name)
    try {
      const { savedAt } = JSON.parse(localStorage.getItem(name) ?? '{}') as { savedAt?: string }
      if (!savedAt || now.getTime() - Date.parse(savedAt) > keptDays * 86_400_000)
        localStorage.removeItem(name)
    } catch {
      localStorage.removeItem(name)
    }
  }
}

/** What was entered over a stored record: only this is kept, so that a newer record is not overwritten by an old one. */
export function changedOnly(values: JsonObject, stored: JsonObject | null): JsonObject {
  if (!stored) return values
  const changed = Object.entries(values).filter(
    ([key, value]) => JSON.stringify(value ?? null) !== JSON.stringify(stored[key] ?? null),
  )
  return Object.fromEntries(changed.map(([key, value]) => [key, value ?? null]))
}
