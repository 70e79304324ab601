import type { DefinitionSet } from '@channelwright/runtime/definition/definition-set.ts'
import type { PlanDefinition } from '@channelwright/runtime/definition/plan.ts'
import { computeAmount } from '@channelwright/runtime/incentives/explain.ts'
import { findBandMethod } from '@channelwright/runtime/incentives/index.ts'
import { checkPlanRules, type PlanTypedRules } from '@channelwright/runtime/incentives/rules.ts'
import type { JsonObject } from '@channelwright/runtime/json.ts'
import { compileRule, explainTrace, traceRule } from '@channelwright/runtime/logic/index.ts'
import type { WorkspaceApi } from '@channelwright/runtime/react/api/client.ts'
import { formatAmount, formatMeasure, formatRate } from '@channelwright/runtime/react/parts/amounts.ts'
import { Explained } from '@channelwright/runtime/react/views/ExplainView.tsx'
import { useWorkspace } from '@channelwright/runtime/react/workspace.tsx'
import { Alert, List, Paper, Select, SimpleGrid, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import { PreviewStage } from './PreviewStage.tsx'
import type { PreviewProps } from './previews.ts'
import { titlesOf } from './rule-words.ts'
import { explainMeasures, sampleMeasures } from './sample-earnings.ts'

/** What the plan would pay: on figures typed in, or on one record. The arithmetic is the runtime's own. */
export function PlanPreview({ definition, set }: PreviewProps) {
  return (
    <PreviewStage set={set}>
      {({ today }) => <PlanBoard plan={definition as unknown as PlanDefinition} set={set} today={today} />}
    </PreviewStage>
  )
}

const exact = /^-?[0-9]{1,20}(\.[0-9]{1,10})?$/

function PlanBoard({ plan, set, today }: { plan: PlanDefinition; set: DefinitionSet; today: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const { rules } = useMemo(() => checkPlanRules(plan, set), [plan, set])
  const [typed, setTyped] = useState<Record<string, string>>({})
  const [record, setRecord] = useState<JsonObject | null>(null)
  const samples = useMemo(() => sampleMeasures(plan), [plan])
  const taken = record && rules ? measure(plan, rules, record, set, locale) : null
  const measures = Object.fromEntries(
    Object.keys(plan.measures).map((key) => [key, taken?.measures[key] ?? typed[key] ?? samples[key] ?? '0']),
  )
  const sound = Object.values(measures).every((value) => exact.test(value))
  const gate = sound && (rules?.gates ?? []).every((rule) => holds(rule, measures))
  const counts = taken === null || taken.counts
  const titleOf = titlesOf(set, plan.events.object)
  return (
    <Stack gap="lg">
      <Paper p="md" component="section">
        <Title order={2} size="h4" mb="sm">
          {t('planTry')}
        </Title>
        <RecordChoice plan={plan} onChoose={setRecord} />
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm" mt="sm">
          {Object.entries(plan.measures).map(([key, one]) => {
            const field = readVar(one.of)
            return (
              <TextInput
                key={key}
                label={
                  (field && titleOf(field)?.[locale]) ??
                  (one.method === 'count' ? t('countOf', { key }) : key)
                }
                inputMode="decimal"
                value={measures[key] ?? ''}
                disabled={taken !== null}
                error={exact.test(measures[key] ?? '') ? undefined : t('numberWanted')}
                onChange={(event) => {
                  const { value } = event.currentTarget
                  setTyped((before) => ({ ...before, [key]: value.trim() }))
                }}
              />
            )
          })}
        </SimpleGrid>
        {taken && (
          <List size="sm" mt="sm">
            {taken.sentences.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        )}
      </Paper>
      {!counts && <Alert color="gray" title={t('planNotCounted')} />}
      {counts && sound && findBandMethod(plan.bands.method) && (
        <Paper p="md" component="section" aria-live="polite">
          <Explained
            sample
            explanation={explainMeasures(
              plan,
              measures,
              gate,
              Number(measures[countKey(plan)] ?? 1) || 1,
              today,
            )}
          />
        </Paper>
      )}
      <Schedule plan={plan} />
    </Stack>
  )
}

function countKey(plan: PlanDefinition): string {
  return Object.entries(plan.measures).find(([, one]) => one.method === 'count')?.[0] ?? ''
}

function readVar(rule: unknown): string | null {
  const path = (rule as { var?: unknown } | null)?.var
  return typeof path === 'string' ? path : null
}

function holds(rule: PlanTypedRules['gates'][number], measures: Readonly<Record<string, string>>): boolean {
  const result = compileRule(rule)({ m: measures })
  return result.ok && result.value === true
}

interface Taken {
  readonly counts: boolean
  readonly measures: Readonly<Record<string, string>>
  readonly sentences: readonly string[]
}

/** What one record adds to the measures, and why it counts or does not. */
function measure(
  plan: PlanDefinition,
  rules: PlanTypedRules,
  record: JsonObject,
  set: DefinitionSet,
  locale: 'en' | 'zh',
): Taken {
  const titleOf = titlesOf(set, plan.events.object)
  const when = traceRule(rules.when, record)
  const counts = when.result.ok && when.result.value === true
  const measures = Object.fromEntries(
    Object.entries(plan.measures).map(([key, one]) => {
      const rule = rules.measures.get(key)
      const result = rule && compileRule(rule)(record)
      return [key, one.method === 'count' ? '1' : result?.ok ? String(result.value ?? '0') : '0']
    }),
  )
  return {
    counts,
    measures,
    sentences: explainTrace(when, locale, { titleOf: (path) => titleOf(path)?.[locale] }),
  }
}

function RecordChoice({
  plan,
  onChoose,
}: {
  plan: PlanDefinition
  onChoose: (record: JsonObject | null) => void
}) {
  const { t } = useTranslation('builder')
  const { api, key, release } = useWorkspace()
  const [chosen, setChosen] = useState<string | null>(null)
  const { object } = plan.events
  const display = release.objects[object]?.definition.display ?? ''
  const records = useQuery({
    queryKey: ['preview-records', key, object],
    enabled: object !== '' && release.objects[object] !== undefined,
    // A preview always has one.
    queryFn: () => (api as WorkspaceApi).listRecords({ object, limit: 20 }),
  })
  return (
    <Select
      label={t('planRecord')}
      placeholder={t('planFigures')}
      data={(records.data?.records ?? []).map((one) => ({
        value: one.id,
        label: String(one[display] ?? one.id),
      }))}
      value={chosen}
      onChange={(id) => {
        setChosen(id)
        const found = records.data?.records.find((one) => one.id === id)
        onChoose(found ? (found as unknown as JsonObject) : null)
      }}
      clearable
      searchable
      clearButtonProps={{ 'aria-label': t('planFigures') }}
    />
  )
}

/** The plan at a glance: what each band begins at and pays, and the amount on reaching it. */
function Schedule({ plan }: { plan: PlanDefinition }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const method = findBandMethod(plan.bands.method)
  if (!method) return null
  const { rows, unit, lookup, payOn } = plan.bands
  return (
    <Paper p="md" component="section">
      <Title order={2} size="h4">
        {method.title[locale]}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {method.describe[locale]}
      </Text>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('bandFrom')}</Table.Th>
            <Table.Th ta="right">{t(unit === 'rate' ? 'bandRate' : 'bandAmount')}</Table.Th>
            <Table.Th ta="right">{t('paidThere')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="cw-num">
          {rows.map((row) => {
            const measures = { [lookup]: row.from, [payOn]: row.from }
            const { amount } = computeAmount(plan, { measures, before: null, gate: true, gateBefore: true })
            return (
              <Table.Tr key={row['x-id']}>
                <Table.Td>{formatMeasure(row.from)}</Table.Td>
                <Table.Td ta="right">
                  {unit === 'rate' ? formatRate(row.value) : formatAmount(row.value, plan.currency)}
                </Table.Td>
                <Table.Td ta="right">{formatAmount(amount, plan.currency)}</Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
      {plan.cap !== undefined && (
        <Text size="sm" mt="sm">
          {t('planCap', { amount: formatAmount(plan.cap, plan.currency) })}
        </Text>
      )}
    </Paper>
  )
}
