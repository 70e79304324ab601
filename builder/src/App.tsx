import { isProblem } from '@channelwright/runtime/react/api/problem.ts'
import { EmptyState, FailedState } from '@channelwright/runtime/react/parts/states.tsx'
import { useSpeech } from '@channelwright/runtime/react/words/i18n.ts'
import {
  AppShell,
  Badge,
  Burger,
  Button,
  Center,
  Group,
  Loader,
  NavLink,
  SegmentedControl,
  Select,
  Text,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconArrowLeft,
  IconFiles,
  IconFlask,
  IconGitCompare,
  IconHistory,
  IconUsers,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { api, type Session } from './api.ts'
import { useDefinitions, useWorkspace, WorkspaceProvider } from './hooks.ts'

const sections = [
  { to: '/', word: 'definitions', Icon: IconFiles },
  { to: '/changes', word: 'changes', Icon: IconGitCompare },
  { to: '/cases', word: 'cases', Icon: IconFlask },
  { to: '/releases', word: 'releases', Icon: IconHistory },
  { to: '/members', word: 'members', Icon: IconUsers },
] as const

/** Finds the workspace to design, then shows the frame around its pages. */
export function App() {
  const { t } = useTranslation('builder')
  const session = useQuery({ queryKey: ['session'], queryFn: () => api.readSession(), retry: false })
  if (session.isPending) {
    return (
      <Center h="100vh">
        <Loader aria-label={t('loading')} />
      </Center>
    )
  }
  if (session.isError && !(isProblem(session.error) && session.error.status === 401)) {
    return (
      <Center h="100vh">
        <FailedState error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    )
  }
  if (!session.data) {
    const next = encodeURIComponent(location.pathname + location.search)
    return (
      <Center h="100vh">
        <EmptyState title={t('signInFirst')}>
          <Button component="a" href={`/sign-in?next=${next}`}>
            {t('signIn')}
          </Button>
        </EmptyState>
      </Center>
    )
  }
  const keys = session.data.memberships
    .filter(({ rights }) => rights.includes('design'))
    .map(({ workspace }) => workspace.key)
  const chosen = chooseWorkspace(keys)
  if (chosen === undefined) {
    return (
      <Center h="100vh">
        <EmptyState title={t('noRight')}>
          <Button component="a" href="/" variant="default">
            {t('toPortal')}
          </Button>
        </EmptyState>
      </Center>
    )
  }
  return (
    <WorkspaceProvider value={chosen}>
      <Frame memberships={session.data.memberships.filter(({ workspace }) => keys.includes(workspace.key))} />
    </WorkspaceProvider>
  )
}

const place = 'cw.builder.workspace'

/** The one in the address, else the one this tab works on, else the first. The tab stays with it from then on. */
function chooseWorkspace(keys: readonly string[]): string | undefined {
  const wanted = new URLSearchParams(location.search).get('workspace') ?? sessionStorage.getItem(place)
  const chosen = keys.find((key) => key === wanted) ?? keys[0]
  if (chosen !== undefined) sessionStorage.setItem(place, chosen)
  return chosen
}

function Frame({ memberships }: { memberships: Session['memberships'] }) {
  const { t } = useTranslation('builder')
  const { locale, setLocale } = useSpeech()
  const workspace = useWorkspace()
  const [opened, { toggle, close }] = useDisclosure()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const list = useDefinitions()
  const drafts = list.data?.definitions.filter((entry) => entry.draft !== null).length ?? 0

  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'lg' }}
    >
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t('menu')} />
            <Text fw={700}>{t('builder')}</Text>
            {memberships.length > 1 ? (
              <Select
                size="xs"
                w={{ base: 130, sm: 200 }}
                aria-label={t('workspace')}
                allowDeselect={false}
                data={memberships.map((one) => ({
                  value: one.workspace.key,
                  label: one.workspace.title[locale],
                }))}
                value={workspace}
                // Another workspace is another page: nothing of this one may stay on it.
                onChange={(key) => key && location.assign(`/builder?workspace=${encodeURIComponent(key)}`)}
              />
            ) : (
              <Text c="dimmed" size="sm" className="cw-clip">
                {memberships[0]?.workspace.title[locale]}
              </Text>
            )}
            <Text c="dimmed" size="sm" visibleFrom="sm" style={{ whiteSpace: 'nowrap' }}>
              {list.data?.release ? t('release', { number: list.data.release }) : t('noRelease')}
            </Text>
          </Group>
          <SegmentedControl
            size="xs"
            aria-label={t('language')}
            data={[
              { value: 'zh', label: '中文' },
              { value: 'en', label: 'EN' },
            ]}
            value={locale}
            onChange={(language) => setLocale(language === 'zh' ? 'zh' : 'en')}
          />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <AppShell.Section grow>
          {sections.map(({ to, word, Icon }) => (
            <NavLink
              key={to}
              component={Link}
              to={to}
              onClick={close}
              active={path === to || (to === '/' && path === '/definition')}
              label={t(word)}
              leftSection={<Icon size={18} />}
              rightSection={
                to === '/changes' && drafts > 0 ? (
                  <Badge size="sm" circle={drafts < 10} color="amber">
                    {drafts}
                  </Badge>
                ) : null
              }
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink
            href={`/w/${encodeURIComponent(workspace)}`}
            label={t('toPortal')}
            leftSection={<IconArrowLeft size={18} />}
          />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
