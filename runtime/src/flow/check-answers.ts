import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { ErrorDetail } from '../errors/create-error.ts'
import { fillText } from '../errors/diagnose.ts'
import * as errors from '../errors/flow-trials.ts'
import { pointerToken } from '../fields/describe-validation.ts'
import { findNodeType } from '../nodes/index.ts'
import { graphOf } from './graph.ts'

/** What nobody answers with, so that time passes. */
export const noAnswer = '-'
/** What a step is told that waits for something outside. */
const happened = 'happened'

/** What is wrong with the answers that a trial of a flow is to be given, by the ids of its steps. */
export function checkAnswers(
  flow: FlowDefinition,
  answers: Readonly<Record<string, string>>,
): readonly ErrorDetail[] {
  return Object.entries(answers).flatMap(([step, answer]): ErrorDetail[] => {
    const path = `/decisions/${pointerToken(step)}`
    const node = graphOf(flow).nodes.get(step)
    const known = node === undefined ? [] : answersAt(node, flow)
    if (known.length === 0) {
      const { code, message } = errors.flowTrialStep
      return [{ path, code, message: fillText(message, { step }) }]
    }
    if (answer === noAnswer || known.includes(answer)) return []
    const { code, message } = errors.flowTrialAnswer
    return [{ path, code, message: fillText(message, { answer, known: [...known, noAnswer].join(', ') }) }]
  })
}

function answersAt(node: FlowNode, flow: FlowDefinition): readonly string[] {
  const type = findNodeType(node.type)
  const offered = type?.decisions?.(node, flow).map(({ key }) => key) ?? []
  return offered.length === 0 && type?.exits(node).includes(happened) ? [happened] : offered
}
