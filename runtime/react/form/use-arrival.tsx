import { Text } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { awaitsFile, onlyFilesSettled } from '../../src/fields/file/on-its-way.ts'
import type { Json } from '../../src/json.ts'
import { useSpeech } from '../words/i18n.ts'

/**
 * What somebody began while files were on their way is done as soon as the last one is there. Whoever changes something
 * meanwhile, or leaves a file out, has second thoughts: then it waits to be begun again.
 */
export function useArrival<T>(held: Json, act: (what: T) => void) {
  const [begun, setBegun] = useState<{ readonly what: T } | null>(null)
  const latest = useRef(act)
  latest.current = act
  const isReady = !awaitsFile(held)
  useEffect(() => {
    if (begun === null || !isReady) return
    setBegun(null)
    latest.current(begun.what)
  }, [begun, isReady])
  const callOff = () => setBegun(null)
  return {
    /** What is begun and waits for files; null: nothing. */
    waiting: begun?.what ?? null,
    begin: (what: T) => (isReady ? act(what) : setBegun({ what })),
    /** To be told of every change of what is held; and, with `callOff`, of what is entered beside it. */
    noteChange: (before: Json, after: Json) => {
      if (!onlyFilesSettled(before, after)) callOff()
    },
    callOff,
  }
}

/** Says what a button that was pressed waits for, in a line of its own among the buttons. */
export function AwaitingFiles() {
  const { say } = useSpeech()
  return (
    <Text size="sm" c="dimmed" w="100%" role="status">
      {say('form.awaitingFiles')}
    </Text>
  )
}
