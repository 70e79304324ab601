import { useSpeech } from '@channelwright/runtime/react/words/i18n.ts'
import {
  AppShell,
  Badge,
  Burger,
  Button,
  Group,
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
  IconWebhook,
} from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Session } from '../api.ts'
import { useDefinitions, useWorkspace } from '../hooks.ts'
import { openSignIn, useSignInNeed } from '../session/ask-to-sign-in.ts'

const sections = [
  { to: '/', word: 'definitions', Icon: IconFiles },
  { to: '/changes', word: 'changes', Icon: IconGitCompare },
  { to: '/cases', word: 'cases', Icon: IconFlask },
  { to: '/releases', word: 'releases', Icon: IconHistory },
  { to: '/hooks', word: 'hooks', Icon: IconWebhook, right: 'administer_flows' },
  { to: '/members', word: 'members', Icon: IconUsers },
] as const

/** Header and navigation around every page of a workspace. */
export function Frame({ memberships }: { memberships: Session['memberships'] }) {
  const { t } = useTranslation('builder')
  const { locale, setLocale } = useSpeech()
  const workspace = useWorkspace()
  const [opened, { toggle, close }] = useDisclosure()
  const path = useRouterState({ select: (state) => state.location.pathname })
  const list = useDefinitions()
  const signedOut = useSignInNeed()
  const { rights = [] } = memberships.find((one) => one.workspace.key === workspace) ?? {}
  const shown = sections.filter((one) => !('right' in one) || rights.includes(one.right))
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
          <Group gap="xs" wrap="nowrap">
            {signedOut && (
              <Button size="compact-sm" color="red" onClick={openSignIn}>
                {t('signIn')}
              </Button>
            )}
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
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs">
        <AppShell.Section grow>
          {shown.map(({ to, word, Icon }) => (
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
