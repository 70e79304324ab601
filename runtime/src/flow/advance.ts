import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import * as errors from '../errors/flows.ts'
import type { Json, JsonObject } from '../json.ts'
import { findNodeType } from '../nodes/index.ts'
import type { NodeContext, NodeEvent, NodeStep, NodeType, PeopleQuestion } from '../nodes/node-type.ts'
import type { Text } from '../text.ts'
import type { Advance, FlowCommand, FlowPorts } from './command.ts'
import { RunDraft } from './draft.ts'
import { edgesByExit, graphOf } from './graph.ts'
import { type Activation, type FlowRun, isClosed, type Task } from './run.ts'

/** Nodes entered by one command; a sound flow enters each at most once, so more means a fault. */
const maxSteps = 1_000

/**
 * Carries a run on by one command until every node waits, or refuses. Pure: all it knows of the world is in `run`
 * and `ports`. When it must know people that `ports` can't name yet it answers `needs` and nothing has happened:
 * find them and call again with the same arguments.
 */
export function advance(
  flow: FlowDefinition,
  run: FlowRun | null,
  command: FlowCommand,
  ports: FlowPorts,
): Advance {
  try {
    const engine = new Engine(flow, RunDraft.from(flow, run, command, ports.now), ports)
    engine.apply(command)
    return engine.draft.finish()
  } catch (error) {
    if (error instanceof Needs) return { kind: 'needs', questions: error.questions }
    if (error instanceof Refused) return { kind: 'refused', error: error.error, values: error.values }
    throw error
  }
}

class Needs extends Error {
  constructor(readonly questions: readonly PeopleQuestion[]) {
    super('People are not known yet')
  }
}

class Refused extends Error {
  constructor(
    readonly error: ErrorCode,
    readonly values: Readonly<Record<string, unknown>> = {},
  ) {
    super(error.code)
  }
}

class RuleFailed extends Error {}

class Engine {
  private steps = 0
  constructor(
    private readonly flow: FlowDefinition,
    readonly draft: RunDraft,
    private readonly ports: FlowPorts,
  ) {}

  apply(command: FlowCommand): void {
    const { draft } = this
    switch (command.type) {
      case 'start':
        this.start(command.applicant)
        break
      case 'decide':
        this.decide(command)
        break
      case 'effect_done':
        this.effectDone(command.key, command.result)
        break
      case 'effect_failed':
        this.effectFailed(command.key, command.reason)
        break
      case 'withdraw':
        this.withdraw(command.by, command.comment)
        break
      case 'terminate':
        this.refuseClosed()
        draft.say('terminated', { by: command.by, data: { reason: command.reason } })
        draft.close('terminated', null, 'terminated')
        break
      case 'retry':
        this.retry(command.by, command.reason)
        break
    }
  }

  private start(applicant: string): void {
    this.draft.say('started', { by: applicant })
    const first = this.flow.nodes.find((node) => findNodeType(node.type)?.place === 'start')
    if (first === undefined) throw new Error(`Flow ${this.flow.key} has no start`)
    this.enter(first as FlowNode, null)
    this.settle()
  }

