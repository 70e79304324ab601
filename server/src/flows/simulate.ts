import type {
  SimulateBody,
  SimulateReply,
  TrialStep,
  TrialTrace,
} from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { codes } from '@channelwright/runtime/errors/codes.ts'
import { Refusal } from '@channelwright/runtime/errors/create-error.ts'
import { fillText } from '@channelwright/runtime/errors/diagnose.ts'
import {
  flowTrialApplicant,
  flowTrialInput,
  flowTrialRecord,
} from '@channelwright/runtime/errors/flow-trials.ts'
import { normalizeRecord, recordSchema } from '@channelwright/runtime/fields/record-schema.ts'
import { compileCheck, createValidator } from '@channelwright/runtime/fields/validator.ts'
import { checkAnswers, noAnswer } from '@channelwright/runtime/flow/check-answers.ts'
import { createFlowEvaluator } from '@channelwright/runtime/flow/evaluate.ts'
import { explainFlowRule } from '@channelwright/runtime/flow/explain-edge.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { sayQuestion } from '@channelwright/runtime/flow/say-question.ts'
import type { SimulatedRun, SimulatedStep } from '@channelwright/runtime/flow/simulate.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { findEffectType } from '@channelwright/runtime/nodes/action/effects/index.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import type { Unit } from '../db/unit.ts'
import { NamedIds } from '../records/expand-titles.ts'
import { loadWhole } from '../records/load-whole.ts'
import { readableFields } from '../records/object-rights.ts'
import { namePeople } from '../records/people.ts'
import { tableOf } from '../records/record-table.ts'
import { contextOf, loadReferences, lookingUp } from '../records/rules.ts'
import { describeChoice } from './describe-choice.ts'
import { keepActive } from './find-people.ts'
import { SimulationFacts } from './simulate-facts.ts'
import type { FlowOnTrial } from './tried-flow.ts'

/**
 * Walks one case through a flow on a clock of its own; nothing is written. The record must be one that the actor may
 * see; what of it they may not read is used by the rules and told by none of the words. Throws RECORD_NOT_FOUND,
 * FLOW_TRIAL_RECORD, FLOW_TRIAL_INPUT.
 */
export async function simulateCase(
  unit: Unit,
  trial: FlowOnTrial,
  asked: Omit<SimulateBody, 'use' | 'unsaved'>,
): Promise<SimulateReply> {
  const { flow, set } = trial
  const applicant = asked.applicant ?? unit.actor.user
  const at = asked.at ?? unit.now
  const { decisions = {}, otherwise = 'first' } = asked
  await checkTrial(unit, trial, asked)
  const record = await readSubject(unit, trial, asked)
  const facts = new SimulationFacts(unit)
  const given = {
    record,
    applicant,
    now: at,
    decide: (task: { readonly node: string }, offered: readonly string[]) => {
      const said = decisions[task.node] ?? (otherwise === 'none' ? noAnswer : offered[0])
      return said === undefined || said === noAnswer ? null : said
    },
    // What happens outside happens at once, unless nobody does anything.
    signal: (node: string) =>
      (decisions[node] ?? (otherwise === 'none' ? noAnswer : '')) === noAnswer ? null : { after: 0 },
  }
  const walked = await facts.simulate(flow, set, () => given)
  const names = await namePeople(unit, peopleIn(walked, applicant))
  // The same again, with names in its sentences.
  const told = await facts.simulate(flow, set, () => ({ ...given, nameOf: (user) => names.get(user) }))
  return describe(unit, trial, told, record, names, {
    at,
    trigger: await tellTrigger(unit, trial, record, applicant),
  })
}

/** What the trial goes by names what there is: steps with their answers, a member, fields with values that fit. */
async function checkTrial(
  unit: Unit,
  { flow, set }: FlowOnTrial,
  { applicant, decisions = {}, values }: Pick<SimulateBody, 'applicant' | 'decisions' | 'values'>,
): Promise<void> {
  const wrong = [...checkAnswers(flow, decisions)]
  if (applicant !== undefined && (await unit.asEngine(() => keepActive(unit, [applicant]))).length === 0)
    wrong.push({
      path: '/applicant',
      code: flowTrialApplicant.code,
      message: flowTrialApplicant.message,
    })
  const object = set.objects.get(flow.object)
  if (values !== undefined && object !== undefined) {
    const check = compileCheck(createValidator(), { ...recordSchema(object, 'whole'), required: [] })
    const filled = Object.entries(values).filter(([key, value]) => value !== null || !isField(object, key))
    for (const detail of check(Object.fromEntries(filled)))
      wrong.push({ ...detail, path: `/values${detail.path}` })
  }
  if (wrong.length > 0) throw new Refusal(flowTrialInput, {}, wrong)
}

