import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { isJsonObject } from '../json.ts'
import { findEffectType } from '../nodes/action/effects/index.ts'
import { findNodeType } from '../nodes/index.ts'
import { formatText, type Locale, locales, type Text } from '../text.ts'
import { graphOf } from './graph.ts'
import { nobody } from './people.ts'
import type { FlowEvent, FlowEventType } from './run.ts'
import { findTriggerType } from './triggers/index.ts'

/** Events that tell a reader nothing that another one doesn't. */
const silent: ReadonlySet<FlowEventType> = new Set([
  'entered',
  'effect_queued',
  'task_opened',
  // Whoever submitted it again has said so.
  'resubmitted',
  'changed',
])

const sentences: Readonly<Record<FlowEventType, Text>> = {
  changed: { en: 'It changed', zh: '状态变更' },
  started: { en: '{by} submitted it', zh: '{by}提交' },
  entered: { en: 'Reached "{node}"', zh: '进入“{node}”' },
  task_created: { en: '"{node}" waits for {assignee}', zh: '“{node}”待{assignee}处理' },
  decided: { en: '{by} {decision} at "{node}"', zh: '{by}在“{node}”{decision}' },
  task_cancelled: { en: '{assignee} need not act any more at "{node}"', zh: '“{node}”无需{assignee}再处理' },
  auto_approved: { en: '"{node}" passed by itself', zh: '“{node}”自动通过' },
  nobody_found: { en: 'Nobody was found for "{node}"', zh: '“{node}”未找到处理人' },
  took_edge: { en: '"{node}": {edge}', zh: '“{node}”:{edge}' },
  effect_queued: { en: '"{node}" is being carried out', zh: '“{node}”执行中' },
  effect_done: { en: '"{node}" was carried out', zh: '“{node}”已执行' },
  effect_left: {
    en: '"{node}" failed and was left: the case went on without it ({effect})',
    zh: '“{node}”执行失败,已跳过并继续({effect})',
  },
  incident: { en: '"{node}" stopped and needs an administrator', zh: '“{node}”已停止,需管理员处理' },
  retried: { en: '{by} let it be tried again', zh: '{by}发起重试' },
  ended: { en: 'It ended: {node}', zh: '流程结束:{node}' },
  withdrawn: { en: '{by} took it back', zh: '{by}撤回' },
  terminated: { en: '{by} terminated it', zh: '{by}终止流程' },
  task_opened: { en: 'It is the turn of {assignee} at "{node}"', zh: '“{node}”轮到{assignee}处理' },
  returned: { en: '{by} sent it back from "{node}" to "{title}"', zh: '{by}从“{node}”退回到“{title}”' },
  resubmitted: { en: 'It was submitted again', zh: '重新提交' },
  transferred: { en: '{by} passed "{node}" on to {assignee}', zh: '{by}将“{node}”转办给{assignee}' },
  delegated: { en: '{by} asked {assignee} for an opinion at "{node}"', zh: '{by}在“{node}”委派{assignee}' },
  opinion_given: { en: '{by} gave an opinion at "{node}"', zh: '{by}在“{node}”给出意见' },
  signers_added: { en: '{by} added {people} at "{node}"', zh: '{by}在“{node}”加签{people}' },
  copied: { en: '{by} copied it to {people} at "{node}"', zh: '{by}在“{node}”抄送{people}' },
  signer_removed: { en: '{by} removed {assignee} at "{node}"', zh: '{by}在“{node}”减签{assignee}' },
  taken_back: { en: '{by} took their decision at "{node}" back', zh: '{by}取回“{node}”的处理' },
  reassigned: { en: '{by} gave "{node}" to {assignee}', zh: '{by}将“{node}”改派给{assignee}' },
  reminded: { en: '{by} reminded {assignee} of "{node}"{again}', zh: '{by}就“{node}”催办{assignee}{again}' },
  suspended: { en: '{by} suspended it', zh: '{by}挂起流程' },
  resumed: { en: '{by} let it go on', zh: '{by}恢复流程' },
  skipped: { en: '{by} skipped "{node}"', zh: '{by}跳过“{node}”' },
  jumped: { en: '{by} moved it to "{node}"', zh: '{by}跳转到“{node}”' },
  reopened: { en: '{by} opened it again at "{node}"', zh: '{by}在“{node}”重新打开流程' },
  migrated: { en: '{by} moved it from release {from} to {to}', zh: '{by}将其从版本 {from} 迁移到 {to}' },
  person_left: {
    en: '{user} has left: "{node}" goes to {assignee}',
    zh: '{user}已离职,“{node}”交由{assignee}处理',
  },
  delegation_ended: {
    en: '{user} no longer stands in: "{node}" goes back to {assignee}',
    zh: '{user}的代理已结束,“{node}”归还{assignee}',
  },
  timed_out: { en: '"{node}" has waited too long for {assignee}', zh: '“{node}”等待{assignee}超时' },
  timer_late: { en: 'A timer came when "{node}" was dealt with', zh: '“{node}”已处理,定时未执行' },
  signalled: { en: '"{node}" heard what it waited for', zh: '“{node}”收到等待的信号' },
  job_failed: {
    en: 'Work in the background for this case keeps failing and is tried again: {job}',
    zh: '该流程的后台任务多次失败,稍后重试:{job}',
  },
  child_ended: { en: 'The subflow of "{node}" ended', zh: '“{node}”的子流程已结束' },
  undone: { en: 'What "{node}" did is being taken back', zh: '正在撤销“{node}”的结果' },
  left_as_is: {
    en: '"{node}" is not taken back in a field that was changed after it had written it',
    zh: '“{node}”写入的一个字段此后已被改动,撤销时保留现值',
  },
  not_reckoned: {
    en: 'A field that this was to set could not be reckoned and stays as it is',
    zh: '一个应写入的字段无法计算,保留现值',
  },
  due_moved: {
    en: 'The work calendar has changed: "{node}" is due at another time',
    zh: '工作日历已调整,“{node}”的期限随之变更',
  },
  expired: { en: 'It was open for too long and has expired', zh: '办理时限已到,流程过期' },
  calendar_short: {
    en: 'The work calendar does not reach: days were counted for "{node}"',
    zh: '工作日历未覆盖,“{node}”按自然日计算',
  },
}

