import { Anchor, type AnchorProps } from '@mantine/core'
import {
  type ComponentProps,
  createContext,
  createElement,
  type MouseEvent,
  type ReactNode,
  useContext,
} from 'react'

/** Where things live in the app around the renderers; the portal's router and the builder's preview differ. */
export interface Navigation {
  /** Address of a record in a view of type detail. */
  record(view: string, id: string): string
  /** Address of a form, for a new record or an old one. */
  form(form: string, id?: string): string
  view(view: string): string
  inbox(task?: string): string
  home(): string
  /** A case of a flow. */
  run(id: string): string
  /** All cases, their figures and older releases, for administrators; `run`: of that case alone. */
  runs(page?: 'figures' | 'versions', run?: string): string
  delegations(): string
  notifications(): string
  /** E-mails that are kept while developing. */
  mail(id?: string): string
  /** Goes there without leaving the page. */
  go(href: string): void
  back(): void
}

const nowhere: Navigation = {
  record: () => '#',
  form: () => '#',
  view: () => '#',
  inbox: () => '#',
  home: () => '#',
  run: () => '#',
  runs: () => '#',
  delegations: () => '#',
  notifications: () => '#',
  mail: () => '#',
  go: () => undefined,
  back: () => undefined,
}

const NavigationContext = createContext<Navigation>(nowhere)
export const NavigationProvider = NavigationContext.Provider
export const useNavigation = () => useContext(NavigationContext)

/** A click that the browser should handle itself: new tab, download, another button. */
function isPlainClick(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
}

/** Follows addresses of the app inside the page. */
export function useFollow(): (event: MouseEvent<HTMLElement>) => void {
  const navigation = useNavigation()
  return (event) => {
    const link = (event.target as HTMLElement).closest('a')
    const href = link?.getAttribute('href')
    if (!href?.startsWith('/') || link?.target === '_blank' || !isPlainClick(event)) return
    event.preventDefault()
    navigation.go(href)
  }
}

/** A region whose links are followed inside the page. The links take the keys; the region only hears their clicks. */
export function LinkRegion<Tag extends 'div' | 'dl' | 'tbody' = 'div'>({
  as,
  ...rest
}: { as?: Tag } & Omit<ComponentProps<Tag>, 'onClick'>) {
  return createElement(as ?? 'div', { ...rest, onClick: useFollow() })
}

export function AppLink({ href, children, ...rest }: AnchorProps & { href: string; children: ReactNode }) {
  const follow = useFollow()
  return (
    <Anchor href={href} onClick={follow} {...rest}>
      {children}
    </Anchor>
  )
}
