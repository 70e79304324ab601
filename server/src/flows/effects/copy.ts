import { writeNotifications } from '../notifications.ts'
import { flowTable } from '../run-store.ts'
import type { ApplyEffect } from './index.ts'

/** Lets people read the run from now on, and tells them; each once per run. */
export const copyEffect: ApplyEffect = async (unit, run, payload) => {
  const readers = Array.isArray(payload.readers)
    ? payload.readers.filter((one) => typeof one === 'string')
    : []
  const rows = await unit.asEngine(() =>
    unit.query<{ reader: string }>(
      `INSERT INTO ${flowTable(unit, 'copy')} (run, reader, node, at)
       SELECT $1, reader, $3, $4 FROM unnest($2::uuid[]) AS reader ON CONFLICT DO NOTHING RETURNING reader`,
      [run.id, readers, String(payload.node), unit.now],
    ),
  )
  await writeNotifications(
    unit,
    rows.map(({ reader }) => ({ recipient: reader, kind: 'copied', run: run.id })),
  )
  return { copied: rows.length }
}