/** Where the reader may read the field. */
const ofField: Readonly<Partial<Record<FlowEventType, Text>>> = {
  left_as_is: {
    en: '"{node}" is not taken back in the field "{field}": it said {wrote} then and stays {now}, for it was changed since',
    zh: '“{node}”撤销时保留字段“{field}”的现值{now}:该步骤写入{wrote},此后已被改动',
  },
  not_reckoned: {
    en: 'The field "{field}" could not be reckoned and stays as it is',
    zh: '字段“{field}”无法计算,保留现值',
  },
}
/** Where nobody takes their place. */
const vacant: Text = {
  en: '{user} has left and nobody takes their place at "{node}"',
  zh: '{user}已离职,“{node}”无人接替',
}
const repeated: Text = { en: ' (reminder {count})', zh: '(第 {count} 次)' }
const somebody: Text = { en: 'Somebody', zh: '相关人员' }
const bySystem: Text = { en: 'It began by itself{whom}', zh: '系统{whom}发起' }
const forWhom: Text = { en: ' for {name}', zh: '为{name}' }
const theFlow: Text = { en: 'The flow', zh: '流程' }
const standIn: Text = { en: '{by} for {owner}', zh: '{by}(代{owner})' }
const otherwise: Text = { en: 'otherwise', zh: '其他情况' }

/** A field and its values in words; empty where the event speaks of none. */
export interface LeftWords {
  readonly field: Text
  readonly wrote: Text
  readonly now: Text
}

/**
 * An event as one sentence in every language; null for events that are not worth one. `nameOf` gives the names that
 * the reader may know; all others are "somebody". `left`: what a field that was left as it is says, where the reader may
 * know that.
 */
export function describeEvent(
  event: FlowEvent,
  flow: FlowDefinition,
  nameOf: (user: string) => string | undefined,
  left?: LeftWords,
): Text | null {
  if (silent.has(event.type)) return null
  const node = event.node === null ? undefined : graphOf(flow).nodes.get(event.node)
  const type = node && findNodeType(node.type)
  if (type?.trace(event, 'en') === '') return null
  return byLocale((locale) => {
    const own = type?.trace(event, locale)
    if (own) return own
    const name = (user: unknown) => (typeof user === 'string' && nameOf(user)) || somebody[locale]
    const { data } = event
    const people = Array.isArray(data.people) ? data.people.map(name).join(locale === 'zh' ? '、' : ', ') : ''
    const title = isJsonObject(data.title) ? data.title[locale] : undefined
    const by = event.by === null ? theFlow[locale] : name(event.by)
    // Who stands in says so: "B for A".
    const isFor = typeof data.onBehalfOf === 'string' && event.type === 'decided'
    if (event.type === 'started') {
      const begun = sayBegun(event, flow, nameOf, locale)
      if (begun !== null) return begun
    }
    const isVacant = event.type === 'person_left' && data.assignee === null
    const says = isVacant ? vacant : ((left && ofField[event.type]) ?? sentences[event.type])
    return formatText(says, locale, {
      field: left?.field[locale] ?? '',
      wrote: left?.wrote[locale] ?? '',
      now: left?.now[locale] ?? '',
      by: isFor ? formatText(standIn, locale, { by, owner: name(data.onBehalfOf) }) : by,
      node: node?.title[locale] ?? '',
      assignee: name(data.assignee),
      again: Number(data.count) > 1 ? formatText(repeated, locale, { count: data.count }) : '',
      user: name(data.user),
      people,
      title: title ?? '',
      effect: findEffectType(String(data.effect))?.title[locale] ?? '',
      job: isJsonObject(data.job) ? data.job[locale] : '',
      from: data.from,
      to: data.to,
      decision: decisionDone(event, node, flow, locale),
      edge: edgeTitle(event, flow, locale),
    })
  })
}

/** A case that the platform began; null for one that a person did. */
function sayBegun(
  { by, data }: FlowEvent,
  flow: FlowDefinition,
  nameOf: (user: string) => string | undefined,
  locale: Locale,
): string | null {
  const isAlone = by === null || by === nobody
  const began =
    findTriggerType(String(data.trigger ?? flow.trigger.type))?.began ?? (isAlone ? bySystem : null)
  if (began === null) return null
  const name = isAlone ? undefined : nameOf(by)
  const whom = name === undefined ? '' : formatText(forWhom, locale, { name })
  return formatText(began, locale, { whom })
}

function decisionDone(
  event: FlowEvent,
  node: FlowNode | undefined,
  flow: FlowDefinition,
  locale: Locale,
): string {
  const offered = node === undefined ? [] : (findNodeType(node.type)?.decisions?.(node, flow) ?? [])
  const decision = offered.find(({ key }) => key === event.data.decision)
  return decision?.done[locale] ?? String(event.data.decision ?? '')
}

function edgeTitle(event: FlowEvent, flow: FlowDefinition, locale: Locale): string {
  const edge = graphOf(flow).edges.get(String(event.data.edge ?? ''))
  return edge?.title?.[locale] ?? otherwise[locale]
}

function byLocale(say: (locale: Locale) => string): Text {
  return Object.fromEntries(locales.map((locale) => [locale, say(locale)])) as Text
}
