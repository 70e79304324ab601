import { detail } from './detail/view.ts'
import { earnings } from './earnings/view.ts'
import { home } from './home/view.ts'
import { table } from './table/view.ts'
import type { ViewType } from './view-type.ts'

/** THE list of view types, one line each, sorted. */
export const viewTypes: readonly ViewType[] = [detail, earnings, home, table]

export function findViewType(name: string): ViewType | undefined {
  return viewTypes.find((type) => type.name === name)
}
