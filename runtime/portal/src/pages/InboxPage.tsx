import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { InboxView, useNavigation } from '../../../react/index.ts'
import { readInbox, writeInbox } from '../inbox-search.ts'

export function InboxPage() {
  const { task } = useParams({ strict: false })
  const state = readInbox(useSearch({ strict: false }))
  const navigation = useNavigation()
  const navigate = useNavigate()
  const hrefOf = ({ task: open, run }: { task?: string; run?: string }) => {
    const search = new URLSearchParams(Object.entries(writeInbox({ ...state, run: run ?? null }))).toString()
    return `${navigation.inbox(open)}${search ? `?${search}` : ''}`
  }
  return (
    <InboxView
      task={task ?? null}
      state={state}
      hrefOf={hrefOf}
      onChange={(next) => {
        const search = new URLSearchParams(Object.entries(writeInbox(next))).toString()
        // Narrowing the list closes nothing that is open beside it; another box is another list.
        const open = next.box === state.box ? task : undefined
        const href = `${navigation.inbox(open)}${search ? `?${search}` : ''}`
        void navigate({ href, replace: true, resetScroll: false })
      }}
    />
  )
}
