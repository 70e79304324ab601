import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { Diagnostic } from '@channelwright/runtime/definition/diagnostic.ts'
import type { FlowDefinition, FlowNode } from '@channelwright/runtime/definition/flow.ts'
import { flowScope } from '@channelwright/runtime/definition/scopes.ts'
import { diagnose } from '@channelwright/runtime/errors/diagnose.ts'
import * as errors from '@channelwright/runtime/errors/flow-people.ts'
import { createFlowEvaluator } from '@channelwright/runtime/flow/evaluate.ts'
import { asksPeople, type ResolvedStep, resolveStep } from '@channelwright/runtime/flow/resolve-step.ts'
import { isJsonObject, type Json, type JsonObject } from '@channelwright/runtime/json.ts'
import { checkRule } from '@channelwright/runtime/logic/check.ts'
import { onEmptyOf, type Policies } from '@channelwright/runtime/nodes/approval/policies.ts'
import type { Text } from '@channelwright/runtime/text.ts'
import { inUnit, type Unit } from '../db/unit.ts'
import type { Services, Workspace } from '../services.ts'
import { readVariants } from './dry-run-records.ts'
import { engineActor, nobody } from './engine-actor.ts'
import { type BookMember, PeopleBook } from './people-book.ts'

/** A flow that may be published, and the definitions that it would be published with. */
export interface DryFlow {
  readonly flow: FlowDefinition
  readonly set: DefinitionSet
}

/** Stands for every applicant of a class who is not among those found. */
const anybody = '00000000-0000-0000-0000-00000000ffff'
/** Resolutions of one step; classes of people times what their records may say. */
const mostTries = 60_000
const mostQuestions = 500

/**
 * What the real people of a workspace make of flows: roles that nobody has, people who have left, and, for everybody
 * who may apply, steps at which nobody would be found or only they themselves. A step is resolved once for each class
 * of applicants whom it treats alike, by the program that runs it; where it depends on the record, for all that
 * records may say. Says nothing of a workspace in which nothing is in force yet.
 */
export async function dryRunFlows(
  services: Services,
  workspace: Pick<Workspace, 'key'>,
  flows: readonly DryFlow[],
): Promise<readonly (readonly Diagnostic[])[]> {
  const served = flows.length === 0 ? undefined : await services.releases.current(workspace.key)
  if (served === undefined) return flows.map(() => [])
  return inUnit(
    services,
    served,
    engineActor(services, served, nobody),
    async (unit) => {
      const book = await PeopleBook.read(unit)
      const found: Diagnostic[][] = []
      for (const one of flows) found.push(await dryRunFlow(unit, book, one))
      return found
    },
    { readOnly: true },
  )
}

async function dryRunFlow(unit: Unit, book: PeopleBook, { flow, set }: DryFlow): Promise<Diagnostic[]> {
  const found = await checkFacts(unit, book, flow)
  // Records of an object that is not there yet have no owners and no regions.
  if (!unit.served.release.objects.has(flow.object)) return found
  const applicants = applicantsOf(unit, book, flow)
  if (applicants.length === 0) return found
  for (const [index, node] of flow.nodes.entries())
    if (asksPeople(node as FlowNode))
      found.push(
        ...(await new DryStep(unit, book, flow, set, node as FlowNode, `/nodes/${index}`).run(applicants)),
      )
  return found
}

/** Who may begin a case: whoever has the button, or may write such records; nobody where it begins by itself. */
function applicantsOf(unit: Unit, book: PeopleBook, flow: FlowDefinition): readonly BookMember[] {
  const { release } = unit.served
  const { trigger } = flow
  if (trigger.type === 'button' && trigger.roles !== undefined)
    return book.withRoles(new Set(trigger.roles as string[]))
  if (!['record', 'button', 'flow'].includes(trigger.type)) return []
  const may = (role: { readonly grants: readonly string[] }) =>
    role.grants.some((key) => {
      const rights = release.grants.get(key)?.objects?.[flow.object]
      return trigger.type === 'record'
        ? rights?.create !== undefined || rights?.update !== undefined
        : rights?.read !== undefined
    })
  return book.withRoles(new Set([...release.roles].flatMap(([key, role]) => (may(role) ? [key] : []))))
}

/** Roles, people and groups that settings name anywhere. */
async function checkFacts(unit: Unit, book: PeopleBook, flow: FlowDefinition): Promise<Diagnostic[]> {
  const held = new Set(book.members.flatMap((member) => [...member.roles]))
  const found: Diagnostic[] = []
  const groups = new Map<string, string[]>()
  const warn = (...[code, path, values]: Parameters<typeof diagnose>) =>
    found.push(diagnose(code, path, values, { severity: 'warning' }))
  const walk = (value: Json, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    if (isJsonObject(value)) {
      const { kind, role, user, group } = value
      if (
        kind === 'role' &&
        typeof role === 'string' &&
        unit.served.release.roles.has(role) &&
        !held.has(role)
      )
        warn(errors.flowRoleEmpty, `${path}/role`, { role })
      if (kind === 'user' && typeof user === 'string' && book.member(user) === undefined)
        warn(errors.flowPersonGone, `${path}/user`)
      if (kind === 'group' && typeof group === 'string')
        groups.set(group, [...(groups.get(group) ?? []), `${path}/group`])
    }
    for (const [key, inner] of Object.entries(value)) walk(inner as Json, `${path}/${key}`)
  }
  for (const [index, node] of flow.nodes.entries()) walk(node as Json, `/nodes/${index}`)
  const noCase = { object: flow.object, applicant: nobody, data: {} }
  for (const [group, paths] of groups) {
    const question = { ask: 'group', group } as const
    await book.fill(question, noCase)
    if (book.answer(question, noCase)?.length === 0)
      for (const path of paths) warn(errors.flowGroupEmpty, path, { group })
  }
  return found
}

