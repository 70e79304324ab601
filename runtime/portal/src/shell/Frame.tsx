import { Badge, Drawer, Indicator, NavLink, Text } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { IconChecklist, IconMenu2 } from '@tabler/icons-react'
import { useLocation } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import {
  NamedIcon,
  NotificationBell,
  useFollow,
  useLiveCounts,
  useNavigation,
  useSpeech,
  useWaiting,
  useWorkspace,
} from '../../../react/index.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { LanguageSwitch } from './LanguageSwitch.tsx'

interface Entry {
  readonly href: string
  readonly title: string
  readonly icon: string | null
  readonly badge?: number
  readonly badgeColor?: string
  /** What the number counts, where its entry does not say so. */
  readonly badgeTitle?: string | undefined
  /** Whether the page that is open belongs to it. */
  readonly here: boolean
}

/** Rail at a desk, bar at the bottom of a phone; the page between. */
export function Frame({ children }: { children: ReactNode }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  useLiveCounts()
  const entries = useEntries()
  const [open, menu] = useDisclosure(false)
  const path = useLocation({ select: (location) => location.pathname })
  // One bell: what is hidden would ask and be heard as well.
  const wide = useMediaQuery('(min-width: 56em)', undefined, { getInitialValueInEffect: false }) ?? true
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when the page changes
  useEffect(() => menu.close(), [path])
  useEffect(() => {
    const page = entries.find((entry) => entry.here)?.title
    document.title = [page, portal.workspace.title[locale]].filter(Boolean).join(' · ')
  })
  const bottom = entries.length > 5 ? entries.slice(0, 4) : entries
  const hidden = entries.slice(bottom.length).find((entry) => entry.badge)
  return (
    <div className="cw-frame">
      <a href="#page" className="cw-skip">
        {say('app.skip')}
      </a>
      <aside className="cw-rail">
        <div className="cw-rail-head">
          <img src="/icon.svg" alt="" width={28} height={28} />
          <Text fw={600} className="cw-clip" style={{ flex: 1 }} title={portal.workspace.title[locale]}>
            {portal.workspace.title[locale]}
          </Text>
        </div>
        <Menu entries={entries} />
        <div className="cw-rail-foot">
          <AccountMenu />
          {wide && <NotificationBell position="top-end" />}
        </div>
      </aside>
      <header className="cw-topbar">
        <img src="/icon.svg" alt="" width={26} height={26} />
        <Text fw={600} className="cw-clip" style={{ flex: 1 }}>
          {portal.workspace.title[locale]}
        </Text>
        {!wide && <NotificationBell />}
        <LanguageSwitch compact />
        <AccountMenu compact />
      </header>
      <main id="page" className="cw-page" tabIndex={-1}>
        {children}
      </main>
      <nav className="cw-bottombar" aria-label={say('app.menu')}>
        {bottom.map((entry) => (
          <BottomEntry key={entry.href} entry={entry} />
        ))}
        {entries.length > bottom.length && (
          <button type="button" className="cw-bottom" onClick={menu.open} aria-expanded={open}>
            <Indicator
              label={hidden?.badge}
              disabled={hidden === undefined}
              color={hidden?.badgeColor}
              size={16}
              offset={2}
            >
              <IconMenu2 size={22} stroke={1.6} />
            </Indicator>
            <span>{say('app.more')}</span>
          </button>
        )}
      </nav>
      <Drawer
        opened={open}
        onClose={menu.close}
        position="bottom"
        size="auto"
        title={<Text fw={600}>{say('app.menu')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        <Menu entries={entries} />
      </Drawer>
    </div>
  )
}

function useEntries(): Entry[] {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const navigation = useNavigation()
  const waiting = useWaiting()
  const path = useLocation({ select: (location) => location.pathname })
  const inbox = {
    href: navigation.inbox(),
    title: say('app.inbox'),
    icon: 'checklist',
    badge: waiting.todo,
    here: path.startsWith(navigation.inbox()),
  }
  const pages = portal.menu.map((entry): Entry => {
    const isHome = entry.view === portal.home
    const href = isHome ? navigation.home() : navigation.view(entry.view)
    return {
      href,
      title: entry.title[locale],
      icon: entry.icon,
      here: isHome
        ? path.replace(/\/$/, '') === href || path === navigation.view(entry.view)
        : path.startsWith(href),
    }
  })
  const runs = {
    href: navigation.runs(),
    title: say('runs.title'),
    icon: 'report',
    badge: waiting.stuck,
    badgeColor: 'red',
    badgeTitle: waiting.stuck ? say('runs.stuckCount', { count: waiting.stuck }) : undefined,
    here: path.startsWith(navigation.runs()),
  }
  const mail = {
    href: navigation.mail(),
    title: say('mail.title'),
    icon: 'mail',
    here: path.startsWith(navigation.mail()),
  }
  const own = portal.rights.includes('administer_flows') ? [runs, ...(portal.kept_mail ? [mail] : [])] : []
  const [first, ...rest] = pages
  // The inbox stands beside the first page: what waits comes before what can be browsed.
  return first ? [first, inbox, ...rest, ...own] : [inbox, ...own]
}

function Menu({ entries }: { entries: readonly Entry[] }) {
  const follow = useFollow()
  const { say } = useSpeech()
  return (
    <nav aria-label={say('app.menu')} className="cw-menu">
      {entries.map((entry) => (
        <NavLink
          key={entry.href}
          component="a"
          href={entry.href}
          onClick={follow}
          label={entry.title}
          leftSection={<EntryIcon entry={entry} size={19} />}
          rightSection={
            entry.badge ? (
              <Badge
                size="sm"
                variant="filled"
                color={entry.badgeColor}
                title={entry.badgeTitle}
                aria-label={entry.badgeTitle}
              >
                {entry.badge}
              </Badge>
            ) : undefined
          }
          active={entry.here}
          aria-current={entry.here ? 'page' : undefined}
          className="cw-menu-entry"
        />
      ))}
    </nav>
  )
}

function BottomEntry({ entry }: { entry: Entry }) {
  const follow = useFollow()
  return (
    <a
      href={entry.href}
      onClick={follow}
      className="cw-bottom"
      aria-current={entry.here ? 'page' : undefined}
    >
      <Indicator label={entry.badge} disabled={!entry.badge} color={entry.badgeColor} size={16} offset={2}>
        <EntryIcon entry={entry} size={22} />
      </Indicator>
      <span>{entry.title}</span>
    </a>
  )
}

function EntryIcon({ entry, size }: { entry: Entry; size: number }) {
  return entry.icon === 'checklist' ? (
    <IconChecklist size={size} stroke={1.6} aria-hidden />
  ) : (
    <NamedIcon name={entry.icon ?? undefined} size={size} />
  )
}
