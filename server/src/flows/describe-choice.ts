import type { TrialChoice } from '@channelwright/runtime/api/flow-trials.ts'
import type { SimulatedStep } from '@channelwright/runtime/flow/simulate.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Candidate, Method, PassedOver } from '@channelwright/runtime/nodes/assign/choose.ts'
import { sayPassed, sayPlace } from '@channelwright/runtime/nodes/assign/say-choice.ts'
import type { AssignRule } from '@channelwright/runtime/nodes/assign/settings.ts'
import type { Unit } from '../db/unit.ts'
import { recordTitles } from './record-titles.ts'

/** Whom a step would choose, in words, with those candidates only that the reader may see: the others are counted. */
export async function describeChoice(
  unit: Unit,
  { payload, result }: Extract<SimulatedStep['cause'], { kind: 'effect' }>,
): Promise<TrialChoice> {
  const object = String(payload.candidates)
  const by = result.by as Method
  const chosen = new Set(listOf(result.offers).map(({ candidate }) => candidate))
  const all = [
    ...listOf(result.considered).map((one, at) => ({
      record: String(one.id),
      place: at + 1,
      chosen: chosen.has(String(one.id)),
      why: sayPlace(by, one as unknown as Candidate),
    })),
    ...listOf(result.passed).map(({ id, why }) => ({
      record: String(id),
      place: null,
      chosen: false,
      why: sayPassed(why as PassedOver),
    })),
  ]
  const names = await recordTitles(
    unit,
    all.map(({ record }) => ({ object, record })),
  )
  const seen = all.flatMap((one) => {
    const name = names.get(one.record)
    return name === undefined ? [] : [{ ...one, name }]
  })
  const rules = payload.rules as unknown as readonly AssignRule[]
  const rule = typeof result.rule === 'number' ? rules[result.rule]?.title : undefined
  return { rule: rule ?? null, candidates: seen, hidden: all.length - seen.length }
}

function listOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((one): one is JsonObject => isJsonObject(one)) : []
}
