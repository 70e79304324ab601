import type {
  ReplayedCase,
  ReplaySum,
  SimulateReply,
  TrialStep,
} from '@channelwright/runtime/api/flow-trials.ts'
import { formatText, type Locale, type Text } from '@channelwright/runtime/text.ts'

const words = {
  ends: { en: 'It ends: {outcome}', zh: '流程结束:{outcome}' },
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
export function describeReply(run: SimulateReply, locale: Locale): string {
  const end =
    run.waits_at.length > 0
      ? formatText(words.stands, locale, { nodes: run.waits_at.join(', ') })
      : formatText(words.ends, locale, { outcome: run.outcome ?? run.status })
  return [...run.steps.flatMap((step) => linesOf(step, locale)), end].join('\n')
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
