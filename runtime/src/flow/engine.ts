import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import type { ErrorCode } from '../errors/create-error.ts'
import * as errors from '../errors/flows.ts'
import type { JsonObject } from '../json.ts'
import { seatsInTurn } from '../nodes/approval/approvers.ts'
import { findNodeType } from '../nodes/index.ts'
import type { NodeEvent, NodeStep, NodeType } from '../nodes/node-type.ts'
import { blocksOf } from './blocks.ts'
import { keepCarriedOut } from './carried-out.ts'
import type { FlowPorts } from './command.ts'
import { contextOf } from './context.ts'
import type { RunDraft } from './draft.ts'
import { edgesByExit } from './exits.ts'
import { graphOf } from './graph.ts'
import { type Again, addIncident, effectsOnly } from './incident.ts'
import { Refused, RuleFailed } from './refuse.ts'
import { rejectFrom } from './reject.ts'
import { type Activation, isOpen, type WayBack } from './run.ts'
import { settleGroups } from './seats.ts'
import { sendBack } from './send-back.ts'
import { mayGoStraight } from './straight-back.ts'
import { tendTimers } from './timers.ts'

/** Nodes entered by one command; a sound flow enters each at most once, so more means a fault. */
const maxSteps = 20_000

/** How a node comes to be entered. */
export interface Entry {
  readonly cause: Activation['cause']
  readonly back: WayBack | null
  readonly state?: JsonObject
}

const forward: Entry = { cause: 'forward', back: null }

/** An activation with its node and what is known of the node's type. */
export interface Place {
  readonly activation: Activation
  readonly node: FlowNode
  readonly type: NodeType
}

/** Moves a run from node to node. What each command does with it stands in `commands/`. */
export class Engine {
  private steps = 0
  constructor(
    readonly flow: FlowDefinition,
    readonly draft: RunDraft,
    readonly ports: FlowPorts,
  ) {}

  get now(): string {
    return this.ports.now
  }
  get graph() {
    return graphOf(this.flow)
  }

  /** To be thrown: nothing of the command happens. */
  refuse(error: ErrorCode, values: Readonly<Record<string, unknown>> = {}): Refused {
    return new Refused(error, values)
  }

  /** The first node of the flow. */
  startNode(): FlowNode {
    const first = this.flow.nodes.find((node) => findNodeType(node.type)?.place === 'start')
    if (first === undefined) throw new Error(`Flow ${this.flow.key} has no start`)
    return first as FlowNode
  }

  locate(id: string): Place {
    const activation = this.draft.activation(id)
    const node = activation && this.graph.nodes.get(activation.node)
    if (activation === undefined || node === undefined)
      throw new Error(`Flow ${this.flow.key} and its run don't agree about activation ${id}`)
    return { activation, node, type: this.typeOf(node) }
  }

  typeOf(node: FlowNode): NodeType {
    const type = findNodeType(node.type)
    if (type === undefined) throw new Error(`There is no node type ${node.type}`)
    return type
  }

  titleOf(node: string): JsonObject {
    const { en = node, zh = node } = this.graph.nodes.get(node)?.title ?? {}
    return { en, zh }
  }

  /** Enters a node; a join that has begun to gather hears of one more arrival instead. */
  enter(node: FlowNode, via: string | null, entry: Entry = forward): void {
    const id = node['x-id']
    const type = this.typeOf(node)
    if (type.joins !== undefined && (via !== null || entry.state?.refusedFrom !== undefined)) {
      const gathering = this.draft.active().find((activation) => activation.node === id)
      if (gathering !== undefined) {
        const refusedFrom = entry.state?.refusedFrom
        const from = typeof refusedFrom === 'string' ? refusedFrom : this.graph.edges.get(via ?? '')?.from
        const rejected = refusedFrom !== undefined
        this.resume(gathering.id, { type: 'arrived', edge: via, from: from ?? '', rejected })
        return
      }
    }
    const activation: Activation = {
      id: this.ports.newId(),
      node: id,
      status: 'active',
      exit: null,
      via,
      enteredAt: this.now,
      leftAt: null,
      state: entry.state ?? {},
      incident: null,
      round: this.draft.view().round,
      cause: entry.cause,
      dataVersion: this.ports.dataVersion ?? null,
      back: entry.back,
    }
    this.draft.addActivation(activation)
    this.draft.say('entered', { node: id, data: { via, activation: activation.id, cause: entry.cause } })
    this.steps += 1
    if (this.steps > maxSteps) {
      this.stop(activation, { code: errors.flowTooManySteps.code, data: {} })
      return
    }
    this.run(activation.id)
  }

  /** Runs an activation's node: on entry, or again after an incident. */
  run(id: string): void {
    const place = this.locate(id)
    this.take(place, 'run', () => place.type.run(contextOf(this, place)))
  }

  resume(id: string, event: NodeEvent): void {
    const place = this.locate(id)
    const { resume } = place.type
    if (resume === undefined) throw new Error(`Node type ${place.type.name} can't be resumed`)
    const step = () => resume.call(place.type, contextOf(this, place, []), event, this.draft.tasksOf(id))
    this.take(place, { event }, step)
  }

  /** After tasks of a step were changed: those that hang on them are opened or closed, then the node looks again. */
  reviseTasks(id: string, event: NodeEvent = { type: 'tasks_changed' }): void {
    const step = this.draft.activation(id)
    const inTurn = step === undefined ? 0 : seatsInTurn(step)
    for (const task of settleGroups(this.draft.tasksOf(id), this.now, inTurn)) this.draft.changeTask(task)
    if (step?.status === 'active') this.resume(id, event)
  }

