import { isAmount } from '../inbox/boxes.ts'

interface Limited {
  readonly key: string
  /** The flow says how much its cases are about. */
  readonly has_amount: boolean
}

/** The flows that somebody is to stand in for: without a choice all of them. */
export function flowsChosen<F extends Limited>(
  flows: readonly F[],
  chosen: readonly string[] | null | undefined,
): F[] {
  return flows.filter(({ key }) => !chosen?.length || chosen.includes(key))
}

/**
 * Up to which amount, as it is sent. Null: any amount, also where no flow that was chosen says how much its cases are
 * about and a limit would keep every one of them away. Undefined: what was entered is no amount.
 */
export function readLimit(text: string | undefined, chosen: readonly Limited[]): string | null | undefined {
  const most = text?.trim() ?? ''
  if (most === '' || !chosen.some((flow) => flow.has_amount)) return null
  return isAmount(most) ? most : undefined
}
