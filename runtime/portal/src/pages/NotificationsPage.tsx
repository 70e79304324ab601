import { NotificationsView } from '../../../react/views/flows/Notifications.tsx'

export function NotificationsPage() {
  return <NotificationsView />
}
