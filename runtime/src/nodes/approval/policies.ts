import type { FlowDefinition } from '../../definition/flow.ts'
import type { OnEmpty, SelfApproval } from '../../definition/flow-policies.ts'
import type { Asked } from '../../flow/run.ts'
import { successorOf } from '../../flow/successor.ts'
import type { NodeContext } from '../node-type.ts'
import { findApprovers, keepActive, readAsked } from './approvers.ts'
import type { Approver } from './settings.ts'

/** What a step and its flow say about special cases; the step counts first. */
export interface Policies {
  readonly selfApproval?: SelfApproval
  readonly onEmpty?: OnEmpty
}

export function selfApprovalOf(node: Policies, flow: FlowDefinition): SelfApproval {
  const said = node.selfApproval ?? flow.settings?.selfApproval ?? 'superior'
  // Refused when a flow is published; where money moves nobody decides on their own case, whatever was published.
  return said === 'ask' && flow.money === true ? 'superior' : said
}

export function onEmptyOf(node: Policies, flow: FlowDefinition): OnEmpty {
  const said = node.onEmpty ?? flow.settings?.onEmpty ?? 'admin'
  // Refused when a flow is published: where money moves nothing passes because nobody was there.
  return said === 'approve' && flow.money === true ? 'admin' : said
}

export interface Found {
  readonly asked: readonly Asked[]
  /** People who never get a task of this step. */
  readonly barred: readonly string[]
  /** The applicant was the only one, and the step says that it then passes by itself. */
  readonly passesBySelf: boolean
  /** Who had a seat when the run was sent back and has left since, and to whom it goes; null: nobody is there. */
  readonly left: readonly Heir[]
}

export interface Heir {
  readonly user: string
  readonly heir: string | null
}

/** Who is asked at a step: whoever its entries stand for, without those it leaves out, the applicant as it says. */
export function peopleOfStep(
  context: NodeContext,
  said: { readonly approvers: readonly Approver[]; readonly exclude?: readonly Approver[] },
  self: SelfApproval,
): Found {
  const { applicant, flow, activation } = context
  const excluded = findApprovers(context, said.exclude ?? []).map(({ user }) => user)
  const barred = new Set([...excluded, ...(self === 'ask' ? [] : [applicant])])
  const { invited } = activation.state
  const left: Heir[] = []
  const found =
    invited === undefined
      ? findApprovers(context, said.approvers)
      : sameAgain(context, readAsked(invited), barred, left)
  const asked: Asked[] = []
  for (const one of found) {
    if (!barred.has(one.user)) asked.push(one)
    else if (one.user === applicant && !excluded.includes(applicant)) {
      const [instead] = insteadOfApplicant(
        context,
        self,
        [...found, ...asked].map(({ user }) => user),
        barred,
      )
      if (instead !== undefined) asked.push({ ...one, user: instead })
    }
  }
  const wasAlone = found.length === 1 && found[0]?.user === applicant
  // Where the run comes back to, somebody is to look again, whoever it is.
  const passesBySelf = wasAlone && self === 'skip' && flow.money !== true && activation.cause === 'forward'
  return { asked, barred: [...barred], passesBySelf, left }
}

/** The nearest above the applicant who is not the applicant, left out, or asked anyway. */
function insteadOfApplicant(
  context: NodeContext,
  self: SelfApproval,
  taken: readonly string[],
  barred: ReadonlySet<string>,
): readonly string[] {
  if (self !== 'superior' && self !== 'dept_head') return []
  const of = context.applicant
  const above = context.ask({ ask: self === 'superior' ? 'superiors' : 'department_heads', of })[0] ?? []
  const found = above.find((user) => !barred.has(user))
  return found === undefined || taken.includes(found) ? [] : [found]
}

/**
 * Those who were there when the run was sent back; for whoever has left since (`left`), their seat goes to another. In a
 * row the seat of somebody who has left before it was their turn stays vacant, and is passed over as it would have been.
 */
function sameAgain(
  context: NodeContext,
  invited: readonly Asked[],
  barred: ReadonlySet<string>,
  left: Heir[],
): readonly Asked[] {
  const inTurn = context.node.order === 'sequential'
  const here = new Set(
    keepActive(
      context,
      invited.map(({ user }) => user),
    ),
  )
  const seated: Asked[] = []
  for (const { isUnasked, ...seat } of invited) {
    if (here.has(seat.user) || (inTurn && isUnasked)) {
      seated.push(seat)
      continue
    }
    const fits = (user: string) =>
      !barred.has(user) && !here.has(user) && seated.every((other) => other.user !== user)
    const heir = successorOf(context, seat.user, fits)
    left.push({ user: seat.user, heir })
    if (heir !== null) seated.push({ ...seat, user: heir })
  }
  return seated
}
