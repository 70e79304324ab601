import type { FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { RecordChange, Unit } from '../db/unit.ts'
import { flowsOver } from './flow-data.ts'
import { flowTable } from './run-store.ts'

// A function, not a constant, as those of `follow-records.ts`.

/**
 * A person gives a record to somebody by hand: whoever got it has had a turn, so that steps which assign go on with
 * the next. What a step gives itself is counted where it is chosen.
 */
export async function countTurn(unit: Unit, change: RecordChange): Promise<void> {
  const { object, id, before, after, by } = change
  if (by !== 'actor' || after === null) return
  const given = new Set<string>()
  for (const { flow } of flowsOver(unit.served, object))
    for (const node of flow.nodes as readonly FlowNode[]) {
      if (node.type !== 'assign') continue
      const candidate = after[String(node.into)]
      if (typeof candidate === 'string' && candidate !== before?.[String(node.into)])
        given.add(`${String(node.candidates)} ${candidate}`)
    }
  for (const one of given) {
    const [candidates, candidate] = one.split(' ')
    await unit.asEngine(() =>
      unit.query(
        `INSERT INTO ${flowTable(unit, 'offer')} (id, object, candidate, record, method, at)
         VALUES ($1, $2, $3, $4, 'manual', $5)`,
        [unit.services.ids.next(), candidates, candidate, id, unit.now],
      ),
    )
  }
}
