import type { CommandOffer } from '@channelwright/runtime/api/flows.ts'
import type { FlowDefinition, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import type { CommandKind, CommandView } from '@channelwright/runtime/flow/command-kind.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { offersFor } from '@channelwright/runtime/flow/judge.ts'
import { refuseJump, refuseReopen } from '@channelwright/runtime/flow/moves.ts'
import { refuseAction } from '@channelwright/runtime/flow/offers.ts'
import type { FlowRun, Task } from '@channelwright/runtime/flow/run.ts'
import { previewReturn, returnSettings, returnTargets } from '@channelwright/runtime/flow/send-back.ts'
import { isJsonObject, type JsonObject } from '@channelwright/runtime/json.ts'
import type { Locale, Text } from '@channelwright/runtime/text.ts'
import { mayDo } from '../access/platform-rights.ts'
import type { Unit } from '../db/unit.ts'

/**
 * What the person of the unit may do now with a run, or with one of its tasks, by the same rules that the commands
 * obey. Deciding is left out: a task tells its answers by itself.
 */
export function offersOf(unit: Unit, flow: FlowDefinition, run: FlowRun, task: Task | null): CommandOffer[] {
  const view: CommandView = {
    flow,
    run,
    person: unit.actor.user,
    admin: mayDo(unit.served.release, unit.actor.roles, 'administer_flows'),
    now: unit.now,
  }
  return (
    offersFor(view, task)
      .filter(({ kind, denied }) => denied === null && kind.name !== 'decide')
      // Cases are moved to the release in force alone.
      .filter(({ kind }) => kind.name !== 'migrate' || run.release !== unit.served.number)
      .map(({ kind }) => describe(kind, view, task))
  )
}

function describe(kind: CommandKind, view: CommandView, task: Task | null): CommandOffer {
  const choices = choicesOf(kind.name, view, task)
  return {
    name: kind.name,
    title: kind.title,
    done: kind.done,
    payload: payloadOf(kind, view, task),
    ...(choices === undefined ? {} : { choices }),
  }
}

/** What is said with a command. How a case comes back, and to whom it is copied, only where the step leaves it to its people. */
function payloadOf(kind: CommandKind, { flow }: CommandView, task: Task | null): JsonObject {
  const payload = kind.payload as unknown as JsonObject
  const { properties } = payload
  if (task === null || !isJsonObject(properties)) return payload
  const unasked = new Set<string>()
  if (returnSettings(graphOf(flow).nodes.get(task.node)).resume !== 'ask') unasked.add('resume')
  if (refuseAction(flow, task, 'copy') !== null) unasked.add('cc')
  const asked = Object.entries(properties).filter(([key]) => !unasked.has(key))
  return { ...payload, properties: Object.fromEntries(asked) }
}

/** Steps that may be named: of a property, which stand in question at this moment. */
function choicesOf(name: string, { flow, run }: CommandView, task: Task | null): CommandOffer['choices'] {
  const { nodes } = graphOf(flow)
  const named = (ids: Iterable<string>) =>
    [...new Set(ids)].flatMap((id) => {
      const node = nodes.get(id)
      return node === undefined ? [] : [{ id, title: node.title }]
    })
  switch (name) {
    case 'send_back':
      return task === null
        ? undefined
        : {
            to: named(returnTargets(flow, run, task.node).map((node) => node['x-id'])).map((choice) => ({
              ...choice,
              ...noteOnReturn(flow, run, choice.id),
            })),
          }
    case 'jump': {
      const goals = flow.nodes.map((node) => node['x-id'])
      return { node: named(goals.filter((node) => refuseJump(flow, run, node) === null)) }
    }
    case 'reopen': {
      const visited = run.activations.map(({ node }) => node)
      return { node: named(visited.filter((node) => refuseReopen(flow, run, node) === null)) }
    }
    case 'skip':
      return {
        activation: run.activations
          .filter(({ status, incident }) => status === 'active' || incident !== null)
          .map(({ id, node }) => ({ id, title: nodes.get(node)?.title ?? flow.title })),
      }
    default:
      return undefined
  }
}

/** What has been done since the step, for whoever is about to send the case back there: is it taken back or does it stay? */
function noteOnReturn(flow: FlowDefinition, run: FlowRun, to: string): { note?: Text } {
  const { nodes } = graphOf(flow)
  const done = new Set(previewReturn(flow, run, to).done.map(({ node }) => node))
  const steps = [...done].flatMap((id) => nodes.get(id) ?? [])
  if (steps.length === 0) return {}
  const list = (locale: Locale) => {
    const says =
      locale === 'zh' ? ['撤销', '保留', '按其步骤设置撤销'] : ['taken back', 'stays', 'as its own steps say']
    // What a case within the case has done is taken back where its own steps say so.
    const which = ({ effect, undo }: FlowNode) => (effect === undefined ? 2 : undo === true ? 0 : 1)
    const each = steps.map((node) =>
      locale === 'zh' ? `${node.title.zh}(${says[which(node)]})` : `${node.title.en} (${says[which(node)]})`,
    )
    return each.join(locale === 'zh' ? '、' : ', ')
  }
  return { note: { en: `Done meanwhile: ${list('en')}`, zh: `其间已执行:${list('zh')}` } }
}