  /** Runs a node and does what it wants; a rule that fails in it leaves an incident in its place. */
  private take(place: Place, again: Again, step: () => NodeStep): void {
    let wanted: NodeStep
    try {
      wanted = step()
    } catch (error) {
      if (!(error instanceof RuleFailed)) throw error
      const data = { reason: error.message }
      this.stop(place.activation, { code: errors.flowRuleFailed.code, data }, again)
      return
    }
    this.follow(place, wanted)
  }

  private follow({ activation, node, type }: Place, step: NodeStep): void {
    const { draft } = this
    const id = node['x-id']
    const carriedOut = keepCarriedOut(activation, step, draft.tasksOf(activation.id))
    const kept: Activation = { ...activation, state: { ...(step.state ?? activation.state), ...carriedOut } }
    draft.changeActivation(kept)
    for (const remark of step.events ?? [])
      draft.say(remark.type, { node: id, task: remark.task ?? null, data: remark.data })
    for (const task of step.changedTasks ?? []) draft.changeTask(task)
    for (const task of step.newTasks ?? []) draft.addTask(task)
    for (const wish of step.newTimers ?? [])
      draft.setTimer({
        id: this.ports.newId(),
        activation: activation.id,
        task: wish.task ?? null,
        kind: wish.kind,
        dueAt: wish.dueAt,
        data: wish.data ?? {},
        state: 'open',
        left: null,
        reckoned: wish.reckoned ?? null,
      })
    for (const timer of step.cancelTimers ?? []) {
      const open = draft.timer(timer)
      if (open?.state === 'open') draft.setTimer({ ...open, state: 'cancelled', left: null })
    }
    for (const effect of step.effects ?? []) draft.queue(effect)
    if (step.cancelRegion !== undefined) this.cancelRegion(step.cancelRegion)
    if (step.incident !== undefined) this.stop(kept, step.incident)
    else if (type.place === 'end') {
      draft.changeActivation({ ...kept, status: 'done', leftAt: this.now, incident: null })
      draft.reachEnd(id, step.outcome ?? null)
    } else if (step.sendBack !== undefined) {
      const { to, resume } = step.sendBack
      sendBack(this, { activation: kept, node, type }, { to, resume, by: null, comment: null })
    } else if (step.rejected === true) rejectFrom(this, kept)
    else if (step.exit !== null) this.leave(kept, step.exit, step.take)
  }

  /** The run goes on from a node by one of its exits. */
  leave(activation: Activation, exit: string, take?: readonly string[]): void {
    const { draft, graph } = this
    const { node } = this.locate(activation.id)
    for (const task of draft.tasksOf(activation.id))
      if (isOpen(task)) draft.closeTask(task, 'cancelled', 'decided')
    draft.cancelTimers(activation.id)
    const incident = effectsOnly(activation.incident)
    draft.changeActivation({ ...activation, status: 'done', exit, leftAt: this.now, incident })
    if (activation.cause !== 'forward' && this.typeOf(node).place === 'start') {
      draft.changeRun({ round: draft.view().round + 1 })
      draft.say('resubmitted', { node: activation.node })
    }
    const { back } = activation
    if (back?.resume === 'direct' && back.node !== activation.node) {
      const goal = graph.nodes.get(back.node)
      if (goal !== undefined && mayGoStraight(this, activation, exit, back)) {
        this.enter(goal, null, {
          cause: 'direct',
          back: null,
          state: { invited: back.people.map((one) => ({ ...one })) },
        })
        return
      }
    }
    const leaving = edgesByExit(graph, node, exit)
    const taken = take === undefined ? leaving : leaving.filter((edge) => take.includes(edge['x-id']))
    if (taken.length === 0)
      throw new Error(`Node ${activation.node} of flow ${this.flow.key} has no edge for ${exit}`)
    for (const edge of taken) {
      // A branch that was entered first may have ended the run, or its region, before the others are entered.
      if (draft.closed || !this.isStillOpen(activation)) continue
      const next = graph.nodes.get(edge.to)
      if (next !== undefined) this.enter(next, edge['x-id'], this.entryAfter(activation, edge.to))
    }
  }

  /** The branches of a split are not let loose any more once its join has gone on without them. */
  private isStillOpen(activation: Activation): boolean {
    const join =
      this.typeOf(this.locate(activation.id).node).splits && blocksOf(this.flow).pairOf(activation.node)
    if (join === undefined) return true
    const since = this.draft.activations.slice(
      this.draft.activations.findIndex(({ id }) => id === activation.id),
    )
    return !since.some(({ node, status }) => node === join && status !== 'active')
  }

  /** Up to the node that sent the run back every step knows that it is done again. */
  private entryAfter({ back, node }: Activation, next: string): Entry {
    if (back === null || back.node === node) return forward
    return { cause: 'return', back: back.node === next ? null : { ...back, resume: 'replay' } }
  }

  cancelRegion(split: string): void {
    const region = blocksOf(this.flow).regionOf(split)
    for (const activation of this.draft.active())
      if (region.has(activation.node)) this.draft.cancel(activation, 'branch_cancelled')
  }

  /** A step can't go on by itself; `again`: what a retry does. */
  stop(
    activation: Activation,
    { code, data }: { code: string; data: JsonObject },
    again: Again = 'run',
  ): void {
    const incident = addIncident(activation.incident, { code, data, again })
    this.draft.changeActivation({ ...activation, incident })
    this.draft.say('incident', { node: activation.node, data: { code, ...data } })
  }

  /** After all nodes have had their say. */
  settle(): void {
    tendTimers(this)
    const start = this.startNode()['x-id']
    this.draft.settle(this.draft.active().some(({ node }) => node === start))
  }
}
