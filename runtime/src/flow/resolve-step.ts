import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { SelfApproval } from '../definition/flow-policies.ts'
import type { Json, JsonObject } from '../json.ts'
import { findApprovers } from '../nodes/approval/approvers.ts'
import { type Policies, peopleOfStep, selfApprovalOf } from '../nodes/approval/policies.ts'
import type { Approver } from '../nodes/approval/settings.ts'
import type { NodeContext } from '../nodes/node-type.ts'
import type { RuleOutcome } from './command.ts'
import type { PeopleQuestion } from './people.ts'
import { Needs, RuleFailed } from './refuse.ts'
import type { Activation, FlowRun } from './run.ts'

/** A case that has just come to a step, as far as whom it asks depends on it. */
export interface StepCase {
  readonly applicant: string
  /** What rules read: the record, what its references lead to, `$run`. */
  readonly data: JsonObject
  /** Undefined: not known yet. */
  people(question: PeopleQuestion): readonly string[] | undefined
  evaluate(rule: Json, data: JsonObject): RuleOutcome
}

export type ResolvedStep =
  /** To be found, and asked again. */
  | { readonly kind: 'needs'; readonly questions: readonly PeopleQuestion[] }
  /** It depends on what happens on the way, or on a rule that gives nothing for such a record. */
  | { readonly kind: 'open' }
  | {
      readonly kind: 'found'
      /** Whom the entries of the step stand for. */
      readonly found: readonly string[]
      /** Those of them who are asked: the applicant as the step says, without those it leaves out. */
      readonly asked: readonly string[]
      /** The step says that it passes by itself for such a case. */
      readonly passes: boolean
    }

/** Whether a node gives people something to do, by entries of approvers. */
export function asksPeople(node: FlowNode): node is FlowNode & { readonly approvers: readonly Approver[] } {
  return Array.isArray(node.approvers)
}

/** Depends on who decided, or chose, earlier in the case. */
function dependsOnCourse(entry: Approver): boolean {
  if (
    entry.kind === 'node_actor' ||
    entry.kind === 'picked_by_applicant' ||
    entry.kind === 'picked_by_previous'
  )
    return true
  return 'of' in entry && entry.of === 'previous'
}

/** Whom a step asks when a case first comes to it. Pure: what is not known yet is answered with `needs`. */
export function resolveStep(flow: FlowDefinition, node: FlowNode, given: StepCase): ResolvedStep {
  if (!asksPeople(node)) return { kind: 'open' }
  const isOpen = node.approvers.some(dependsOnCourse)
  const settled = node.approvers.filter((entry) => !dependsOnCourse(entry))
  const exclude = ((node.exclude ?? []) as readonly Approver[]).filter((entry) => !dependsOnCourse(entry))
  const context = contextFor(flow, node, given)
  try {
    const found = findApprovers(context, settled).map(({ user }) => user)
    const said = (node as Policies).selfApproval
    const self: SelfApproval = node.type === 'task' ? (said ?? 'ask') : selfApprovalOf(node as Policies, flow)
    const { asked, passesBySelf } = peopleOfStep(context, { approvers: settled, exclude }, self)
    if (asked.length === 0 && isOpen) return { kind: 'open' }
    return { kind: 'found', found, asked: asked.map(({ user }) => user), passes: passesBySelf }
  } catch (error) {
    if (error instanceof Needs) return { kind: 'needs', questions: error.questions }
    if (error instanceof RuleFailed) return { kind: 'open' }
    throw error
  }
}

function contextFor(flow: FlowDefinition, node: FlowNode, given: StepCase): NodeContext {
  const { applicant, data } = given
  const ask = (...questions: readonly PeopleQuestion[]) => {
    const answers = questions.map((question) => given.people(question))
    const unknown = questions.filter((_, index) => answers[index] === undefined)
    if (unknown.length > 0) throw new Needs(unknown)
    return answers.map((answer) => answer ?? [])
  }
  // Nothing else is read before a step makes its tasks.
  return {
    flow,
    node,
    run: { applicant, activations: [], tasks: [], timers: [], picks: {} } as unknown as FlowRun,
    activation: { id: '', node: node['x-id'], cause: 'forward', state: {} } as unknown as Activation,
    applicant,
    data,
    ask,
    delegations: () => [],
    evaluate: (rule, own = data) => {
      const outcome = given.evaluate(rule, own)
      if (!outcome.ok) throw new RuleFailed(outcome.reason)
      return outcome.value
    },
  } as Partial<NodeContext> as NodeContext
}
