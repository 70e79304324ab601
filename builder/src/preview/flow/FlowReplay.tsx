import type { ReplayDifference, ReplayedCase, ReplaySum } from '@channelwright/runtime/api/flow-trials.ts'
import type { FlowDefinition } from '@channelwright/runtime/definition/flow.ts'
import {
  Accordion,
  Alert,
  Badge,
  Button,
  Group,
  List,
  NumberInput,
  Paper,
  Progress,
  Stack,
  Text,
} from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../../api.ts'
import { useLocale, useWorkspace } from '../../hooks.ts'
import type { PreviewPlace } from '../previews.ts'
import { outcomeTitle } from './outcome-title.ts'
import { unsavedOf } from './unsaved.ts'

interface Replay {
  readonly total: number
  readonly cases: readonly ReplayedCase[]
  readonly sum: ReplaySum | null
  readonly running: boolean
  readonly problem: string | null
}
const empty: Replay = { total: 0, cases: [], sum: null, running: false, problem: null }
const kinds: readonly ReplayDifference[] = ['outcome', 'path', 'people', 'fields', 'time']

/** The newest real cases on the flow as it stands in the editor: what would have come out otherwise. */
export function FlowReplay({ flow, place }: { flow: FlowDefinition; place: PreviewPlace | undefined }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const [last, setLast] = useState<number>(50)
  const [replay, setReplay] = useState(empty)
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const begin = async () => {
    const control = new AbortController()
    abort.current = control
    setReplay({ ...empty, running: true })
    try {
      await api.replayFlow(
        workspace,
        flow.key,
        { ...unsavedOf(flow, place), last },
        (line) =>
          setReplay((was) => {
            if (line.kind === 'begin') return { ...was, total: line.cases }
            if (line.kind === 'case') return { ...was, cases: [...was.cases, line.case] }
            return { ...was, sum: line.sum }
          }),
        control.signal,
      )
    } catch (error) {
      if (!control.signal.aborted)
        setReplay((was) => ({ ...was, problem: error instanceof Error ? error.message : String(error) }))
    } finally {
      setReplay((was) => ({ ...was, running: false }))
    }
  }

  const { total, cases, sum, running, problem } = replay
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('replayHint')}
      </Text>
      <Group gap="xs" align="end">
        <NumberInput
          label={t('replayLast')}
          size="xs"
          w={120}
          min={1}
          max={200}
          allowDecimal={false}
          value={last}
          onChange={(value) => setLast(typeof value === 'number' ? value : 50)}
        />
        {running ? (
          <Button size="xs" variant="default" onClick={() => abort.current?.abort()}>
            {t('cancel')}
          </Button>
        ) : (
          <Button size="xs" onClick={() => void begin()}>
            {t('replayGo', { count: last })}
          </Button>
        )}
      </Group>
      {running && (
        <Progress
          aria-label={t('replayProgress')}
          value={total === 0 ? 0 : (cases.length / total) * 100}
          animated
        />
      )}
      {problem && <Alert color="red" title={problem} />}
      {sum && <Sum flow={flow} sum={sum} />}
      {!running && total === 0 && sum && <Text c="dimmed">{t('replayNone')}</Text>}
      {cases.length > 0 && <Cases cases={cases} />}
    </Stack>
  )
}

function Sum({ flow, sum }: { flow: FlowDefinition; sum: ReplaySum }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const different = sum.cases - sum.same - sum.failed
  return (
    <Paper withBorder p="sm" aria-live="polite">
      <Stack gap={6}>
        <Text fw={600}>{t('replaySum', { cases: sum.cases, same: sum.same, different })}</Text>
        <Group gap="xs">
          {kinds.map((kind) => (
            <Badge key={kind} tt="none" color={sum.differs[kind] > 0 ? 'amber' : 'gray'}>
              {t(`replayKind.${kind}`)} {sum.differs[kind]}
            </Badge>
          ))}
        </Group>
        {sum.outcomes.map(({ before, after, cases }) => (
          <Text key={`${before} ${after}`} size="sm">
            {t('replayOutcome', {
              before: outcomeTitle(flow, before, locale),
              after: outcomeTitle(flow, after, locale),
              count: cases,
            })}
          </Text>
        ))}
        {sum.retraced < sum.cases - sum.failed && (
          <Text size="sm" c="dimmed">
            {t('replayUnlike', { count: sum.cases - sum.failed - sum.retraced })}
          </Text>
        )}
        {sum.cut && (
          <Text size="sm" c="var(--mantine-color-error)">
            {t('replayCut')}
          </Text>
        )}
      </Stack>
    </Paper>
  )
}

/** Those that differ first. */
function Cases({ cases }: { cases: readonly ReplayedCase[] }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const weight = (one: ReplayedCase) => (one.problem ? 2 : one.words.length > 0 ? 3 : 1)
  const sorted = [...cases].sort((a, b) => weight(b) - weight(a))
  return (
    <Accordion variant="separated" chevronPosition="left">
      {sorted.map((one) => (
        <Accordion.Item key={one.run} value={one.run}>
          <Accordion.Control>
            <Group gap="xs" justify="space-between">
              <Text size="sm">{one.title ?? one.record}</Text>
              <Group gap={4}>
                {one.problem && <Badge color="gray">{t('replayFailed')}</Badge>}
                {!one.problem && one.differs.length === 0 && <Badge color="teal">{t('replaySame')}</Badge>}
                {one.differs.map((kind) => (
                  <Badge key={kind} color="amber" tt="none">
                    {t(`replayKind.${kind}`)}
                  </Badge>
                ))}
              </Group>
            </Group>
          </Accordion.Control>
          <Accordion.Panel>
            {one.problem && <Text size="sm">{one.problem.message[locale]}</Text>}
            {!one.problem && !one.retraced && (
              <Text size="sm" c="dimmed">
                {t('replayNotRetraced')}
              </Text>
            )}
            <List size="sm">
              {one.words.map((sentence) => (
                <List.Item key={sentence.en}>{sentence[locale]}</List.Item>
              ))}
            </List>
          </Accordion.Panel>
        </Accordion.Item>
      ))}
    </Accordion>
  )
}
