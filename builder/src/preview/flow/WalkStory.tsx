import type { SimulateReply, TrialStep } from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import type { FieldDefinition, ObjectDefinition } from '@channelwright/runtime/definition/object.ts'
import type { Json } from '@channelwright/runtime/json.ts'
import { FieldValue, useFormat } from '@channelwright/runtime/react/fields/cells.tsx'
import { formatMoment, sayMoments } from '@channelwright/runtime/react/parts/moments.ts'
import { Alert, Badge, Group, List, Paper, Stack, Text, Timeline, Title } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../../hooks.ts'
import { outcomeTitle } from './outcome-title.ts'

interface Props {
  readonly flow: FlowDefinition
  /** What the flow is about; null: its object is not there. */
  readonly object: ObjectDefinition | null
  readonly walked: SimulateReply
  readonly timeZone: string
}

/** A walked case as a story: what happened when, who was asked and why, which way was taken, what would be written. */
export function WalkStory({ flow, object, walked, timeZone }: Props) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const title = (id: string) => flow.nodes.find((node) => node['x-id'] === id)?.title[locale] ?? id
  const waits = [...new Set(walked.waits_at)].map(title)
  return (
    <Stack gap="sm" aria-live="polite">
      <Group gap="xs">
        <Badge color={waits.length > 0 ? 'amber' : 'teal'} tt="none">
          {waits.length > 0
            ? t('walkWaits', { nodes: waits.join(' · ') })
            : t('walkEnds', {
                outcome:
                  walked.outcome === null
                    ? walked.status
                    : outcomeTitle(flow, walked.outcome, locale, walked.path),
              })}
        </Badge>
        <Text size="xs" c="dimmed">
          {formatMoment(walked.started_at, locale, timeZone)} –{' '}
          {formatMoment(walked.ended_at, locale, timeZone)}
        </Text>
      </Group>
      {walked.trigger && !walked.trigger.holds && (
        <Alert color="amber" title={t('walkNotTriggered')}>
          <Trace lines={walked.trigger.trace?.[locale] ?? []} />
        </Alert>
      )}
      <Timeline bulletSize={14} lineWidth={2} active={walked.steps.length}>
        {walked.steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps of one story stay in their order
          <Timeline.Item key={at} title={formatMoment(step.at, locale, timeZone)} className="cw-walk-step">
            <Step step={step} object={object} title={title} titles={walked.titles} timeZone={timeZone} />
          </Timeline.Item>
        ))}
      </Timeline>
      {walked.changes.length > 0 && (
        <Paper withBorder p="sm" component="section">
          <Title order={3} size="h6" mb={4}>
            {t('walkChanges')}
          </Title>
          <Stack component="ul" gap="xs" className="cw-changes">
            {walked.changes.map(({ field, title: name, before, after }) => {
              const definition = object?.schema.properties[field]
              return (
                <li key={field}>
                  <Text size="sm" fw={600}>
                    {name[locale]}
                  </Text>
                  <Group gap="xs">
                    <Value field={definition} value={before} titles={walked.titles} />
                    <IconArrowRight size={14} aria-label={t('walkBecomes')} />
                    <Value field={definition} value={after} titles={walked.titles} />
                  </Group>
                </li>
              )
            })}
          </Stack>
        </Paper>
      )}
    </Stack>
  )
}

function Step({
  step,
  object,
  title,
  titles,
  timeZone,
}: {
  step: TrialStep
  object: ObjectDefinition | null
  title: (node: string) => string
  titles: SimulateReply['titles']
  timeZone: string
}) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const format = useFormat()
  const sayField = ([key, value]: [string, unknown]) => {
    const field = object?.schema.properties[key]
    if (field === undefined) return `${key} = ${sayValue(value)}`
    const title = locale === 'zh' ? field['x-title'].zh : field.title
    return `${title ?? key} = ${format(value as Json, field, titles) || '–'}`
  }
  return (
    <Stack gap={4}>
      {step.said.map((sentence) => (
        <Text
          key={sentence.en}
          size="sm"
          c={step.kind === 'refused' ? 'var(--mantine-color-error)' : undefined}
        >
          {sayMoments(sentence[locale], (instant) => formatMoment(instant, locale, timeZone))}
        </Text>
      ))}
      {step.branches.map((branch) => (
        <div key={branch.edge}>
          <Text size="xs" fw={600}>
            {t(branch.holds ? 'walkBranchTaken' : 'walkBranchLeft', {
              node: title(branch.node),
              way: branch.title[locale],
            })}
          </Text>
          <Trace lines={branch.trace?.[locale] ?? [t('walkHidden')]} />
        </div>
      ))}
      {step.tasks.map((task) => (
        <Text key={`${task.node}${task.assignee.id}`} size="sm">
          <strong>{task.assignee.name ?? t('walkSomebody')}</strong>
          {task.on_behalf_of && ` (${t('walkFor', { name: task.on_behalf_of.name ?? t('walkSomebody') })})`}
          {task.because.length > 0 && (locale === 'zh' ? ':' : ': ')}
          {task.because.map((one) => one[locale]).join(locale === 'zh' ? ';' : '; ')}
          {task.due_at && ` · ${t('walkDue', { at: formatMoment(task.due_at, locale, timeZone) })}`}
        </Text>
      ))}
      {step.choice && <Choice choice={step.choice} timeZone={timeZone} />}
      {step.effect && !step.choice && (
        <Text size="sm" c="dimmed" className="cw-path">
          {t('walkWould', { what: step.effect.title[locale] })}
          {Object.entries(step.effect.values).map((entry) => ` · ${sayField(entry)}`)}
        </Text>
      )}
    </Stack>
  )
}

/** Whom the step would choose, in which order it looks at them, and why. */
function Choice({ choice, timeZone }: { choice: NonNullable<TrialStep['choice']>; timeZone: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const { rule, candidates, hidden } = choice
  return (
    <div>
      <Text size="xs" fw={600}>
        {rule === null ? t('walkNoCandidate') : t('walkChoice', { rule: rule[locale] })}
      </Text>
      <List size="xs" type="ordered" withPadding>
        {candidates.map(({ record, name, place, chosen, why }) => (
          <List.Item key={record} c={place === null ? 'dimmed' : undefined} fw={chosen ? 600 : undefined}>
            {name}
            {chosen && ` (${t('walkChosen')})`}
            {locale === 'zh' ? ':' : ': '}
            {sayMoments(why[locale], (instant) => formatMoment(instant, locale, timeZone))}
          </List.Item>
        ))}
      </List>
      {hidden > 0 && (
        <Text size="xs" c="dimmed">
          {t('walkChoiceHidden', { count: hidden })}
        </Text>
      )}
    </div>
  )
}

function Trace({ lines }: { lines: readonly string[] }) {
  return (
    <List size="xs" c="dimmed">
      {lines.map((line) => (
        <List.Item key={line}>{line}</List.Item>
      ))}
    </List>
  )
}

/** A value as lists show it; one of a field that there is not as it stands. */
function Value({
  field,
  value,
  titles,
}: {
  field: FieldDefinition | undefined
  value: unknown
  titles: SimulateReply['titles']
}) {
  return field === undefined ? (
    sayValue(value)
  ) : (
    <FieldValue field={field} value={value as Json} titles={titles} />
  )
}

function sayValue(value: unknown): string {
  if (value === null || value === undefined) return '–'
  return typeof value === 'string' ? value : JSON.stringify(value)
}
