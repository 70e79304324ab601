import { useSyncExternalStore } from 'react'

/**
 * The server no longer knows who works here. Calls that found it out wait until the person has signed in again, and are
 * then sent once more; whoever declines is left in peace until the way back is taken from the header or by a retry.
 */
export interface SignInNeed {
  /** `SESSION_OF_ANOTHER`: somebody else signed in with this browser. */
  readonly code: string
  /** The dialog is shown; else only the header says so. */
  readonly open: boolean
}

let need: SignInNeed | null = null
const waiting: ((again: boolean) => void)[] = []
const watchers = new Set<() => void>()

function become(next: SignInNeed | null): void {
  need = next
  for (const watch of watchers) watch()
}

/** Resolves to true once the person has signed in again, to false when they would rather not now. */
export function askToSignIn(code: string): Promise<boolean> {
  if (need && !need.open) {
    if (need.code !== code) become({ code, open: false })
    return Promise.resolve(false)
  }
  if (need?.code !== code) become({ code, open: true })
  return new Promise((resolve) => waiting.push(resolve))
}

export function openSignIn(): void {
  if (need) become({ ...need, open: true })
}

/** The dialog has ended: signed in again, or put off. */
export function settleSignIn(again: boolean): void {
  become(again || !need ? null : { ...need, open: false })
  for (const resolve of waiting.splice(0)) resolve(again)
}

export function useSignInNeed(): SignInNeed | null {
  return useSyncExternalStore(
    (watch) => {
      watchers.add(watch)
      return () => watchers.delete(watch)
    },
    () => need,
  )
}
