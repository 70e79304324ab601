import Type from 'typebox'
import { flowPickUnasked } from '../../errors/flow-picks.ts'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { barredAt } from '../context.ts'
import { copyCase } from '../copy-case.ts'
import type { Engine } from '../engine.ts'
import { takePicks } from '../picks.ts'
import type { Evidence, Task } from '../run.ts'
import { Attachments, Comment, Copies, closed, Picks, wordsOf } from './shapes.ts'

export const decide = defineCommand({
  name: 'decide',
  title: { en: 'Decide', zh: '处理' },
  done: { en: 'decided', zh: '处理' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object(
    {
      /** One of the answers that the task offers. */
      decision: Type.String(),
      comment: Comment,
      signature: Type.Optional(Type.String({ maxLength: 200_000 })),
      attachments: Attachments,
      picks: Picks,
      cc: Copies,
      /** Version of the record that the person saw. */
      seenVersion: Type.Optional(Type.Integer()),
    },
    closed,
  ),
  apply(engine, command) {
    const { draft, ports } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    const place = engine.locate(task.activation)
    const offered = place.type.decisions?.(place.node, engine.flow) ?? []
    const decision = offered.find((candidate) => candidate.key === command.decision)
    if (decision === undefined) {
      const keys = offered.map((candidate) => candidate.key).join(', ')
      throw engine.refuse(errors.flowDecisionUnknown, { decision: command.decision, offered: keys })
    }
    const { attachments = [], signature = null } = command
    const comment = wordsOf(command.comment)
    if (decision.commentRequired && comment === null) throw engine.refuse(errors.flowCommentRequired)
    if (decision.signatureRequired && !signature) throw engine.refuse(errors.flowSignatureRequired)
    if (decision.attachmentsRequired && attachments.length === 0)
      throw engine.refuse(errors.flowAttachmentRequired)
    refuseStaleRecord(engine, command.seenVersion)
    // Whoever must not decide here never gets a task; people change their places afterwards.
    if (!task.opinionOnly && barredAt(engine, place).includes(command.by))
      throw engine.refuse(errors.flowPersonBarred)
    // Whoever says no, or is only heard, leads nobody on.
    const leadsOn = !task.opinionOnly && (decision.state === 'approved' || decision.state === 'done')
    if (leadsOn) takePicks(engine, place.node, command.picks)
    else if (command.picks !== undefined && Object.keys(command.picks).length > 0)
      throw engine.refuse(flowPickUnasked)
    const evidence: Evidence | null =
      signature === null && attachments.length === 0 ? null : { signature, attachments: [...attachments] }
    const decided: Task = {
      ...task,
      state: decision.state,
      rev: task.rev + 1,
      comment,
      evidence,
      decidedAt: ports.now,
      decidedBy: command.by,
      dataVersion: ports.dataVersion ?? null,
    }
    draft.changeTask(decided)
    draft.say(task.opinionOnly ? 'opinion_given' : 'decided', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: {
        decision: decision.key,
        state: decision.state,
        comment,
        ...(evidence === null ? {} : { evidence: { signature, attachments: [...attachments] } }),
        ...(task.onBehalfOf === null ? {} : { onBehalfOf: task.onBehalfOf }),
      },
    })
    copyCase(engine, task, command.by, command.cc)
    engine.reviseTasks(task.activation, {
      type: 'decided',
      task: decided,
      decision: decision.key,
      by: command.by,
      comment,
    })
  },
})

/** Nobody decides on a record other than the one they saw. */
export function refuseStaleRecord(engine: Engine, seen: number | undefined): void {
  const stands = engine.ports.versionBefore ?? engine.ports.dataVersion
  if (seen === undefined || stands === undefined || stands === null || seen === stands) return
  throw engine.refuse(errors.flowRecordChanged)
}
