import { useInfiniteQuery } from '@tanstack/react-query'
import { useWorkspace } from '../../workspace.tsx'

export const boxes = ['todo', 'done', 'started', 'copied'] as const
export type Box = (typeof boxes)[number]

/** What the inbox shows: kept in the address, so that it can be sent to a colleague and come back to. */
export interface InboxState {
  readonly box: Box
  readonly search: string
  readonly flow: string | null
  readonly applicant: string | null
  readonly overdue: boolean
  /** Longer than so many days. */
  readonly waiting: number | null
  /** How much a case is about, in flows that say so: at least, at most. */
  readonly from: string | null
  readonly to: string | null
  /** The case that is open beside the list; a task is named by the path. */
  readonly run: string | null
}

export const emptyInbox: InboxState = {
  box: 'todo',
  search: '',
  flow: null,
  applicant: null,
  overdue: false,
  waiting: null,
  from: null,
  to: null,
  run: null,
}

export function isFiltered(state: InboxState): boolean {
  const { search, flow, applicant, overdue, waiting, from, to } = state
  const set = [flow, applicant, waiting, from, to]
  return search !== '' || overdue || set.some((one) => one !== null)
}

/** The whole box, with what is open beside it. */
export function unfiltered({ box, run }: InboxState): InboxState {
  return { ...emptyInbox, box, run }
}

/** An exact decimal, as amounts travel. */
export function isAmount(text: string): boolean {
  return /^[0-9]{1,20}(\.[0-9]{1,20})?$/.test(text)
}

function filterOf({ search, flow, applicant, overdue, waiting, from, to }: InboxState) {
  return {
    ...(search ? { search } : {}),
    ...(flow ? { flow } : {}),
    ...(applicant ? { applicant } : {}),
    ...(overdue ? { overdue } : {}),
    ...(waiting === null ? {} : { waiting }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  }
}

/** Tasks of one box, page by page. */
export function useTaskBox(inbox: InboxState) {
  const { api, key: workspace } = useWorkspace()
  const state = inbox.box === 'done' ? 'done' : 'todo'
  const filter = filterOf(inbox)
  return useInfiniteQuery({
    queryKey: ['tasks', workspace, state, filter],
    enabled: api !== null && (inbox.box === 'todo' || inbox.box === 'done'),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.listTasks({ state, ...filter, cursor: pageParam, limit: 30 }),
    getNextPageParam: (last) => last.next,
  })
}

/** Runs of one box, page by page. */
export function useRunBox(inbox: InboxState) {
  const { api, key: workspace } = useWorkspace()
  const box = inbox.box === 'copied' ? 'copied' : 'started'
  const filter = filterOf(inbox)
  return useInfiniteQuery({
    queryKey: ['run-box', workspace, box, filter],
    enabled: api !== null && (inbox.box === 'started' || inbox.box === 'copied'),
    initialPageParam: null as string | null,
    refetchInterval: 30_000,
    queryFn: ({ pageParam }) => api!.listRunBox({ box, ...filter, cursor: pageParam, limit: 30 }),
    getNextPageParam: (last) => last.next,
  })
}
