import { useCallback, useRef } from 'react'
import { newId } from '../../parts/ids.ts'

/** One id for one command in the same words: sent again after a lost answer it is done once. */
export function useCommandIds(): (...words: readonly unknown[]) => string {
  const known = useRef(new Map<string, string>())
  return useCallback((...words) => {
    const mark = JSON.stringify(words)
    const id = known.current.get(mark) ?? newId()
    known.current.set(mark, id)
    return id
  }, [])
}