interface Met {
  readonly member: BookMember
  /** What the record said, where it matters. */
  readonly record: JsonObject
  readonly alone: boolean
}

class DryStep {
  private readonly evaluate: ReturnType<typeof createFlowEvaluator>
  constructor(
    private readonly unit: Unit,
    private readonly book: PeopleBook,
    private readonly flow: FlowDefinition,
    private readonly set: DefinitionSet,
    private readonly node: FlowNode,
    private readonly pointer: string,
  ) {
    this.evaluate = createFlowEvaluator(flow, set)
  }

  async run(applicants: readonly BookMember[]): Promise<Diagnostic[]> {
    const { reads, climbs } = this.dependsOn()
    const paths = reads.filter((path) => !path.startsWith('$'))
    const variants = await this.unit.asEngine(() => readVariants(this.unit, this.flow.object, paths))
    const { owner } = variants
    const isPersonal = reads.some((path) => path.startsWith('$'))
    const classes = new Map<string, BookMember[]>()
    for (const member of applicants) {
      const key = JSON.stringify([
        climbs ? this.above(member.id) : null,
        owner === null ? null : (member.partner ?? ''),
        isPersonal ? member.id : null,
      ])
      const alike = classes.get(key)
      if (alike === undefined) classes.set(key, [member])
      else alike.push(member)
    }
    const most = Math.max(1, Math.floor(mostTries / classes.size))
    const free = [...variants.fields].filter(([key]) => key !== owner?.field)
    // A partner's own records belong to it; those that the vendor's people make, to any.
    const own = combine(free, most)
    const any = combine([...variants.fields], most)
    const recordsOf = (member: BookMember): readonly JsonObject[] => {
      if (owner === null || member.partner === null) return any
      const partner = owner.byPartner.get(member.partner) ?? member.partner
      return own.map((record) => ({ ...record, [owner.field]: partner }))
    }
    const met = new Map<string, Met>()
    const selves = new Map<string, BookMember>()
    for (let round = 0; round < 4; round++) {
      met.clear()
      selves.clear()
      const open = new Map<
        string,
        { question: Parameters<PeopleBook['fill']>[0]; subject: Parameters<PeopleBook['fill']>[1] }
      >()
      for (const members of classes.values()) {
        const [like] = members
        if (like === undefined) continue
        for (const record of recordsOf(like)) {
          const note = (member: BookMember, step: ResolvedStep, applicant: string) => {
            if (step.kind === 'needs')
              for (const question of step.questions)
                open.set(JSON.stringify([question, record]), {
                  question,
                  subject: this.subject(applicant, record),
                })
            if (step.kind !== 'found') return
            if (step.asked.length === 0 && !step.passes && !met.has(member.id))
              met.set(member.id, { member, record, alone: step.found.length > 0 })
            if (step.asked.length > 0 && step.asked.every((user) => user === applicant))
              selves.set(member.id, member)
          }
          const common = this.resolve(anybody, like.id, record)
          const among = new Set(common.kind === 'found' ? common.found : [])
          for (const member of members)
            if (among.has(member.id)) note(member, this.resolve(member.id, member.id, record), member.id)
            else note(member, common, anybody)
        }
      }
      if (open.size === 0 || open.size > mostQuestions) break
      for (const { question, subject } of open.values()) await this.book.fill(question, subject)
    }
    return [
      ...this.tellEmpty([...met.values()], applicants),
      ...this.tellSelf([...selves.values()], applicants),
    ]
  }

  /** For an applicant `as` who stands in the organisation where `like` stands. */
  private resolve(as: string, like: string, record: JsonObject): ResolvedStep {
    const subject = this.subject(as, record)
    return resolveStep(this.flow, this.node, {
      applicant: as,
      data: { ...record, $run: { applicant: as } },
      evaluate: this.evaluate,
      people: (question) => {
        if (question.ask === 'applicant' || (question.ask === 'user' && question.user === as)) return [as]
        const asked = 'of' in question && question.of === as ? { ...question, of: like } : question
        return this.book.answer(asked, subject)
      },
    })
  }

  private subject(applicant: string, data: JsonObject) {
    return { object: this.flow.object, applicant, data }
  }

  private above(user: string) {
    return (['superiors', 'department_heads'] as const).map((ask) => this.book.levelsAbove(ask, user))
  }

