import { groupDecimal } from '../fields/decimal-text.ts'
import { formatText, type Locale } from '../text.ts'
import { findOperator } from './operators/index.ts'
import type { RuleTrace, TraceStep } from './trace.ts'

export interface ExplainOptions {
  /** The title of a field, by path; default the path itself. */
  readonly titleOf?: (path: string) => string | undefined
  /** What people call a value of the field, where it is one of a list; also for what the field is compared with. */
  readonly wordOf?: (path: string, value: string) => string | undefined
}

/** What the sentences of a trace say instead of keys. */
interface Names {
  title(path: string): string
  /** `beside`: the path of the field that stands in the same comparison. */
  word(path: string | undefined, value: string): string | undefined
}

/**
 * The trace as sentences, inner steps first, the way one would compute it by hand. What was not computed is said
 * with the reason.
 */
export function explainTrace(trace: RuleTrace, locale: Locale, options: ExplainOptions = {}): string[] {
  const lines: string[] = []
  const names: Names = {
    title: (path) => options.titleOf?.(path) ?? path,
    word: (path, value) => (path === undefined ? undefined : options.wordOf?.(path, value)),
  }
  const tellTurns = (step: TraceStep) => {
    for (const { at, in: steps } of step.each ?? []) {
      const from = lines.length
      for (const one of steps) visit(one)
      // What is only read has no sentence of its own.
      const said = lines.splice(from)
      const plain = steps.filter((one) => one.op === undefined && !one.skipped)
      const words = [...plain.map((one) => showOperand(one, locale, names)), ...said]
      if (words.length > 0) {
        lines.push(
          locale === 'zh' ? `第 ${at + 1} 条:${words.join(';')}` : `Entry ${at + 1}: ${words.join('; ')}`,
        )
      }
    }
    const more = (step.turns ?? 0) - (step.each?.length ?? 0)
    if (more > 0) lines.push(locale === 'zh' ? `……另有 ${more} 条` : `… and ${more} more`)
  }
  const visit = (step: TraceStep) => {
    if (step.op === undefined || step.skipped) return
    for (const child of step.in ?? []) visit(child)
    tellTurns(step)
    lines.push(sentenceOf(step, locale, names))
    const operator = findOperator(step.op)
    for (const child of step.in ?? []) {
      // Literals that were not needed are no news.
      if (!child.skipped || (child.op === undefined && child.var === undefined)) continue
      if (step.failed || !operator?.skipped) continue
      const name = nameOf(child, locale, names)
      const reason = operator.skipped[locale]
      lines.push(locale === 'zh' ? `未计算 ${name}:${reason}。` : `${name} was not computed: ${reason}.`)
    }
  }
  if (trace.root.op === undefined) lines.push(showOperand(trace.root, locale, names))
  else visit(trace.root)
  return lines
}

function nameOf(step: TraceStep, locale: Locale, { title }: Names): string {
  if (step.var !== undefined) return title(step.var)
  const words = findOperator(step.op ?? '')?.title[locale] ?? step.op ?? ''
  return locale === 'zh' ? `“${words}”(${step.p})` : `"${words}" (${step.p})`
}

function sentenceOf(step: TraceStep, locale: Locale, names: Names): string {
  const operator = findOperator(step.op ?? '')
  const field = step.in?.find((child) => child.var !== undefined)?.var
  const args = (step.in ?? []).map((child) =>
    child.skipped ? null : showOperand(child, locale, names, field),
  )
  const out = step.failed ? (locale === 'zh' ? '无法计算' : 'cannot be computed') : showOut(step, locale)
  if (!operator) return out
  const explain =
    typeof operator.explain === 'function'
      ? operator.explain({ args, out, settings: step.with ?? {}, detail: step.detail })
      : operator.explain
  const shown = args.filter((arg) => arg !== null)
  const values: Record<string, string> = {
    out,
    args: shown.join(locale === 'zh' ? '、' : ', '),
    // How many entries the list has that an operator goes through.
    n: String(step.in?.[0]?.n ?? 0),
  }
  args.forEach((arg, i) => {
    values[i] = arg ?? '–'
  })
  for (const [name, value] of Object.entries(step.with ?? {}))
    values[name] = settingWord(String(value), locale)
  const joined = {
    en: joinArgs(explain.en, shown),
    zh: joinArgs(explain.zh, shown),
  }
  return formatText(joined, locale, values)
}

/** `{args+}` and `{args*}`: the operands with the sign between them. */
function joinArgs(template: string, args: readonly string[]): string {
  return template.replace('{args+}', () => args.join(' + ')).replace('{args*}', () => args.join(' × '))
}

/** `beside`: the field that stands in the same comparison; a value says what it would say there. */
function showOperand(step: TraceStep, locale: Locale, names: Names, beside?: string): string {
  if (step.failed) return locale === 'zh' ? '(无法计算)' : '(cannot be computed)'
  const value = showOut(step, locale, (out) => names.word(step.var ?? beside, out))
  return step.var === undefined ? value : `${names.title(step.var)} (${value})`
}

function showOut(
  step: TraceStep,
  locale: Locale,
  word: (value: string) => string | undefined = () => undefined,
): string {
  const { out, t } = step
  if (out === null || out === undefined) return locale === 'zh' ? '空' : 'empty'
  if (t === 'bool') return out === 'true' ? { en: 'yes', zh: '是' }[locale] : { en: 'no', zh: '否' }[locale]
  if (t === 'int' || t === 'dec') return groupDecimal(out)
  if (t === 'list') return showList(out, step.n ?? 0, locale, word)
  if (t === 'obj') return locale === 'zh' ? '一组字段' : 'a group of fields'
  if (t === 'str') {
    const said = word(out) ?? out
    return locale === 'zh' ? `“${said}”` : `"${said}"`
  }
  return out
}

/** Lists of plain values by their entries, those of groups by how many there are. */
function showList(
  out: string,
  count: number,
  locale: Locale,
  word: (value: string) => string | undefined,
): string {
  const list: unknown = JSON.parse(out)
  const entries = Array.isArray(list) ? list : []
  const number = locale === 'zh' ? `${count} 条` : count === 1 ? '1 entry' : `${count} entries`
  if (count === 0 || entries.some((one) => typeof one === 'object' && one !== null)) return number
  const more = count > entries.length ? [locale === 'zh' ? `……共 ${number}` : `… (${number})`] : []
  return [...entries.map((one) => word(String(one)) ?? String(one)), ...more].join(
    locale === 'zh' ? '、' : ', ',
  )
}

const words: Readonly<Record<string, Record<Locale, string>>> = {
  day: { en: 'days', zh: '天' },
  month: { en: 'months', zh: '个月' },
  year: { en: 'years', zh: '年' },
  half_up: { en: 'half up', zh: '四舍五入' },
  half_even: { en: 'half to even', zh: '四舍六入五成双' },
  up: { en: 'away from zero', zh: '远离零进位' },
  down: { en: 'towards zero', zh: '截断' },
  floor: { en: 'down', zh: '向下' },
  ceil: { en: 'up', zh: '向上' },
}

function settingWord(value: string, locale: Locale): string {
  return Object.hasOwn(words, value) ? words[value]![locale] : value
}
