const formats = new Map<string, Intl.DateTimeFormat>()

/** `2026-11-22` of an ISO instant, as the calendar on the wall of that zone shows it. */
export function dateInZone(instant: string, timeZone: string): string {
  let format = formats.get(timeZone)
  if (!format) {
    // Sweden writes dates as ISO does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(timeZone, format)
  }
  return format.format(new Date(instant))
}
