import type { FlowDefinition, FlowNode } from '../definition/flow.ts'
import { findNodeType } from '../nodes/index.ts'
import { formatText, type Locale, locales, type Text } from '../text.ts'
import { graphOf } from './graph.ts'
import type { FlowEvent, FlowEventType } from './run.ts'

/** Events that tell a reader nothing that another one doesn't. */
const silent: ReadonlySet<FlowEventType> = new Set(['entered', 'effect_queued'])

const sentences: Readonly<Record<FlowEventType, Text>> = {
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
  incident: { en: '"{node}" stopped and needs an administrator', zh: '“{node}”已停止,需管理员处理' },
  retried: { en: '{by} let it be tried again', zh: '{by}发起重试' },
  ended: { en: 'It ended: {node}', zh: '流程结束:{node}' },
  withdrawn: { en: '{by} took it back', zh: '{by}撤回' },
  terminated: { en: '{by} terminated it', zh: '{by}终止流程' },
}

const somebody: Text = { en: 'Somebody', zh: '相关人员' }
const otherwise: Text = { en: 'otherwise', zh: '其他情况' }

/**
 * An event as one sentence in every language; null for events that are not worth one. `nameOf` gives the names that
 * the reader may know; all others are "somebody".
 */
export function describeEvent(
  event: FlowEvent,
  flow: FlowDefinition,
  nameOf: (user: string) => string | undefined,
): Text | null {
  if (silent.has(event.type)) return null
  const node = event.node === null ? undefined : graphOf(flow).nodes.get(event.node)
  return byLocale((locale) => {
    const own = node && findNodeType(node.type)?.trace(event, locale)
    if (own) return own
    const name = (user: unknown) => (typeof user === 'string' && nameOf(user)) || somebody[locale]
    return formatText(sentences[event.type], locale, {
      by: name(event.by),
      node: node?.title[locale] ?? '',
      assignee: name(event.data.assignee),
      decision: decisionDone(event, node, flow, locale),
      edge: edgeTitle(event, flow, locale),
    })
  })
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
