import { formatSequence, sequenceCounter } from '@channelwright/runtime/fields/sequence/pattern.ts'
import { quoteTable } from '../../publish/quote.ts'
import { updateRecord } from '../../records/write-record.ts'
import type { ApplyEffect } from './index.ts'

/** Takes the number in the transaction that writes it: cases that reach this step together wait, and no number is lost. */
export const sequenceNumberEffect: ApplyEffect = async (unit, run, payload) => {
  const [into, pattern] = [String(payload.into), String(payload.pattern)]
  const series = `flow.${run.flow}.${into}.${sequenceCounter(pattern, unit.today)}`
  const [row] = await unit.query<{ next: string }>(
    `SELECT ${quoteTable(unit.served.workspace.schema, 'cw_next_number')}($1)::text AS next`,
    [series],
  )
  const number = formatSequence(pattern, unit.today, BigInt(row?.next ?? '0'))
  await updateRecord(unit, run.object, run.record, { [into]: number }, { by: 'flow' })
  return { number }
}
