import type {
  ReplayedCase,
  ReplaySum,
  SimulateReply,
  TrialStep,
} from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import { graphOf } from '@channelwright/runtime/flow/graph.ts'
import { findNodeType } from '@channelwright/runtime/nodes/index.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'

const words = {
  ends: { en: 'It ends: {end}', zh: '流程结束:{end}' },
  stands: { en: 'It waits at: {nodes}', zh: '停留在:{nodes}' },
  does: { en: 'would do: {title}', zh: '将执行:{title}' },
  same: { en: 'same', zh: '一致' },
  unlike: { en: 'not retraced exactly', zh: '未能完全还原' },
  sum: {
    en: '{cases} cases: {same} come to the same, {different} do not; {retraced} retraced exactly, {failed} not replayed.',
    zh: '共 {cases} 个实例:{same} 个一致,{different} 个有差异;{retraced} 个完全还原,{failed} 个未能重放。',
  },
  kinds: {
    en: 'Differences: {outcome} in outcome, {path} in path, {people} in people, {fields} in fields, {time} in time.',
    zh: '差异:结果 {outcome}、路径 {path}、处理人 {people}、字段 {fields}、用时 {time}。',
  },
  time: { en: 'On average {after} s instead of {before} s.', zh: '平均用时 {after} 秒,原为 {before} 秒。' },
  cut: { en: 'The time allowed was over before all were replayed.', zh: '已到时间上限,其余实例未重放。' },
} satisfies Record<string, Text>

/** A simulated case, line by line. */
export function describeReply(run: SimulateReply, flow: FlowDefinition, locale: Locale): string {
  const { path, waits_at: waits, status } = run
  return [
    ...run.steps.flatMap((step) => linesOf(step, locale)),
    describeEnd({ path, waits, status }, flow, locale),
  ].join('\n')
}

/** Where a case has come to, in the words of the flow: its end, or the steps that it waits at. */
export function describeEnd(
  { path, waits, status }: Record<'path' | 'waits', readonly string[]> & { readonly status: string },
  flow: FlowDefinition,
  locale: Locale,
): string {
  const titleOf = (id: string) => graphOf(flow).nodes.get(id)?.title[locale] ?? id
  if (waits.length > 0)
    return formatText(words.stands, locale, { nodes: waits.map(titleOf).join(locale === 'zh' ? '、' : ', ') })
  const last = graphOf(flow).nodes.get(path.at(-1) ?? '')
  const isEnd = last !== undefined && findNodeType(last.type)?.place === 'end'
  return formatText(words.ends, locale, { end: isEnd ? titleOf(last['x-id']) : status })
}

function linesOf({ at, said, tasks, branches, effect }: TrialStep, locale: Locale): string[] {
  const time = at.slice(0, 16)
  const gap = ' '.repeat(18)
  return [
    ...said.map((sentence) => `${time}  ${sentence[locale]}`),
    ...branches.flatMap(({ trace }) => (trace?.[locale] ?? []).map((line) => `${gap}· ${line}`)),
    ...tasks.map(({ assignee, because, due_at: due }) => {
      const why = because.map((one) => one[locale]).join('; ')
      return `${gap}${assignee.name ?? assignee.id} ← ${why || '–'}${due === null ? '' : ` → ${due.slice(0, 16)}`}`
    }),
    ...(effect === null
      ? []
      : [
          `${gap}${formatText(words.does, locale, { title: effect.title[locale] })} ${sayValues(effect.values)}`,
        ]),
  ]
}

function sayValues(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([field, value]) => `${field} = ${JSON.stringify(value)}`)
    .join(', ')
}

export function describeCase(one: ReplayedCase, locale: Locale): string[] {
  const head = `${one.started_at.slice(0, 16)}  ${one.title ?? one.record}`
  if (one.problem !== null) return [`${head}: ${one.problem.message[locale]}`]
  const unlike = one.retraced ? '' : ` (${words.unlike[locale]})`
  if (one.words.length === 0) return [`${head}: ${words.same[locale]}${unlike}`]
  return [`${head}${unlike}`, ...one.words.map((line) => `    ${line[locale]}`)]
}

export function describeSum(sum: ReplaySum, locale: Locale): string[] {
  const different = sum.cases - sum.same - sum.failed
  return [
    formatText(words.sum, locale, { ...sum, different }),
    formatText(words.kinds, locale, sum.differs),
    ...sum.outcomes.map(({ before, after, cases }) => `    ${before} → ${after}: ${cases}`),
    formatText(words.time, locale, sum.seconds),
    ...(sum.cut ? [words.cut[locale]] : []),
  ]
}
