import { type ReactNode, useState } from 'react'
import { isProblem } from '../api/problem.ts'
import type { Picks } from '../views/flows/PickInputs.tsx'
import { PicksDialog } from './PicksDialog.tsx'

/** Whom somebody chose for steps of the flows that a write starts, by the flow. */
export type StartPicks = Readonly<Record<string, Picks>>

interface Question {
  readonly flow: string
  answer(picks: Picks | null): void
}

/**
 * Writes, and where a flow that begins by it asks who shall be asked, finds out by a dialog and writes again. Whether
 * it asks depends on the record, so the server is heard first.
 */
export function useChoosing(): {
  readonly dialog: ReactNode
  retry<T>(write: (picks?: StartPicks) => Promise<T>): Promise<T>
} {
  const [question, setQuestion] = useState<Question | null>(null)
  const ask = (flow: string) =>
    new Promise<Picks | null>((resolve) => {
      const answer = (picks: Picks | null) => {
        setQuestion(null)
        resolve(picks)
      }
      setQuestion({ flow, answer })
    })
  return {
    dialog: question && (
      <PicksDialog
        key={question.flow}
        flow={question.flow}
        onChosen={question.answer}
        onCancel={() => question.answer(null)}
      />
    ),
    async retry(write) {
      let picks: StartPicks = {}
      for (;;) {
        try {
          return await (Object.keys(picks).length === 0 ? write() : write(picks))
        } catch (error) {
          const flow = askedFlow(error)
          // Asked twice means that the answer did not do: what is wrong with it is told by the form.
          if (flow === null || picks[flow] !== undefined) throw error
          const chosen = await ask(flow)
          if (chosen === null) throw error
          picks = { ...picks, [flow]: chosen }
        }
      }
    },
  }
}

function askedFlow(error: unknown): string | null {
  if (!isProblem(error) || error.code !== 'FLOW_PICK_MISSING') return null
  return error.details[0]?.path.match(/^\/picks\/(\w+)$/)?.[1] ?? null
}
