import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { isJsonObject } from '../../json.ts'
import { defineCommand } from '../command-kind.ts'
import { copyCase } from '../copy-case.ts'
import { graphOf } from '../graph.ts'
import { refuseAction } from '../offers.ts'
import { returnCapOf, returnSettings, returnTargets, sendBack } from '../send-back.ts'
import { Attachments, Comment, Copies, closed, Id, wordsOf } from './shapes.ts'

export const sendBackCommand = defineCommand({
  name: 'send_back',
  title: { en: 'Send back', zh: '退回' },
  done: { en: 'sent it back', zh: '退回' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object(
    {
      /** The node to go back to. */
      to: Id,
      /** Everything again, or straight back to here. Default: what the node says. */
      resume: Type.Optional(Type.Enum(['replay', 'direct'])),
      comment: Comment,
      attachments: Attachments,
      cc: Copies,
    },
    closed,
  ),
  allowed({ flow, run }, task) {
    const denied = refuseAction(flow, task, 'return')
    if (denied !== null || task === null) return denied
    if (task.opinionOnly) return { error: errors.flowOpinionOnly }
    if (run.returns >= returnCapOf(flow))
      return { error: errors.flowReturnCap, values: { cap: returnCapOf(flow) } }
    return returnTargets(flow, run, task.node).length === 0 ? { error: errors.flowReturnTarget } : null
  },
  apply(engine, command) {
    const { draft, flow } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    const place = engine.locate(task.activation)
    const comment = wordsOf(command.comment)
    const { attachments = [] } = command
    const require = isJsonObject(place.node.require) ? place.node.require : {}
    const needs = (what: 'comment' | 'attachments') => {
      const named = require[what]
      return Array.isArray(named) && named.includes('return')
    }
    if (needs('comment') && comment === null) throw engine.refuse(errors.flowCommentRequired)
    if (needs('attachments') && attachments.length === 0) throw engine.refuse(errors.flowAttachmentRequired)
    if (!returnTargets(flow, draft.view(), task.node).some((node) => node['x-id'] === command.to))
      throw engine.refuse(errors.flowReturnTarget)
    const said = returnSettings(graphOf(flow).nodes.get(task.node)).resume
    const resume = said === 'ask' ? (command.resume ?? 'replay') : (command.resume ?? said)
    if (said !== 'ask' && resume !== said) throw engine.refuse(errors.flowReturnResume)
    const evidence = attachments.length === 0 ? null : { signature: null, attachments: [...attachments] }
    draft.closeTask(task, 'returned', null, { comment, evidence, decidedBy: command.by })
    copyCase(engine, task, command.by, command.cc)
    sendBack(engine, place, { to: command.to, resume, by: command.by, comment, attachments })
  },
})
