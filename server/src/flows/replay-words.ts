import type { ReplayDifference, ReplaySide } from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import { fillText } from '@channelwright/runtime/errors/diagnose.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import type { Text } from '@channelwright/runtime/text.ts'

const words = {
  enters: { en: 'Also goes through "{node}"', zh: '新增经过“{node}”' },
  misses: { en: 'No longer goes through "{node}"', zh: '不再经过“{node}”' },
  asks: { en: '"{node}": {after} is asked instead of {before}', zh: '“{node}”:由{after}处理,原为{before}' },
  outcome: { en: 'Comes to "{after}" instead of "{before}"', zh: '结果为“{after}”,原为“{before}”' },
  time: { en: 'Takes {after} instead of {before}', zh: '用时{after},原为{before}' },
  field: { en: '{field} becomes {after} instead of {before}', zh: '{field}为{after},原为{before}' },
} satisfies Record<string, Text>
const nobody: Text = { en: 'nobody', zh: '无人' }
const empty: Text = { en: 'empty', zh: '空' }
const somebody: Text = { en: 'somebody', zh: '相关人员' }

/** Differences of time below this are no differences, in seconds. */
const notable = 60

/** How one case differs between two flows: what kinds of difference there are, and each in words. */
export function compareSides(
  before: ReplaySide,
  after: ReplaySide,
  flows: {
    readonly before: FlowDefinition
    readonly after: FlowDefinition
    readonly object: ObjectDefinition | undefined
  },
): { readonly differs: readonly ReplayDifference[]; readonly words: readonly Text[] } {
  const title = (id: string): Text =>
    [...flows.after.nodes, ...flows.before.nodes].find((node) => node['x-id'] === id)?.title ?? {
      en: id,
      zh: id,
    }
  const differs: ReplayDifference[] = []
  const said: Text[] = []
  const note = (kind: ReplayDifference, sentences: readonly Text[]) => {
    if (sentences.length > 0) differs.push(kind)
    said.push(...sentences)
  }
  note(
    'outcome',
    outcomeOf(before) === outcomeOf(after)
      ? []
      : [
          fillText(words.outcome, {
            before: sayOutcome(before, flows.before),
            after: sayOutcome(after, flows.after),
          }),
        ],
  )
  note('path', [
    ...without(after.path, before.path).map((node) => fillText(words.enters, { node: title(node) })),
    ...without(before.path, after.path).map((node) => fillText(words.misses, { node: title(node) })),
  ])
  note('people', comparePeople(before, after, title))
  note('fields', compareFields(before, after, flows.object))
  note(
    'time',
    Math.abs(before.seconds - after.seconds) < notable
      ? []
      : [fillText(words.time, { before: sayTime(before.seconds), after: sayTime(after.seconds) })],
  )
  return { differs, words: said }
}

/** By the title of the end that was reached; a case without one by its status. */
function sayOutcome({ outcome, status, path }: ReplaySide, flow: FlowDefinition): Text {
  const ends = flow.nodes.filter((node) => (node as { outcome?: unknown }).outcome === outcome)
  const end = ends.find((node) => path.includes(node['x-id'])) ?? ends[0]
  return outcome === null || end === undefined ? { en: outcome ?? status, zh: outcome ?? status } : end.title
}

export function outcomeOf({ outcome, status }: Pick<ReplaySide, 'outcome' | 'status'>): string {
  return outcome ?? status
}

/** Those that the other list has fewer times, each so often. */
function without(list: readonly string[], other: readonly string[]): string[] {
  const left = [...other]
  return list.filter((one) => {
    const at = left.indexOf(one)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** Where both came to a step. */
function comparePeople(before: ReplaySide, after: ReplaySide, title: (id: string) => Text): Text[] {
  const at = (side: ReplaySide, node: string) => side.people.filter((one) => one.node === node)
  const nodes = [...new Set(before.path)].filter((node) => after.path.includes(node))
  return nodes.flatMap((node) => {
    const [old, now] = [at(before, node), at(after, node)]
    const ids = (list: typeof old) => [...new Set(list.map(({ person }) => person.id))].sort().join()
    if (ids(old) === ids(now)) return []
    return [fillText(words.asks, { node: title(node), before: namesOf(old), after: namesOf(now) })]
  })
}

function namesOf(people: ReplaySide['people']): Text {
  if (people.length === 0) return nobody
  const say = (locale: 'en' | 'zh') =>
    [...new Set(people.map(({ person }) => person.name ?? somebody[locale]))].join(
      locale === 'zh' ? '、' : ', ',
    )
  return { en: say('en'), zh: say('zh') }
}

function compareFields(before: ReplaySide, after: ReplaySide, object: ObjectDefinition | undefined): Text[] {
  return [...new Set([...Object.keys(before.fields), ...Object.keys(after.fields)])].flatMap((key) => {
    const [old, now] = [before.fields[key] ?? null, after.fields[key] ?? null]
    if (JSON.stringify(old) === JSON.stringify(now)) return []
    const field = object?.schema.properties[key] as FieldDefinition | undefined
    const title: Text = { en: field?.title ?? key, zh: field?.['x-title'].zh ?? key }
    return [fillText(words.field, { field: title, before: sayValue(old), after: sayValue(now) })]
  })
}

function sayValue(value: Json): Text | string {
  if (value === null) return empty
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function sayTime(seconds: number): Text {
  if (seconds < 60) return { en: 'no time', zh: '不到 1 分钟' }
  if (seconds < 3600) return unit(seconds / 60, 'minutes', '分钟')
  if (seconds < 48 * 3600) return unit(seconds / 3600, 'hours', '小时')
  return unit(seconds / 86_400, 'days', '天')
}

function unit(amount: number, en: string, zh: string): Text {
  const said = amount >= 10 ? Math.round(amount) : Math.round(amount * 10) / 10
  return { en: `${said} ${en}`, zh: `${said} ${zh}` }
}
