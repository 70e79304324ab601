import { formatMoment } from '@channelwright/runtime/react/parts/moments.ts'
import { useSpeech } from '@channelwright/runtime/react/words/i18n.ts'
import type { Locale } from '@channelwright/runtime/text.ts'
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { api } from './api.ts'

const WorkspaceContext = createContext<string | null>(null)
export const WorkspaceProvider = WorkspaceContext.Provider

const OwnerContext = createContext<string | null>(null)
export const OwnerProvider = OwnerContext.Provider

/** Id of the person whose page this is. */
export function useOwner(): string {
  const owner = useContext(OwnerContext)
  if (owner === null) throw new Error('Nobody is signed in')
  return owner
}

/** Key of the workspace under design. */
export function useWorkspace(): string {
  const workspace = useContext(WorkspaceContext)
  if (workspace === null) throw new Error('No workspace is chosen')
  return workspace
}

export function useLocale(): Locale {
  return useSpeech().locale
}

/** Title of a kind of definition in the reader's language; its name until the list has come. */
export function useKindTitle(): (kind: string) => string {
  const locale = useLocale()
  const kinds = useDefinitions().data?.kinds
  return (name) => kinds?.find((kind) => kind.name === name)?.title[locale] ?? name
}

export function useDefinitions() {
  const workspace = useWorkspace()
  return useQuery({ queryKey: ['definitions', workspace], queryFn: () => api.listDefinitions(workspace) })
}

/** An instant in the reader's language and time zone. */
export function useMoment(): (instant: string) => string {
  const locale = useLocale()
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return (instant) => formatMoment(instant, locale, timeZone)
}
