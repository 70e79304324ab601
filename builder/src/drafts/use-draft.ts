import type { DefinitionText } from '@channelwright/runtime/api/definitions.ts'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { api, isConflict } from '../api.ts'
import { forget, type KeptText, keep, keptPlace, recall } from './kept-text.ts'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | { failed: string }

/**
 * The text of one definition while it is edited. Every change is saved as the draft after a pause; what could not be
 * saved stays in the browser (also over a reload) until it is. Of two texts that met, the one not chosen is set aside
 * rather than lost.
 */
export function useDraft(workspace: string, pack: string, path: string) {
  const client = useQueryClient()
  const key = ['source', workspace, pack, path]
  const source = useQuery({ queryKey: key, queryFn: () => api.readSource(workspace, pack, path) })
  const [text, setText] = useState<string | null>(null)
  const [state, setState] = useState<SaveState>('saved')
  const [theirs, setTheirs] = useState<DefinitionText | null>(null)
  const unsavedAt = keptPlace('draft', workspace, pack, path)
  const asideAt = keptPlace('aside', workspace, pack, path)
  const [aside, setAside] = useState<KeptText | null>(() => recall(asideAt))
  const rev = useRef(0)
  const latest = useRef(text)
  latest.current = text

  useEffect(() => {
    if (!source.data || text !== null) return
    const unsaved = recall(unsavedAt)
    // The number its writing began from: a draft that somebody saved since then must be noticed, not overwritten.
    rev.current = unsaved?.rev ?? source.data.draft?.rev ?? 0
    setText(unsaved?.text ?? textOf(source.data))
    if (unsaved) setState('unsaved')
  }, [source.data, text, unsavedAt])

  const save = useMutation({
    mutationFn: (next: string | null) =>
      api.saveDraft(workspace, { pack, path, text: next, rev: rev.current }),
    onMutate: () => setState('saving'),
    onSuccess: (saved, next) => {
      rev.current = saved.draft?.rev ?? 0
      client.setQueryData<DefinitionText>(key, saved)
      void client.invalidateQueries({ queryKey: ['definitions', workspace] })
      if (next !== null && latest.current !== null && latest.current !== next) {
        // Typed on while the save was under way.
        keep(unsavedAt, { text: latest.current, rev: rev.current, at: new Date().toISOString() })
        setState('unsaved')
      } else {
        forget(unsavedAt)
        setState('saved')
      }
    },
    onError: async (error) => {
      if (!isConflict(error)) {
        setState({ failed: error.message })
        return
      }
      try {
        setTheirs(await api.readSource(workspace, pack, path))
        setState('conflict')
      } catch (unread) {
        setState({ failed: unread instanceof Error ? unread.message : String(unread) })
      }
    },
  })

  const { mutate, isPending } = save
  useEffect(() => {
    if (state !== 'unsaved' || text === null || isPending) return
    const timer = setTimeout(() => mutate(text), 800)
    return () => clearTimeout(timer)
  }, [state, text, mutate, isPending])

  const edit = (next: string) => {
    setText(next)
    keep(unsavedAt, { text: next, rev: rev.current, at: new Date().toISOString() })
    // While two texts stand against each other, nothing is saved until the person has chosen.
    setState((before) => (before === 'conflict' ? 'conflict' : 'unsaved'))
  }
  const lay = (kept: KeptText | null) => {
    setAside(kept)
    if (kept) keep(asideAt, kept)
    else forget(asideAt)
  }

  return {
    source,
    text,
    state,
    /** In a conflict: the text that the other person saved. */
    theirs: state === 'conflict' && theirs ? textOf(theirs) : null,
    /** The text that lost a conflict, until it is dismissed. */
    aside,
    edit,
    retry: () => setState('unsaved'),
    /** After a conflict: take what the other person saved, or save over it; the text not chosen is set aside. */
    settle(choice: 'mine' | 'theirs') {
      if (!theirs || text === null) return
      client.setQueryData(key, theirs)
      rev.current = theirs.draft?.rev ?? 0
      const other = textOf(theirs)
      const at = new Date().toISOString()
      lay({ text: choice === 'mine' ? other : text, rev: rev.current, at })
      setTheirs(null)
      if (choice === 'mine') {
        keep(unsavedAt, { text, rev: rev.current, at })
        setState('unsaved')
      } else {
        forget(unsavedAt)
        setText(other)
        setState('saved')
      }
    },
    /** Swaps the text set aside with the one in the editor. */
    takeAside() {
      if (!aside || text === null) return
      const back = aside.text
      lay({ ...aside, text })
      edit(back)
    },
    dismissAside: () => lay(null),
    remove: () => mutate(null),
    async discard() {
      try {
        const back = await api.discardDraft(workspace, pack, path, rev.current)
        forget(unsavedAt)
        rev.current = 0
        client.setQueryData(key, back)
        setText(textOf(back))
        setState('saved')
        await client.invalidateQueries({ queryKey: ['definitions', workspace] })
      } catch (error) {
        setState({ failed: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}

function textOf(source: DefinitionText): string {
  return source.draft?.text ?? source.released ?? ''
}
