import type { DefinitionText } from '@channelwright/runtime/api/definitions.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, isConflict } from '../api.ts'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | { failed: string }

/**
 * The text of one definition while it is edited. Every change is saved as the draft after a pause; what could not be
 * saved stays in the browser (also over a reload) until it is.
 */
export function useDraft(workspace: string, pack: string, path: string) {
  const client = useQueryClient()
  const key = ['source', workspace, pack, path]
  const source = useQuery({ queryKey: key, queryFn: () => api.readSource(workspace, pack, path) })
  const [text, setText] = useState<string | null>(null)
  const [state, setState] = useState<SaveState>('saved')
  const kept = `cw:draft:${workspace}:${pack}:${path}`
  const rev = useRef(0)

  useEffect(() => {
    if (!source.data || text !== null) return
    rev.current = source.data.draft?.rev ?? 0
    const unsaved = localStorage.getItem(kept)
    setText(unsaved ?? textOf(source.data))
    if (unsaved !== null) setState('unsaved')
  }, [source.data, text, kept])

  const save = useMutation({
    mutationFn: (next: string | null) =>
      api.saveDraft(workspace, { pack, path, text: next, rev: rev.current }),
    onMutate: () => setState('saving'),
    onSuccess: (saved, next) => {
      rev.current = saved.draft?.rev ?? 0
      client.setQueryData<DefinitionText>(key, saved)
      void client.invalidateQueries({ queryKey: ['definitions', workspace] })
      if (localStorage.getItem(kept) === next || next === null) localStorage.removeItem(kept)
      setState(localStorage.getItem(kept) === null ? 'saved' : 'unsaved')
    },
    onError: (error) => setState(isConflict(error) ? 'conflict' : { failed: error.message }),
  })

  const { mutate, isPending } = save
  useEffect(() => {
    if (state !== 'unsaved' || text === null || isPending) return
    const timer = setTimeout(() => mutate(text), 800)
    return () => clearTimeout(timer)
  }, [state, text, mutate, isPending])

  return {
    source,
    text,
    state,
    edit(next: string) {
      setText(next)
      localStorage.setItem(kept, next)
      setState('unsaved')
    },
    retry: () => setState('unsaved'),
    /** After a conflict: read what the other person saved, and either take it or save over it. */
    async settle(choice: 'mine' | 'theirs') {
      const theirs = await api.readSource(workspace, pack, path)
      client.setQueryData(key, theirs)
      rev.current = theirs.draft?.rev ?? 0
      if (choice === 'theirs') {
        localStorage.removeItem(kept)
        setText(textOf(theirs))
        setState('saved')
      } else {
        setState('unsaved')
      }
    },
    remove: () => mutate(null),
    async discard() {
      const back = await api.discardDraft(workspace, pack, path, rev.current)
      localStorage.removeItem(kept)
      rev.current = 0
      client.setQueryData(key, back)
      setText(textOf(back))
      setState('saved')
      await client.invalidateQueries({ queryKey: ['definitions', workspace] })
    },
  }
}

function textOf(source: DefinitionText): string {
  return source.draft?.text ?? source.released ?? ''
}
