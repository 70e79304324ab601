import { Avatar, Menu, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import {
  IconAdjustments,
  IconDeviceDesktop,
  IconDevices,
  IconLanguage,
  IconLogout,
  IconMoon,
  IconSun,
  IconSwitchHorizontal,
  IconUser,
  IconUserShare,
} from '@tabler/icons-react'
import { sweepDrafts, useFollow, useNavigation, useSpeech, useWorkspace } from '../../../react/index.ts'
import { useSession } from '../session.tsx'

/** Who I am here, and what concerns me rather than the work. */
export function AccountMenu({ compact }: { compact?: boolean }) {
  const { say, locale, setLocale } = useSpeech()
  const { portal, key } = useWorkspace()
  const { session, signOut } = useSession()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const follow = useFollow()
  const navigation = useNavigation()
  const { user, rights } = portal
  const roles = user.roles.map((role) => role.title[locale]).join(', ')
  const leave = (everywhere: boolean) => {
    sweepDrafts(new Date(), user.id)
    void signOut(everywhere)
  }
  const schemes = [
    { key: 'light', icon: IconSun },
    { key: 'dark', icon: IconMoon },
    { key: 'auto', icon: IconDeviceDesktop },
  ] as const
  return (
    <Menu position={compact ? 'bottom-end' : 'top-start'} width={260} withinPortal>
      <Menu.Target>
        <UnstyledButton
          className="cw-account"
          aria-label={compact ? `${say('app.account')}: ${user.name}` : undefined}
        >
          <Avatar size={compact ? 30 : 34} radius="xl" color="harbor">
            <IconUser size={18} stroke={1.7} aria-hidden />
          </Avatar>
          {!compact && (
            <span style={{ minWidth: 0, flex: 1 }}>
              <Text size="sm" fw={550} className="cw-clip">
                {user.name}
              </Text>
              <Text size="xs" c="dimmed" className="cw-clip">
                {user.partner?.title ?? roles}
              </Text>
            </span>
          )}
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.email}
          {roles && (
            <>
              <br />
              {roles}
            </>
          )}
        </Menu.Label>
        {rights.includes('design') && (
          <Menu.Item
            component="a"
            href={`/builder?workspace=${encodeURIComponent(key)}`}
            leftSection={<IconAdjustments size={16} />}
          >
            {say('app.builder')}
          </Menu.Item>
        )}
        {session && session.memberships.length > 1 && (
          <Menu.Item component="a" href="/" onClick={follow} leftSection={<IconSwitchHorizontal size={16} />}>
            {say('app.workspaces')}
          </Menu.Item>
        )}
        <Menu.Item
          component="a"
          href={navigation.delegations()}
          onClick={follow}
          leftSection={<IconUserShare size={16} />}
        >
          {say('delegation.title')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLanguage size={16} />}
          onClick={() => setLocale(locale === 'zh' ? 'en' : 'zh')}
          lang={locale === 'zh' ? 'en' : 'zh-CN'}
        >
          {locale === 'zh' ? 'English' : '中文'}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{say('app.theme')}</Menu.Label>
        {schemes.map(({ key: scheme, icon: Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} />}
            rightSection={colorScheme === scheme ? '✓' : undefined}
            onClick={() => setColorScheme(scheme)}
          >
            {say(`app.theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave(false)}>
          {say('app.signOut')}
        </Menu.Item>
        <Menu.Item leftSection={<IconDevices size={16} />} onClick={() => leave(true)}>
          {say('app.signOutEverywhere')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
