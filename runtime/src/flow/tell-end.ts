import type { FlowDefinition } from '../definition/flow.ts'
import { askPeople } from './context.ts'
import type { Engine } from './engine.ts'

/** Whom the flow tells of the end of a case: its applicant, unless it says otherwise (`settings.tellEnd`); each once. */
export function whoIsTold(engine: Engine): readonly string[] {
  const { tellEnd = 'applicant' } = engine.flow.settings ?? {}
  if (tellEnd === 'nobody') return []
  if (tellEnd === 'applicant') return [engine.draft.applicant]
  const found = askPeople(
    engine,
    tellEnd.flatMap((one) => (one.kind === 'field' ? [{ ask: 'field' as const, path: one.path }] : [])),
  )
  const own = tellEnd.some(({ kind }) => kind === 'applicant') ? [engine.draft.applicant] : []
  return [...new Set([...own, ...found.flat()])]
}

/** Paths of the record that lead to them, to be loaded before they are asked for. */
export function toldPaths({ settings }: Pick<FlowDefinition, 'settings'>): readonly string[] {
  const { tellEnd } = settings ?? {}
  return Array.isArray(tellEnd) ? tellEnd.flatMap((one) => (one.kind === 'field' ? [one.path] : [])) : []
}
