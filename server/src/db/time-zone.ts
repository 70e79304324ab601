const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-22` of an ISO instant, as the calendar on the wall of that zone shows it. */
export function dateInZone(instant: string, timeZone: string): string {
  let format = formats.get(timeZone)
  if (!format) {
    // Sweden writes dates as ISO does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(timeZone, format)
  }
  // Zones differ by whole minutes, so within one the answer stays.
  const minute = instant.slice(0, 16)
  const kept = today.get(timeZone)
  if (kept?.minute === minute) return kept.date
  const date = format.format(new Date(instant))
  today.set(timeZone, { minute, date })
  return date
}

/** The last answer of each zone: nearly every question is about now. */
const today = new Map<string, { readonly minute: string; readonly date: string }>()
