import type { FlowRun } from '@channelwright/runtime/flow/run.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'

interface Written {
  readonly rev: number
  readonly before: JsonObject | null
  readonly after: JsonObject | null
}

/**
 * What fields said before and after they were written, where the step may be taken back: it gives back what it found,
 * which is not always what it saw when it asked.
 */
export function foundAndLeft(
  run: FlowRun,
  activation: string,
  fields: readonly string[],
  { rev, before, after }: Written,
): JsonObject {
  const step = run.activations.find(({ id }) => id === activation)
  if (step?.state.before === undefined) return { rev }
  const said = (record: JsonObject | null) =>
    Object.fromEntries(fields.map((field) => [field, record?.[field] ?? null]))
  return { rev, before: said(before), after: said(after) }
}
