import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { type ComponentType, lazy } from 'react'

export interface PreviewProps {
  /** As it stands in the editor: JSON, but not necessarily sound. */
  readonly definition: JsonObject
  /** All definitions that can be read, this one among them when it can. */
  readonly set: DefinitionSet
  /** Where it stands, for whoever has the server look at it. */
  readonly place?: PreviewPlace | undefined
  /** What the checks say of it. */
  readonly diagnostics?: readonly Diagnostic[]
}
export interface PreviewPlace {
  readonly pack: string
  readonly path: string
}
type Face = ComponentType<PreviewProps>

/** THE list of previews: kind of definition → what it looks like in use. Each comes when it is first needed. */
export const previews: Readonly<Record<string, Face>> = {
  pack: lazy(async () => ({ default: (await import('./PackPreview.tsx')).PackPreview })),
  object: lazy(async () => ({ default: (await import('./ObjectPreview.tsx')).ObjectPreview })),
  form: lazy(async () => ({ default: (await import('./FormPreview.tsx')).FormPreview })),
  view: lazy(async () => ({ default: (await import('./ViewPreview.tsx')).ViewPreview })),
  rule: lazy(async () => ({ default: (await import('./RulePreview.tsx')).RulePreview })),
  flow: lazy(async () => ({ default: (await import('./FlowPreview.tsx')).FlowPreview })),
  plan: lazy(async () => ({ default: (await import('./PlanPreview.tsx')).PlanPreview })),
  calendar: lazy(async () => ({ default: (await import('./CalendarPreview.tsx')).CalendarPreview })),
  grant: lazy(async () => ({ default: (await import('./GrantPreview.tsx')).GrantPreview })),
}
