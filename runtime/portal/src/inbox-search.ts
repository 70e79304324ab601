import { type Box, boxes, type InboxState, isAmount } from '../../react/index.ts'

/** What the inbox keeps in the address: short names, nothing where nothing is set. */
export interface InboxSearch {
  readonly box?: string
  readonly q?: string
  readonly flow?: string
  readonly by?: string
  readonly late?: string
  readonly days?: string
  readonly from?: string
  readonly to?: string
  readonly run?: string
}

export function readInbox(search: InboxSearch): InboxState {
  return {
    box: boxes.find((one): one is Box => one === search.box) ?? 'todo',
    search: search.q ?? '',
    flow: search.flow ?? null,
    applicant: search.by ?? null,
    overdue: search.late === '1',
    waiting: /^[1-9]\d{0,2}$/.test(search.days ?? '') ? Number(search.days) : null,
    from: readAmount(search.from),
    to: readAmount(search.to),
    run: search.run ?? null,
  }
}

function readAmount(text: string | undefined): string | null {
  return text !== undefined && isAmount(text) ? text : null
}

export function writeInbox(state: InboxState): Record<string, string> {
  return {
    ...(state.box === 'todo' ? {} : { box: state.box }),
    ...(state.search ? { q: state.search } : {}),
    ...(state.flow ? { flow: state.flow } : {}),
    ...(state.applicant ? { by: state.applicant } : {}),
    ...(state.overdue ? { late: '1' } : {}),
    ...(state.waiting === null ? {} : { days: String(state.waiting) }),
    ...(state.from === null ? {} : { from: state.from }),
    ...(state.to === null ? {} : { to: state.to }),
    ...(state.run ? { run: state.run } : {}),
  }
}
