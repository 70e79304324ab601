import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { Unit } from '../db/unit.ts'
import { quoteTable } from '../publish/quote.ts'

/**
 * Keys of the fields of a run's record that have changed since the step was entered from which the run would go
 * straight back to whoever sent it here; undefined where no step does.
 */
export async function findChangedFields(
  unit: Unit,
  run: FlowRun | null,
): Promise<readonly string[] | undefined> {
  const returning = run?.activations.find(
    ({ status, back }) => status === 'active' && back?.resume === 'direct',
  )
  const since = returning?.dataVersion
  if (run === null || since === undefined || since === null) return undefined
  // A line may have been written before its record took the next number.
  const rows = await unit.asEngine(() =>
    unit.query<{ field: string }>(
      `SELECT DISTINCT field FROM ${quoteTable(unit.served.workspace.schema, 'cw_history')} h,
       LATERAL (SELECT h.lines AS field WHERE h.lines IS NOT NULL
         UNION ALL SELECT jsonb_object_keys(h.before || h.after) WHERE h.lines IS NULL) changed
     WHERE h.record_id = $1 AND (h.rev > $2 OR (h.rev = $2 AND h.lines IS NOT NULL))`,
      [run.record, since],
    ),
  )
  const changed = new Set(rows.map(({ field }) => field))
  const { properties = {} } = unit.served.release.objects.get(run.object)?.schema ?? {}
  return Object.keys(properties).filter((key) => changed.has(properties[key]?.['x-id'] ?? ''))
}