const isField = ({ schema }: ObjectDefinition, key: string) => Object.hasOwn(schema.properties, key)

async function readSubject(
  unit: Unit,
  { flow, set }: FlowOnTrial,
  { record, values }: Pick<SimulateBody, 'record' | 'values'>,
): Promise<JsonObject> {
  if ((record === undefined) === (values === undefined)) throw new Refusal(flowTrialRecord)
  const table = tableOf(unit.served, flow.object)
  if (record !== undefined) return loadWhole(unit, table, record, 'actor')
  const object = set.objects.get(flow.object)
  const normal = object === undefined ? {} : normalizeRecord(object, values ?? {})
  const made: JsonObject = {}
  for (const field of table.fields.values()) {
    const value = normal[field.key] ?? null
    made[field.key] = value
    if (value === null || field.type.name !== 'reference') continue
    const target = tableOf(unit.served, String(field.definition['x-object']))
    const isId = typeof value === 'string' && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
    const seen = isId
      ? await unit.query(`SELECT t.id FROM ${target.from} t WHERE t.id = $1 AND t.deleted_at IS NULL`, [
          value,
        ])
      : []
    if (seen.length === 0) throw new Refusal(flowTrialRecord)
  }
  return made
}

function peopleIn({ steps, run }: SimulatedRun, applicant: string): Set<string> {
  const people = new Set([applicant])
  for (const { tasks } of steps)
    for (const { assignee, onBehalfOf, because } of tasks) {
      people.add(assignee)
      if (onBehalfOf !== null) people.add(onBehalfOf)
      for (const { question } of because) {
        if ('of' in question) people.add(question.of)
        if (question.ask === 'user') people.add(question.user)
      }
    }
  for (const task of run?.tasks ?? []) people.add(task.assignee)
  return people
}

/** Whether the record begins a case of itself; null where a rule has no part in that. */
async function tellTrigger(
  unit: Unit,
  { flow, set }: FlowOnTrial,
  record: JsonObject,
  applicant: string,
): Promise<SimulateReply['trigger']> {
  const rule = 'when' in flow.trigger ? (flow.trigger.when as Json | undefined) : undefined
  if (rule === undefined) return null
  const { reads } = explainFlowRule(rule, flow, set, record)
  const loaded = await unit.asEngine(() =>
    loadReferences(unit, tableOf(unit.served, flow.object), record, reads),
  )
  const data = { ...loaded, ...contextOf(unit), $run: { applicant } }
  const outcome = await lookingUp(unit, data, (known) => createFlowEvaluator(flow, set)(rule, known))
  const { trace } = explainFlowRule(rule, flow, set, data)
  return {
    holds: outcome.ok && outcome.value === true,
    trace: (await mayRead(unit, flow.object, record, reads)) ? trace : null,
  }
}

/** Whether the actor may read everything at these paths: the field, the record behind a reference and its field. */
export async function mayRead(
  unit: Unit,
  object: string,
  record: JsonObject,
  paths: readonly string[],
): Promise<boolean> {
  const own = readableFields(unit.served, unit.actor, object)
  for (const path of paths) {
    const [first = '', ...rest] = path.split('.')
    if (first.startsWith('$') || ['id', 'created_at', 'created_by', 'updated_at'].includes(first)) continue
    if (!own.has(first)) return false
    const field = tableOf(unit.served, object).fields.get(first)
    if (rest.length === 0 || field?.type.name !== 'reference') continue
    const target = tableOf(unit.served, String(field.definition['x-object']))
    const value = record[first]
    const id = isJsonObject(value) ? value.id : value
    if (typeof id !== 'string') continue
    const seen = await unit.query<JsonObject>(`SELECT t.id FROM ${target.from} t WHERE t.id = $1`, [id])
    if (seen.length === 0 || rest.length > 1) return false
    if (!(await mayRead(unit, target.key, {}, rest))) return false
  }
  return true
}

