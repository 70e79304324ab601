import { useSpeech } from '@channelwright/runtime/react/words/i18n.ts'
import {
  AppShell,
  Badge,
  Burger,
  Center,
  Group,
  Loader,
  NavLink,
  SegmentedControl,
  Stack,
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
  const membership = chooseMembership(session.data?.memberships ?? [])
  if (!membership) {
    return (
      <Center h="100vh">
        <Stack align="center">
          <Text>{t(session.isError ? 'signInFirst' : 'noRight')}</Text>
          <a href="/">{t('toPortal')}</a>
        </Stack>
      </Center>
    )
  }
  return (
    <WorkspaceProvider value={membership}>
      <Frame />
    </WorkspaceProvider>
  )
}

/** `?workspace=` in the address, else the one used last in the portal, else the first. */
function chooseMembership(memberships: Session['memberships']): string | undefined {
  const keys = memberships
    .filter(({ rights }) => rights.includes('design'))
    .map(({ workspace }) => workspace.key)
  const wanted = new URLSearchParams(location.search).get('workspace') ?? localStorage.getItem('cw:workspace')
  return keys.find((key) => key === wanted) ?? keys[0]
}

function Frame() {
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
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t('definitions')}
            />
            <Text fw={700}>{t('builder')}</Text>
            <Text c="dimmed" size="sm" visibleFrom="sm">
              {workspace} ·{' '}
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
                  <Badge size="sm" circle={drafts < 10} color="yellow">
                    {drafts}
                  </Badge>
                ) : null
              }
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          <NavLink href="/" label={t('toPortal')} leftSection={<IconArrowLeft size={18} />} />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  )
}
