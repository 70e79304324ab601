import { Alert } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import type { ApiProblem } from '../api/problem.ts'

/** Why a command was not done, in the words of whoever refused it. */
export function Refused({
  problem,
  mb = 'md',
}: {
  problem: Pick<ApiProblem, 'message' | 'hint'>
  /** The space below, none where what it stands among keeps its own. */
  mb?: 'md' | 0
}) {
  return (
    <Alert color="red" mb={mb} role="alert" icon={<IconAlertTriangle size={18} />} title={problem.message}>
      {problem.hint}
    </Alert>
  )
}

/** Calls `act` once something of what is `entered` has become something else. */
export function useChanged(entered: readonly unknown[], act: () => void): void {
  const known = useRef(entered)
  useEffect(() => {
    const before = known.current
    known.current = entered
    if (entered.some((one, at) => !Object.is(one, before[at]))) act()
  })
}

interface Attempt<E> {
  readonly error: E | null
  reset(): void
}

/**
 * Why what was sent last was refused, until something of what is `entered` changes: a refusal is about what was sent,
 * and whoever has changed it need not read on that it is wrong.
 */
export function useRefusal<E>(attempt: Attempt<E>, entered: readonly unknown[]): E | null {
  useChanged(entered, () => {
    // Not while it is on its way: its answer would be lost.
    if (attempt.error !== null) attempt.reset()
  })
  return attempt.error
}