  /** What of the record the step's people depend on, and whether on where the applicant stands. */
  private dependsOn(): { readonly reads: readonly string[]; readonly climbs: boolean } {
    const scope = flowScope(this.set, this.flow.object)
    const reads = new Set<string>()
    let climbs = !['forbid', 'ask', 'skip'].includes(
      String(this.node.selfApproval ?? this.flow.settings?.selfApproval),
    )
    for (const entry of [...list(this.node.approvers), ...list(this.node.exclude)]) {
      const { kind, path, of, partner, scope: rules } = entry
      if (typeof path === 'string') reads.add(path)
      if (typeof partner === 'string') reads.add(partner.replace(/\.id$/, ''))
      if (isJsonObject(of as Json) && typeof (of as JsonObject).path === 'string')
        reads.add(String((of as JsonObject).path))
      else if (kind === 'supervisor' || kind === 'supervisor_chain' || kind === 'dept_head') climbs = true
      if (isJsonObject(rules as Json))
        for (const rule of Object.values(rules as JsonObject))
          for (const read of checkRule(rule, scope).reads) reads.add(read)
      if (kind === 'role' && this.unit.served.release.roles.get(String(entry.role))?.for === 'partner') {
        const owner = this.unit.served.release.objects.get(this.flow.object)?.owner
        if (owner !== undefined) reads.add(owner)
      }
    }
    return { reads: [...reads], climbs }
  }

  private tellEmpty(met: readonly Met[], applicants: readonly BookMember[]): Diagnostic[] {
    if (met.length === 0) return []
    const policy = onEmptyOf(this.node as Policies, this.flow)
    const admins = this.book.answer({ ask: 'admin' }, this.subject(nobody, {})) ?? []
    const isStuck =
      policy === 'incident' ||
      (policy === 'admin' && admins.length === 0) ||
      (typeof policy === 'object' && policy.users.every((user) => this.book.member(user) === undefined))
    const alone = met.filter((one) => one.alone).length
    const why = alone === 0 ? whys.nobody : alone === met.length ? whys.alone : whys.both
    const values = {
      ...this.counts(met.length, applicants),
      why,
      // biome-ignore lint/suspicious/noThenProperty: a word of the sentence
      then:
        isStuck && policy !== 'incident' ? thens.stuck : thens[typeof policy === 'string' ? policy : 'users'],
      examples: met
        .slice(0, 3)
        .map(({ member, record }) => [member.name, ...sayRecord(record)].join(' · '))
        .join('; '),
    }
    const severity = isStuck ? 'error' : 'warning'
    return [diagnose(errors.flowStepEmpty, `${this.pointer}/approvers`, values, { severity })]
  }

  private tellSelf(selves: readonly BookMember[], applicants: readonly BookMember[]): Diagnostic[] {
    const meant = list(this.node.approvers).every(({ kind }) => kind === 'applicant')
    if (selves.length === 0 || meant || this.node.type !== 'approval') return []
    const examples = selves
      .slice(0, 3)
      .map(({ name }) => name)
      .join('; ')
    const values = { ...this.counts(selves.length, applicants), examples }
    return [diagnose(errors.flowStepSelf, `${this.pointer}/approvers`, values, { severity: 'warning' })]
  }

  private counts(count: number, applicants: readonly BookMember[]) {
    const say = (number: number) => number.toLocaleString('en')
    return { count: say(count), all: say(applicants.length), node: this.node['x-id'], title: this.node.title }
  }
}

const whys = {
  nobody: { en: 'nobody is found', zh: '找不到处理人' },
  alone: { en: 'only they themselves are found', zh: '只找到申请人本人' },
  both: { en: 'nobody, or only they themselves, are found', zh: '找不到处理人,或只找到申请人本人' },
} satisfies Record<string, Text>

const thens = {
  admin: { en: 'administrators of flows are asked', zh: '由流程管理员处理' },
  users: { en: 'the people named in onEmpty are asked', zh: '由 onEmpty 指定的人员处理' },
  approve: { en: 'the step passes by itself', zh: '自动通过' },
  reject: { en: 'the step is refused by itself', zh: '自动驳回' },
  incident: { en: 'the case stops', zh: '流程停止' },
  stuck: {
    en: 'the case stops, for nobody who should stand in is there',
    zh: '流程停止,因为没有可代为处理的人员',
  },
} satisfies Record<string, Text>

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : []
}

/** Every combination of what the fields may say, as far as there is room; none where nothing is known of one. */
function combine(fields: readonly (readonly [string, readonly Json[]])[], most: number): JsonObject[] {
  let found: JsonObject[] = [{}]
  for (const [key, values] of fields)
    found = found.flatMap((one) => values.map((value) => ({ ...one, [key]: value }))).slice(0, most)
  return found
}

/** `region: east`; records behind references are not named. */
function sayRecord(record: JsonObject): string[] {
  return Object.entries(record).flatMap(([key, value]) =>
    typeof value === 'object' || value === null ? [] : [`${key}: ${String(value)}`],
  )
}
