import { useCallback, useEffect, useState } from 'react'

/** Words that outlive a reload, a lost session and a task that somebody else settled first; until they are dropped. */
export function useKeptWords(name: string): readonly [string, (words: string) => void, () => void] {
  const [words, setWords] = useState(() => sessionStorage.getItem(name) ?? '')
  useEffect(() => {
    if (words === '') sessionStorage.removeItem(name)
    else sessionStorage.setItem(name, words)
  }, [name, words])
  const drop = useCallback(() => {
    sessionStorage.removeItem(name)
    setWords('')
  }, [name])
  return [words, setWords, drop]
}