async function describe(
  unit: Unit,
  { flow, set }: FlowOnTrial,
  run: SimulatedRun,
  before: JsonObject,
  names: ReadonlyMap<string, string>,
  { at, trigger }: { readonly at: string; readonly trigger: SimulateReply['trigger'] },
): Promise<SimulateReply> {
  const nameOf = (user: string) => names.get(user)
  const person = (id: string) => ({ id, name: names.get(id) ?? null })
  const readable = readableFields(unit.served, unit.actor, flow.object)
  const shown = new Map<string, boolean>()
  const traceOf = async ({ trace, reads }: SimulatedStep['branches'][number]): Promise<TrialTrace> => {
    const key = reads.join(' ')
    if (!shown.has(key)) shown.set(key, await mayRead(unit, flow.object, before, reads))
    return shown.get(key) ? trace : null
  }
  const steps: TrialStep[] = []
  for (const { at: time, cause, said, entered, tasks, branches } of run.steps) {
    const refused =
      cause.kind === 'refused' ? codes.find(({ code }) => code === cause.code)?.message : undefined
    steps.push({
      at: time,
      kind: cause.kind,
      node: 'node' in cause && cause.node !== '' ? cause.node : null,
      said: refused === undefined ? said : [fillText(refused, {}), ...said],
      entered,
      tasks: tasks.map((task) => ({
        node: task.node,
        title: task.title,
        assignee: person(task.assignee),
        on_behalf_of: task.onBehalfOf === null ? null : person(task.onBehalfOf),
        state: task.state,
        due_at: task.dueAt,
        because: task.because
          // That somebody is still there is asked of everybody.
          .filter(
            ({ question }, _, all) =>
              question.ask !== 'user' || all.every((one) => one.question.ask === 'user'),
          )
          .map(({ question }) => sayQuestion(question, flow.object, set, nameOf)),
      })),
      branches: await Promise.all(
        branches.map(async (one) => {
          const { node, edge, title, holds } = one
          return { node, edge, title, holds, trace: await traceOf(one) }
        }),
      ),
      effect: cause.kind === 'effect' ? describeEffect(cause, flow, readable) : null,
      choice: cause.kind === 'effect' && cause.effect === 'offer' ? await describeChoice(unit, cause) : null,
    })
  }
  const properties = set.objects.get(flow.object)?.schema.properties ?? {}
  const changes = Object.keys(run.record).flatMap((field) => {
    const [old, now] = [before[field] ?? null, run.record[field] ?? null]
    if (JSON.stringify(old) === JSON.stringify(now) || !readable.has(field)) return []
    const definition = properties[field] as FieldDefinition | undefined
    const title = { en: definition?.title ?? field, zh: definition?.['x-title'].zh ?? field }
    return [{ field, title, before: old, after: now }]
  })
  const ids = new NamedIds()
  const { fields } = tableOf(unit.served, flow.object)
  const nameLater = (key: string, value: unknown) => {
    const field = fields.get(key)
    if (field) ids.add(field, value)
  }
  for (const change of changes)
    for (const value of [change.before, change.after]) nameLater(change.field, value)
  for (const { effect } of steps)
    for (const entry of Object.entries(effect?.values ?? {})) nameLater(...entry)
  return {
    status: run.status,
    outcome: run.outcome,
    started_at: at,
    ended_at: run.now,
    trigger,
    steps,
    path: run.path,
    edges: [...new Set((run.run?.activations ?? []).flatMap(({ via }) => (via === null ? [] : [via])))],
    waits_at: run.waitsAt,
    titles: await ids.titles(unit),
    changes,
  }
}

/** Values of fields that the reader may not read are left out. What no action does is called by what its step is. */
function describeEffect(
  { effect, payload, node }: Extract<SimulatedStep['cause'], { kind: 'effect' }>,
  flow: FlowDefinition,
  readable: ReadonlySet<string>,
): TrialStep['effect'] {
  const { type = '' } = graphOf(flow).nodes.get(node) ?? {}
  const title = (findEffectType(effect) ?? findNodeType(type))?.title ?? { en: effect, zh: effect }
  const isOwn = effect === 'set_fields' || effect === 'run_rule'
  const values = isOwn && isJsonObject(payload.values) ? payload.values : {}
  return {
    type: effect,
    title,
    values: Object.fromEntries(Object.entries(values).filter(([field]) => readable.has(field))),
  }
}
