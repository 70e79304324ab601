import type { RecordFollower } from '../db/unit.ts'

/**
 * Follows record writes: where an organisation stands decides what people of those above it may see, so every server
 * forgets at the commit what it remembered of people.
 */
export const followParty: RecordFollower = async (unit, { object, before, after }) => {
  const { party, objects } = unit.served.release
  const parent = objects.get(object)?.party?.parent
  if (object !== party || parent === undefined) return
  const place = (values: Readonly<Record<string, unknown>> | null) => values?.[parent] ?? null
  if (place(before) !== place(after)) await unit.query('NOTIFY cw_identity')
}
