import type { DefinitionSet } from '../../definition/definition-set.ts'
import type { Diagnostic } from '../../definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '../../definition/flow.ts'
import type { Effect } from '../../flow/run.ts'
import type { JsonObject } from '../../json.ts'
import { checkWanted, planWanted, type WantedEffect } from '../action/wanted-effect.ts'
import type { NodeContext } from '../node-type.ts'
import { type Aftermath, type Moment, moments } from './aftermath-settings.ts'

/** The same as of action nodes: the effect is known, its settings and rules are sound. */
export function checkAftermath(
  aftermath: Aftermath | undefined,
  node: FlowNode,
  flow: FlowDefinition,
  set: DefinitionSet,
  pointer: string,
): Diagnostic[] {
  return moments.flatMap((moment) =>
    (aftermath?.[moment] ?? []).flatMap((wanted, index) =>
      checkWanted(wanted, node, flow, set, `${pointer}/${moment}/${index}`),
    ),
  )
}

/** The effects of a moment, their rules read as the record stands. `which` tells apart moments of one step. */
export function effectsAt(
  context: NodeContext,
  wanted: Aftermath[Moment] | undefined,
  which: string,
): readonly Effect[] {
  return (wanted ?? []).map((one, index) => planWanted(context, one, `${which}.${index}`))
}

/** What an effect of these moments would be handed now, by its key; null for other effects of the step. */
export function planAftermathAnew(
  context: NodeContext,
  aftermath: Aftermath | undefined,
  key: string,
): JsonObject | null {
  const wanted = wantedAt(aftermath, key)
  return wanted ? planWanted(context, wanted, key).payload : null
}

/** The entry of the settings that asked for the effect of that key; null for other effects of the step. */
export function wantedAt(aftermath: Aftermath | undefined, key: string): WantedEffect | null {
  const found = readMoment(key)
  return (found && aftermath?.[found.moment]?.[found.index]) ?? null
}

/** Which of the moments a key is of, after which choice (the first is 0). */
export function readMoment(key: string): { moment: Moment; attempt: number; index: number } | null {
  const [, moment, attempt, index] = /:(offered|silent|declined)(\d+)(?:\.\d+)?\.(\d+)$/.exec(key) ?? []
  return moment === undefined
    ? null
    : { moment: moment as Moment, attempt: Number(attempt), index: Number(index) }
}
