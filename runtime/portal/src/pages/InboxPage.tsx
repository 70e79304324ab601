import { useParams } from '@tanstack/react-router'
import { InboxView } from '../../../react/index.ts'

export function InboxPage() {
  const { task } = useParams({ strict: false })
  return <InboxView task={task ?? null} />
}
