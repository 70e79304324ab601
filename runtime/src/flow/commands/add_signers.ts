import Type from 'typebox'
import * as errors from '../../errors/flows.ts'
import { defineCommand } from '../command-kind.ts'
import { refuseUnfit } from '../context.ts'
import { standInsFor } from '../hand-over.ts'
import { mostPeople, refuseAction, refuseDepth } from '../offers.ts'
import { isOpen, newTask } from '../run.ts'
import { ColleagueId, Comment, closed, wordsOf } from './shapes.ts'

export const addSigners = defineCommand({
  name: 'add_signers',
  title: { en: 'Add people', zh: '加签' },
  done: { en: 'added people', zh: '加签' },
  on: 'task',
  by: 'assignee',
  payload: Type.Object(
    {
      people: Type.Array(ColleagueId, { minItems: 1, maxItems: mostPeople, uniqueItems: true }),
      /** Before me: I decide once they have. After me: their refusal is mine. Beside me: a vote of their own. */
      place: Type.Enum(['before', 'after', 'parallel']),
      order: Type.Optional(Type.Enum(['any', 'all', 'sequential'])),
      opinionOnly: Type.Optional(Type.Boolean()),
      /** Beside me, where votes are weighed. Default 1. */
      weight: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
      comment: Comment,
    },
    closed,
  ),
  allowed: ({ flow, run }, task) =>
    (['add_before', 'add_after', 'add_parallel'] as const).every((action) => refuseAction(flow, task, action))
      ? { error: errors.flowActionOff, values: { action: 'add_signers' } }
      : refuseDepth(run, task),
  apply(engine, command) {
    const { draft, ports, flow } = engine
    const task = draft.task(command.task)
    if (task === undefined) return
    const { people, place, opinionOnly = false } = command
    const denied = refuseAction(flow, task, `add_${place}`)
    if (denied !== null) throw engine.refuse(denied.error, denied.values)
    // Whoever is only heard can't give others a vote.
    if (task.opinionOnly && !opinionOnly) throw engine.refuse(errors.flowOpinionOnly)
    const known = draft.tasksOf(task.activation)
    if (known.filter(isOpen).length + people.length > mostPeople)
      throw engine.refuse(errors.flowTooManyPeople, { most: mostPeople })
    const stepAt = engine.locate(task.activation)
    for (const person of people) refuseUnfit(engine, stepAt, person)
    const windowFor = standInsFor(engine, stepAt, people)
    const order = place === 'parallel' ? null : (command.order ?? 'all')
    const group = ports.newId()
    const kept = stepAt.activation.state.slots
    const planned = Array.isArray(kept) ? kept.length : 0
    const firstSlot = Math.max(planned, ...known.map(({ slot }) => slot + 1))
    draft.say('signers_added', {
      by: command.by,
      node: task.node,
      task: task.id,
      data: { people: [...people], place, comment: wordsOf(command.comment) },
    })
    if (place === 'before')
      draft.changeTask({ ...task, state: 'waiting', rev: task.rev + 1, reason: 'added_before' })
    for (const [index, person] of people.entries()) {
      const window = windowFor(person)
      const isHeldBack = place === 'after' || (order === 'sequential' && index > 0)
      draft.addTask(
        newTask({
          id: ports.newId(),
          activation: task.activation,
          node: task.node,
          assignee: window?.to ?? person,
          onBehalfOf: window === undefined ? null : person,
          delegation: window?.id ?? null,
          state: isHeldBack ? 'waiting' : 'pending',
          createdAt: ports.now,
          parent: task.id,
          link: place,
          group,
          order,
          slot: place === 'parallel' ? firstSlot + index : index,
          weight: place === 'parallel' && !opinionOnly ? (command.weight ?? 1) : 0,
          addedBy: command.by,
          opinionOnly,
        }),
      )
    }
    engine.reviseTasks(task.activation)
  },
})
