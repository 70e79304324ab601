import { useMediaQuery } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useMemo } from 'react'
import type { ClientRelease } from '../../src/api/records.ts'
import { FaceProvider, type FaceServices } from '../../src/fields/face.tsx'
import type { WorkspaceApi } from '../api/client.ts'
import { useNavigation } from '../parts/navigation.tsx'
import { useSpeech } from '../words/i18n.ts'
import { widgetOf } from './widgets.tsx'

/** Adds what faces of fields need: searches, titles, links. Without an api (a preview) searches find nothing. */
export function Faces({
  api,
  release,
  timeZone,
  children,
}: {
  api: WorkspaceApi | null
  release: ClientRelease | null
  timeZone: string
  children: ReactNode
}) {
  const { locale } = useSpeech()
  const navigation = useNavigation()
  const queries = useQueryClient()
  const coarse = useMediaQuery('(pointer: coarse)', undefined, { getInitialValueInEffect: false }) ?? false
  const narrow = useMediaQuery('(max-width: 40em)', undefined, { getInitialValueInEffect: false }) ?? false
  const touch = coarse || (narrow && navigator.maxTouchPoints > 0)

  const services = useMemo<FaceServices>(() => {
    const displayOf = (object: string) => release?.objects[object]?.definition.display
    const titleOf = (object: string, record: Readonly<Record<string, unknown>>) => {
      const display = displayOf(object)
      const title = display ? record[display] : undefined
      return typeof title === 'string' && title !== '' ? title : String(record.id)
    }
    return {
      locale,
      timeZone,
      touch,
      widget: widgetOf,
      files: api ? api.files : null,
      async searchRecords(object, query, cursor) {
        if (!api) return { rows: [], next: null }
        const display = displayOf(object)
        const page = await api.listRecords({
          object,
          search: query || undefined,
          sort: display,
          limit: 20,
          cursor,
        })
        return {
          rows: page.records.map((record) => ({ id: record.id, title: titleOf(object, record) })),
          next: page.next,
        }
      },
      async searchUsers(query) {
        if (!api) return { rows: [], next: null }
        const { people } = await api.searchPeople(query)
        // Whoever is picked was found just now: the field can name them at once.
        for (const person of people)
          queries.setQueryData(['title', api.workspace, 'user', person.id], person.name)
        return { rows: people.map((person) => ({ id: person.id, title: person.name })), next: null }
      },
      async findTitle(kind, id) {
        if (!api) return null
        if (kind === 'user') {
          return queries.fetchQuery({
            queryKey: ['title', api.workspace, 'user', id],
            staleTime: 60_000,
            queryFn: async () => (await api.findPerson(id))?.name ?? null,
          })
        }
        return queries.fetchQuery({
          queryKey: ['title', api.workspace, kind.object, id],
          staleTime: 60_000,
          queryFn: async () => titleOf(kind.object, (await api.readRecord(kind.object, id)).record),
        })
      },
      recordHref(object, id) {
        const detail = Object.values(release?.views ?? {}).find(
          (view) => view.type === 'detail' && view.object === object,
        )
        return detail ? navigation.record(detail.key, id) : undefined
      },
    }
  }, [api, release, timeZone, locale, touch, navigation, queries])
  return <FaceProvider value={services}>{children}</FaceProvider>
}
