import type { DefinitionText } from '@channelwright/runtime/api/definitions.ts'
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { api, isConflict } from '../api.ts'
import { useOwner, useWorkspace } from '../hooks.ts'
import { openSignIn } from '../session/ask-to-sign-in.ts'
import { forget, type KeptText, keep, keptPlace, recall, TextKeeper } from './kept-text.ts'

export type SaveState = 'saved' | 'unsaved' | 'saving' | 'conflict' | { failed: string }

/** Saves that go on after their page was left; who comes back waits for them. */
const leaving = new Map<string, Promise<unknown>>()

/**
 * The text of one definition while it is edited. Every change is saved as the draft after a pause, and when its page is
 * left; what could not be saved stays in the browser (also over a reload) until it is. Of two texts that met, the one
 * not chosen is set aside rather than lost.
 */
export function useDraft(pack: string, path: string) {
  const workspace = useWorkspace()
  const owner = useOwner()
  const client = useQueryClient()
  const key = ['source', workspace, pack, path]
  const unsavedAt = keptPlace('draft', owner, workspace, pack, path)
  const asideAt = keptPlace('aside', owner, workspace, pack, path)
  const source = useQuery({
    queryKey: key,
    queryFn: async () => {
      await leaving.get(unsavedAt)
      return api.readSource(workspace, pack, path)
    },
  })
  const [text, setText] = useState<string | null>(null)
  const [state, setState] = useState<SaveState>('saved')
  const [theirs, setTheirs] = useState<DefinitionText | null>(null)
  const [aside, setAside] = useState<KeptText | null>(() => recall(asideAt))
  const keeper = useMemo(() => new TextKeeper(unsavedAt), [unsavedAt])
  const rev = useRef(0)
  const latest = useRef({ text, state })
  latest.current = { text, state }

  useEffect(() => {
    if (!source.data || leaving.has(unsavedAt)) return
    if (text === null) {
      const unsaved = recall(unsavedAt)
      // The number its writing began from: a draft that somebody saved since then must be noticed, not overwritten.
      rev.current = unsaved?.rev ?? source.data.draft?.rev ?? 0
      setText(unsaved?.text ?? textOf(source.data))
      if (unsaved) setState('unsaved')
    } else if (latest.current.state === 'saved' && (source.data.draft?.rev ?? 0) !== rev.current) {
      // Saved elsewhere while nothing is written here: another tab, a colleague.
      rev.current = source.data.draft?.rev ?? 0
      setText(textOf(source.data))
    }
  }, [source.data, text, unsavedAt])

  const now = (next: string): KeptText => ({
    text: next,
    rev: rev.current,
    at: new Date().toISOString(),
  })
  const save = useMutation({
    mutationFn: (next: string | null) =>
      api.saveDraft(workspace, { pack, path, text: next, rev: rev.current }),
    onMutate: () => setState('saving'),
    onSuccess: (saved, next) => {
      rev.current = saved.draft?.rev ?? 0
      const typed = latest.current.text
      if (next !== null && typed !== null && typed !== next) {
        // Typed on while the save was under way.
        keeper.keep(now(typed))
        setState('unsaved')
      } else {
        keeper.forget()
        setState('saved')
      }
      takeUp(client, workspace, saved)
    },
    onError: async (error, next) => {
      if (!isConflict(error)) {
        setState({ failed: error.message })
        return
      }
      try {
        const met = await api.readSource(workspace, pack, path)
        if (met.draft?.text !== undefined && met.draft.text === next) {
          // The same words from another tab are no conflict.
          rev.current = met.draft.rev
          if (latest.current.text === next) keeper.forget()
          setState(latest.current.text === next ? 'saved' : 'unsaved')
          takeUp(client, workspace, met)
          return
        }
        setTheirs(met)
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

  useEffect(() => {
    const flush = () => keeper.flush()
    addEventListener('pagehide', flush)
    return () => {
      removeEventListener('pagehide', flush)
      keeper.flush()
      const left = latest.current
      if (left.state !== 'unsaved' || left.text === null) return
      const text = left.text
      const saving = api
        .saveDraft(workspace, { pack, path, text, rev: rev.current })
        .then((saved) => {
          forget(unsavedAt)
          takeUp(client, workspace, saved)
        })
        // It stays in the browser; the page says so when it is opened again.
        .catch(() => undefined)
        .finally(() => leaving.delete(unsavedAt))
      leaving.set(unsavedAt, saving)
    }
  }, [keeper, client, workspace, pack, path, unsavedAt])

  const edit = (next: string) => {
    setText(next)
    keeper.keep(now(next))
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
    retry() {
      openSignIn()
      setState('unsaved')
    },
    /** After a conflict: take what the other person saved, or save over it; the text not chosen is set aside. */
    settle(choice: 'mine' | 'theirs') {
      if (!theirs || text === null) return
      rev.current = theirs.draft?.rev ?? 0
      const other = textOf(theirs)
      lay(now(choice === 'mine' ? other : text))
      setTheirs(null)
      if (choice === 'mine') {
        keeper.keep(now(text))
        setState('unsaved')
      } else {
        keeper.forget()
        setText(other)
        setState('saved')
      }
      client.setQueryData(key, theirs)
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
        keeper.forget()
        rev.current = 0
        setText(textOf(back))
        setState('saved')
        takeUp(client, workspace, back)
      } catch (error) {
        setState({ failed: error instanceof Error ? error.message : String(error) })
      }
    },
  }
}

/** A draft changed: what is shown of it elsewhere is old now. */
function takeUp(client: QueryClient, workspace: string, text: DefinitionText): void {
  client.setQueryData<DefinitionText>(['source', workspace, text.pack, text.path], text)
  for (const shown of ['definitions', 'plan', 'check'])
    void client.invalidateQueries({
      queryKey: [shown, workspace],
      refetchType: shown === 'check' ? 'none' : 'active',
    })
}

function textOf(source: DefinitionText): string {
  return source.draft?.text ?? source.released ?? ''
}
