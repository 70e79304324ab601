import { namedRuleScope } from '@channelwright/runtime/definition/check-rule.ts'
import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { FormDefinition } from '@channelwright/runtime/definition/form.ts'
import type { ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { RuleDefinition } from '@channelwright/runtime/definition/rule.ts'
import { codes } from '@channelwright/runtime/errors/codes.ts'
import type { Json, JsonObject } from '@channelwright/runtime/json.ts'
import {
  checkRule,
  explainTrace,
  type RuleResult,
  ruleTypeFromJsonSchema,
  traceRule,
} from '@channelwright/runtime/logic/index.ts'
import { formatText, type Locale } from '@channelwright/runtime/text.ts'
import { Code, List, Paper, Stack, Text, Title } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { FormBoard } from './FormBoard.tsx'
import { inputsAsObject, readInputs } from './input-fields.ts'
import type { PreviewProps } from './previews.ts'
import { sayRule } from './rule-words.ts'
import { sampleRecord } from './sample-values.ts'

/** A rule at work: data in, its value and every step out, by the evaluator that everything else uses. */
export function RulePreview({ definition, set }: PreviewProps) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const rule = definition as unknown as RuleDefinition
  const { object, json } = useMemo(() => inputsAsObject(rule), [rule])
  const keys = Object.keys(object.schema.properties)
  const today = new Date().toISOString().slice(0, 10)
  const [values, setValues] = useState<JsonObject>(() => sampleRecord(object, 0, today))
  const form = useMemo(() => askFor(object), [object])
  const outcome = useMemo(
    () => evaluate(rule, set, readInputs(object, json, values), locale),
    [rule, set, object, json, values, locale],
  )
  return (
    <Stack gap="md">
      {outcome && (
        <Code block className="cw-formula">
          {outcome.formula}
        </Code>
      )}
      {keys.length > 0 && (
        <section>
          <Title order={2} size="h5" mb={4}>
            {t('sampleData')}
          </Title>
          <FormBoard form={form} object={object} set={set} actions={() => null} onChange={setValues} />
        </section>
      )}
      {outcome ? (
        <Paper p="md" component="section" aria-live="polite">
          <Text size="sm" c="dimmed">
            {t('ruleGives')}
          </Text>
          <div className="cw-figure cw-path">{outcome.value}</div>
          {outcome.problem && (
            <Text size="sm" c="var(--mantine-color-error)">
              {outcome.problem}
            </Text>
          )}
          <List type="ordered" size="sm" spacing={4} mt="sm">
            {outcome.sentences.map((sentence, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences may repeat, and hold no state
              <List.Item key={at}>{sentence}</List.Item>
            ))}
          </List>
        </Paper>
      ) : (
        <Text c="dimmed">{t('previewBroken')}</Text>
      )}
    </Stack>
  )
}

interface Outcome {
  readonly formula: string
  readonly value: string
  readonly problem: string | null
  readonly sentences: readonly string[]
}

function evaluate(
  rule: RuleDefinition,
  set: DefinitionSet,
  data: JsonObject,
  locale: Locale,
): Outcome | null {
  const scope = namedRuleScope(rule, set)
  const expect = ruleTypeFromJsonSchema(rule.result as Json)
  const checked = checkRule(rule.rule as Json, scope, expect ? { expect: { ...expect, nullable: true } } : {})
  if (!checked.rule) return null
  const now = new Date().toISOString()
  const trace = traceRule(checked.rule, data, {
    $user: { id: '', partner: null, partners: [], roles: [] },
    $today: now.slice(0, 10),
    $now: now,
  })
  const titleOf = (path: string) => {
    const schema = rule.inputs.properties[path] as JsonObject | undefined
    const title = typeof schema?.title === 'string' ? schema.title : path
    const words = schema?.['x-title'] as { zh?: string } | undefined
    return { en: title, zh: words?.zh ?? title }
  }
  return {
    formula: sayRule(rule.rule as Json, scope, titleOf, locale),
    ...sayResult(trace.result, locale),
    sentences: explainTrace(trace, locale, { titleOf: (path) => titleOf(path)[locale] }),
  }
}

function sayResult(result: RuleResult, locale: Locale): { value: string; problem: string | null } {
  if (!result.ok) {
    const code = codes.find((one) => one.code === result.error.code)
    const text = code ? formatText(code.message, locale, result.error.values) : result.error.code
    return { value: '—', problem: text }
  }
  const { value } = result
  if (value === true) return { value: { en: 'Yes', zh: '是' }[locale], problem: null }
  if (value === false) return { value: { en: 'No', zh: '否' }[locale], problem: null }
  if (value === null) return { value: { en: 'Empty', zh: '空' }[locale], problem: null }
  return { value: typeof value === 'string' ? value : JSON.stringify(value), problem: null }
}

function askFor(object: ObjectDefinition): FormDefinition {
  return {
    kind: 'form/1',
    key: 'inputs',
    'x-id': 'inputs',
    title: object.title,
    object: object.key,
    // Over a made-up record, so that the rule has something to begin with.
    purpose: 'edit',
    steps: [
      {
        'x-id': 'inputs_step',
        title: object.title,
        sections: [{ 'x-id': 'inputs_section', rows: inPairs(Object.keys(object.schema.properties)) }],
      },
    ],
  }
}

function inPairs(keys: readonly string[]): string[][] {
  return keys.flatMap((_, at) => (at % 2 === 0 ? [keys.slice(at, at + 2)] : []))
}
