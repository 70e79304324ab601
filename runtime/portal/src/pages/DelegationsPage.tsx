import { DelegationsView } from '../../../react/views/flows/DelegationsView.tsx'

export function DelegationsPage() {
  return <DelegationsView />
}
