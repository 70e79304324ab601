import { Center, Loader, NavLink, Text } from '@mantine/core'
import { Navigate } from '@tanstack/react-router'
import { FailedState, useFollow, useSpeech } from '../../../react/index.ts'
import { useSession } from '../session.tsx'
import { Entrance } from './Entrance.tsx'

/** Leads to the only workspace, else lets one choose. */
export function StartPage() {
  const { session, error, refresh } = useSession()
  const { say, locale } = useSpeech()
  const follow = useFollow()
  if (error) return <FailedState error={error} onRetry={() => void refresh()} />
  if (session === undefined) {
    return (
      <Center mih="60vh">
        <Loader aria-label={say('app.loading')} />
      </Center>
    )
  }
  if (session === null) return <Navigate to="/sign-in" search={{}} replace />
  const [only, ...more] = session.memberships
  if (only && more.length === 0) {
    return <Navigate to="/w/$workspace" params={{ workspace: only.workspace.key }} replace />
  }
  return (
    <Entrance
      title={say(only ? 'workspaces.title' : 'workspaces.none')}
      note={only ? session.user.email : say('workspaces.noneHint')}
    >
      {session.memberships.map(({ workspace, roles }) => (
        <NavLink
          key={workspace.key}
          component="a"
          href={`/w/${workspace.key}`}
          onClick={follow}
          label={<Text fw={550}>{workspace.title[locale]}</Text>}
          description={roles.map((role) => role.title[locale]).join(', ')}
        />
      ))}
    </Entrance>
  )
}