  private decide(command: Extract<FlowCommand, { type: 'decide' }>): void {
    const { draft } = this
    const task = draft.tasks.find((candidate) => candidate.id === command.task)
    if (task === undefined) throw new Refused(errors.flowTaskUnknown)
    if (task.state !== 'pending') throw new Refused(errors.flowTaskDecided, { state: task.state })
    this.refuseClosed()
    if (task.assignee !== command.by) throw new Refused(errors.flowTaskNotYours)
    if (task.rev !== command.taskRev) throw new Refused(errors.flowTaskStale)
    const { activation, node, type } = this.locate(task.activation)
    const offered = type.decisions?.(node, this.flow) ?? []
    const decision = offered.find((candidate) => candidate.key === command.decision)
    if (decision === undefined) {
      const keys = offered.map((candidate) => candidate.key).join(', ')
      throw new Refused(errors.flowDecisionUnknown, { decision: command.decision, offered: keys })
    }
    const comment = command.comment?.trim() ? command.comment : null
    if (decision.commentRequired && comment === null) throw new Refused(errors.flowCommentRequired)
    const decided: Task = {
      ...task,
      state: decision.state,
      rev: task.rev + 1,
      comment,
      decidedAt: this.ports.now,
      decidedBy: command.by,
    }
    draft.changeTask(decided)
    draft.say('decided', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: { decision: decision.key, state: decision.state, comment },
    })
    this.resume(activation, node, type, {
      type: 'decided',
      task: decided,
      decision: decision.key,
      by: command.by,
      comment,
    })
    this.settle()
  }

  private effectDone(key: string, result: JsonObject): void {
    const activation = this.draft.activations.find((candidate) =>
      key.startsWith(`${this.draft.id}:${candidate.id}:`),
    )
    const said = activation && graphOf(this.flow).nodes.get(activation.node)
    const effect = typeof said?.effect === 'string' ? said.effect : null
    this.draft.say('effect_done', { node: activation?.node ?? null, data: { key, effect, result } })
    // An effect of a closed run (what a withdrawal writes) has nobody left who waits for it.
    if (activation === undefined || activation.status !== 'active' || this.draft.closed) return
    const { node, type } = this.locate(activation.id)
    this.draft.changeActivation({ ...activation, incident: null })
    this.resume({ ...activation, incident: null }, node, type, { type: 'effect_done', key, result })
    this.settle()
  }

  private effectFailed(key: string, reason: Text): void {
    const activation = this.draft.activations.find((candidate) =>
      key.startsWith(`${this.draft.id}:${candidate.id}:`),
    )
    this.draft.say('incident', {
      node: activation?.node ?? null,
      data: { code: errors.flowEffectFailed.code, key, reason },
    })
    if (activation === undefined || activation.status !== 'active' || this.draft.closed) return
    const incident = { code: errors.flowEffectFailed.code, data: { key, reason } }
    this.draft.changeActivation({ ...activation, incident })
    this.settle()
  }

  private withdraw(by: string, comment: string | null): void {
    const { draft, flow } = this
    this.refuseClosed()
    if (by !== draft.applicant) throw new Refused(errors.flowNotApplicant)
    const until = flow.settings?.withdraw ?? 'before_first_action'
    if (until === 'never') throw new Refused(errors.flowWithdrawNever)
    // What the flow decided by itself is nobody's action, so it doesn't stand in the way.
    if (until === 'before_first_action' && draft.tasks.some((task) => task.decidedBy !== null))
      throw new Refused(errors.flowWithdrawLate)
    draft.say('withdrawn', { by, data: { comment } })
    const first = draft.activations[0]
    draft.close('withdrawn', null, 'withdrawn')
    const set = flow.settings?.onWithdraw
    if (set === undefined || first === undefined) return
    const values: JsonObject = {}
    for (const [field, rule] of Object.entries(set)) {
      const outcome = this.ports.evaluate(rule as Json, this.ports.data)
      if (!outcome.ok) throw new Error(`onWithdraw of flow ${flow.key}, field ${field}: ${outcome.reason}`)
      values[field] = outcome.value
    }
    draft.queue({
      key: `${draft.id}:${first.id}:withdraw:0`,
      activation: first.id,
      type: 'set_fields',
      payload: { values },
    })
  }

  private retry(by: string, reason: string): void {
    this.refuseClosed()
    const stuck = this.draft.activations.filter((activation) => activation.incident !== null)
    if (stuck.length === 0) throw new Refused(errors.flowNothingToRetry)
    this.draft.say('retried', { by, data: { reason } })
    for (const activation of stuck) {
      const { node, type } = this.locate(activation.id)
      const cleared = { ...activation, incident: null }
      this.draft.changeActivation(cleared)
      this.take(cleared, node, type, () => type.run(this.contextOf(cleared, node, type)))
    }
    this.settle()
  }

  private refuseClosed(): void {
    if (this.draft.closed) throw new Refused(errors.flowRunClosed, { status: this.draft.status })
  }

  private enter(node: FlowNode, via: string | null): void {
    const type = this.typeOf(node)
    const waiting =
      type.joins === undefined
        ? undefined
        : this.draft.activations.find(
            (activation) => activation.node === node['x-id'] && activation.status === 'active',
          )
    if (waiting !== undefined && via !== null) {
      this.resume(waiting, node, type, { type: 'arrived', edge: via })
      return
    }
    const activation: Activation = {
      id: this.ports.newId(),
      node: node['x-id'],
      status: 'active',
      exit: null,
      via,
      enteredAt: this.ports.now,
      leftAt: null,
      state: {},
      incident: null,
    }
    this.draft.addActivation(activation)
    this.draft.say('entered', { node: node['x-id'], data: { via } })
    this.steps += 1
    if (this.steps > maxSteps) {
      this.stop(activation, { code: errors.flowTooManySteps.code, data: {} })
      return
    }
    this.take(activation, node, type, () => type.run(this.contextOf(activation, node, type)))
  }

  private resume(activation: Activation, node: FlowNode, type: NodeType, event: NodeEvent): void {
    const { resume } = type
    if (resume === undefined) throw new Error(`Node type ${type.name} can't be resumed`)
    const tasks = this.draft.tasks.filter((task) => task.activation === activation.id)
    this.take(activation, node, type, () =>
      resume.call(type, this.contextOf(activation, node, type, []), event, tasks),
    )
  }

  /** Runs a node and does what it wants; a rule that fails in it leaves an incident in its place. */
  private take(activation: Activation, node: FlowNode, type: NodeType, step: () => NodeStep): void {
    let wanted: NodeStep
    try {
      wanted = step()
    } catch (error) {
      if (!(error instanceof RuleFailed)) throw error
      this.stop(activation, { code: errors.flowRuleFailed.code, data: { reason: error.message } })
      return
    }
    this.follow(activation, node, type, wanted)
  }

  private follow(activation: Activation, node: FlowNode, type: NodeType, step: NodeStep): void {
    const { draft } = this
    const kept: Activation = { ...activation, state: step.state ?? activation.state }
    for (const remark of step.events ?? [])
      draft.say(remark.type, { node: node['x-id'], task: remark.task ?? null, data: remark.data })
    for (const task of step.changedTasks ?? []) draft.changeTask(task)
    for (const task of step.newTasks ?? []) draft.addTask(task)
    for (const effect of step.effects ?? []) draft.queue(effect)
    if (step.incident !== undefined) {
      this.stop(kept, step.incident)
      return
    }
    if (type.place === 'end') {
      draft.changeActivation({ ...kept, status: 'done', leftAt: this.ports.now })
      draft.reachEnd(node['x-id'], step.outcome ?? null)
      return
    }
    if (step.exit === null) {
      draft.changeActivation(kept)
      return
    }
    draft.changeActivation({ ...kept, status: 'done', exit: step.exit, leftAt: this.ports.now })
    const graph = graphOf(this.flow)
    const leaving = edgesByExit(graph, node, step.exit)
    const taken =
      step.take === undefined ? leaving : leaving.filter((edge) => step.take?.includes(edge['x-id']))
    if (taken.length === 0)
      throw new Error(`Node ${node['x-id']} of flow ${this.flow.key} has no edge for ${step.exit}`)
    for (const edge of taken) {
      const next = graph.nodes.get(edge.to)
      if (next !== undefined) this.enter(next, edge['x-id'])
    }
  }

  private stop(activation: Activation, incident: { code: string; data: JsonObject }): void {
    this.draft.changeActivation({ ...activation, incident })
    this.draft.say('incident', { node: activation.node, data: { code: incident.code, ...incident.data } })
  }

  /** After all nodes have had their say: has the run ended, does it stand still? */
  private settle(): void {
    this.draft.settle()
  }

  private locate(id: string): { activation: Activation; node: FlowNode; type: NodeType } {
    const activation = this.draft.activations.find((candidate) => candidate.id === id)
    const node = activation && graphOf(this.flow).nodes.get(activation.node)
    if (activation === undefined || node === undefined)
      throw new Error(`Flow ${this.flow.key} and its run don't agree about activation ${id}`)
    return { activation, node, type: this.typeOf(node) }
  }

  private typeOf(node: FlowNode): NodeType {
    const type = findNodeType(node.type)
    if (type === undefined) throw new Error(`There is no node type ${node.type}`)
    return type
  }

  private contextOf(
    activation: Activation,
    node: FlowNode,
    type: NodeType,
    questions = type.people?.(node, this.flow) ?? [],
  ): NodeContext {
    const { ports, flow, draft } = this
    const answers = questions.map((question) => ports.people(question))
    const open = questions.filter((_, index) => answers[index] === undefined)
    if (open.length > 0) throw new Needs(open)
    return {
      flow,
      node,
      run: draft.view(),
      activation,
      applicant: draft.applicant,
      now: ports.now,
      data: ports.data,
      people: answers.map((answer) => answer ?? []),
      newId: () => ports.newId(),
      evaluate: (rule) => {
        const outcome = ports.evaluate(rule, ports.data)
        if (!outcome.ok) throw new RuleFailed(outcome.reason)
        return outcome.value
      },
    }
  }
}

/** Whether the person may take the case back now: the button is shown by the same rule that the command obeys. */
export function mayWithdraw(flow: FlowDefinition, run: FlowRun, person: string): boolean {
  const until = flow.settings?.withdraw ?? 'before_first_action'
  if (isClosed(run) || person !== run.applicant || until === 'never') return false
  return until === 'until_end' || run.tasks.every((task) => task.decidedBy === null)
}
