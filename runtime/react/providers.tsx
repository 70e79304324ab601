import { MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { i18n } from 'i18next'
import { type ReactNode, useEffect, useState } from 'react'
import { I18nextProvider } from 'react-i18next'
import { isProblem } from './api/problem.ts'
import { resolveVariables, theme } from './theme/theme.ts'
import { createI18n, readLocale, useSpeech } from './words/i18n.ts'
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './theme/theme.css'
import './theme/flows.css'

/** Refusals are answers: only silence and trouble on the server are worth another try. */
function isWorthRetrying(count: number, error: unknown): boolean {
  if (!isProblem(error)) return false
  return count < 2 && (error.kind === 'network' || error.status === 503 || error.status === 429)
}

export function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 15_000, retry: isWorthRetrying, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  })
}

/**
 * Everything the renderers stand on: theme, words, dates, calls. One at the root of an app; the portal and the
 * builder use the same.
 */
export function AppProviders({
  children,
  queries,
  words,
}: {
  children: ReactNode
  queries?: QueryClient
  words?: i18n
}) {
  const [client] = useState(() => queries ?? createQueries())
  const [translator] = useState(() => words ?? createI18n(readLocale()))
  return (
    <I18nextProvider i18n={translator}>
      <QueryClientProvider client={client}>
        <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="light">
          <Localised>{children}</Localised>
        </MantineProvider>
      </QueryClientProvider>
    </I18nextProvider>
  )
}

function Localised({ children }: { children: ReactNode }) {
  const { locale } = useSpeech()
  useEffect(() => {
    document.documentElement.lang = locale === 'zh' ? 'zh-CN' : 'en'
  }, [locale])
  return (
    <>
      <Notifications position="top-center" limit={3} autoClose={4000} />
      {children}
    </>
  )
}
