import type { PlanReply, TableStep } from '@channelwright/runtime/api/definitions.ts'
import { hasErrors } from '@channelwright/runtime/definition/diagnostic.ts'
import { useRefusal } from '@channelwright/runtime/react/parts/refusal.tsx'
import { EmptyState } from '@channelwright/runtime/react/parts/states.tsx'
import {
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  List,
  Paper,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '../api.ts'
import { useLocale, useWorkspace } from '../hooks.ts'
import { changeColours } from '../shell/change-colours.ts'
import { DiagnosticList } from '../shell/DiagnosticList.tsx'
import { Loaded, PageLoading } from '../shell/Loaded.tsx'
import { PageLink } from '../shell/PageLink.tsx'
import { PublicationProgress } from './PublicationProgress.tsx'

// Comparing letter by letter brings the editor along.
const Difference = lazy(async () => ({ default: (await import('../editor/Difference.tsx')).Difference }))

/** What the drafts change, what that does to the tables, and the button that makes it so. */
export function ChangesPage() {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const client = useQueryClient()
  const [publication, setPublication] = useState<string | null>(null)
  const plan = useQuery({
    queryKey: ['plan', workspace],
    queryFn: () => api.planPublication(workspace),
    enabled: publication === null,
  })
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Title order={1} size="h2">
          {t('changes')}
        </Title>
        <Button variant="default" onClick={() => void plan.refetch()} loading={plan.isFetching}>
          {t('checkAndPlan')}
        </Button>
      </Group>
      {publication ? (
        <PublicationProgress
          id={publication}
          onEnd={() => {
            void client.invalidateQueries()
          }}
          onClose={() => setPublication(null)}
        />
      ) : (
        <Loaded query={plan}>{plan.data && <Plan plan={plan.data} onStarted={setPublication} />}</Loaded>
      )}
    </Stack>
  )
}

function Plan({ plan, onStarted }: { plan: PlanReply; onStarted: (publication: string) => void }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const [note, setNote] = useState('')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const broken = hasErrors(plan.diagnostics)
  const asked = plan.steps.flatMap((step) => (step.confirm === null ? [] : [step.confirm]))
  const confirmed = asked.filter((name) => typed[name] === name)
  const publish = useMutation({
    mutationFn: () => api.publish(workspace, { note, confirmed }),
    onSuccess: (reply) => onStarted(reply.id),
  })

  const refusal = useRefusal(publish, [note, typed])

  if (plan.changes.length === 0 && plan.diagnostics.length === 0)
    return <EmptyState title={t('noDrafts')} icon={IconCheck} />
  return (
    <Stack gap="lg">
      {plan.diagnostics.length > 0 && (
        <Paper withBorder p="md">
          <DiagnosticList diagnostics={plan.diagnostics} />
        </Paper>
      )}
      <ChangeList plan={plan} />
      <Paper withBorder p="md" component="section">
        <Title order={2} size="h4" mb="sm">
          {t('whatHappensToTables')}
        </Title>
        {plan.steps.length === 0 ? (
          <Text c="dimmed">{t('noTableChange')}</Text>
        ) : (
          <Stack gap="sm">
            {plan.steps.map((step) => (
              <Step
                key={step.id}
                step={step}
                typed={step.confirm === null ? '' : (typed[step.confirm] ?? '')}
                onType={(text) => setTyped((all) => ({ ...all, [step.confirm ?? '']: text }))}
              />
            ))}
          </Stack>
        )}
      </Paper>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          publish.mutate()
        }}
      >
        <Stack gap="sm" maw={560}>
          <Textarea
            label={t('note')}
            placeholder={t('notePlaceholder')}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
            autosize
            minRows={2}
            maxLength={500}
          />
          {broken && (
            <Text size="sm" c="var(--mantine-color-error)">
              {t('solveFirst')}
            </Text>
          )}
          {refusal && <Alert color="red" title={refusal.message} />}
          <Group>
            <Button
              type="submit"
              loading={publish.isPending}
              disabled={broken || confirmed.length < asked.length}
            >
              {t('publish')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  )
}

function ChangeList({ plan }: { plan: PlanReply }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  return (
    <Paper withBorder p="md" component="section">
      <Title order={2} size="h4" mb="sm">
        {t('whatChanges')}
      </Title>
      <Stack gap="md">
        {plan.changes.map((change) => (
          <div key={`${change.pack}/${change.path}`}>
            <Group gap="xs">
              <Badge color={changeColours[change.change]}>{t(change.change)}</Badge>
              <PageLink to="/definition" search={{ pack: change.pack, path: change.path }} size="sm" fw={550}>
                {change.title[locale]}
              </PageLink>
              <Text size="xs" c="dimmed" ff="monospace">
                {change.path}
              </Text>
            </Group>
            {change.words.length > 0 && (
              <List size="sm" mt={4} withPadding>
                {change.words.map((words) => (
                  <List.Item key={words.en}>{words[locale]}</List.Item>
                ))}
              </List>
            )}
            {change.change !== 'removed' && <ChangedText pack={change.pack} path={change.path} />}
          </div>
        ))}
      </Stack>
    </Paper>
  )
}

/** The texts side by side, for those who ask. */
function ChangedText({ pack, path }: { pack: string; path: string }) {
  const { t } = useTranslation('builder')
  const workspace = useWorkspace()
  const [opened, setOpened] = useState(false)
  const source = useQuery({
    queryKey: ['source', workspace, pack, path],
    queryFn: () => api.readSource(workspace, pack, path),
    enabled: opened,
  })
  return (
    <>
      <Button
        size="compact-xs"
        variant="subtle"
        mt={4}
        aria-expanded={opened}
        onClick={() => setOpened((before) => !before)}
      >
        {t(opened ? 'hideText' : 'showText')}
      </Button>
      {opened && (
        <Loaded query={source}>
          <Suspense fallback={<PageLoading />}>
            <Difference
              before={source.data?.released ?? ''}
              after={source.data?.draft?.text ?? ''}
              label={path}
            />
          </Suspense>
        </Loaded>
      )}
    </>
  )
}

/** The sentence with its records as links into the portal. */
function StepWords({ step }: { step: TableStep }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const workspace = useWorkspace()
  const words = step.words[locale]
  if (step.examples.length === 0) return words
  const parts = words.split(new RegExp(`(${step.examples.join('|')})`))
  return parts.map((part, at) =>
    step.examples.includes(part) ? (
      <Anchor
        key={part}
        href={`/w/${encodeURIComponent(workspace)}/r/${encodeURIComponent(step.object)}/${part}`}
        target="_blank"
        rel="noreferrer"
        size="sm"
        aria-label={t('openRecord', { id: part })}
        className="cw-num"
      >
        …{part.slice(-6)}
      </Anchor>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one sentence stay in their order
      <span key={at}>{part}</span>
    ),
  )
}

function Step({ step, typed, onType }: { step: TableStep; typed: string; onType: (text: string) => void }) {
  const { t } = useTranslation('builder')
  return (
    <Stack gap={4}>
      <Group gap="xs" wrap="nowrap" align="start">
        {step.destructive && (
          <Badge color="red" style={{ flexShrink: 0 }}>
            {t('destructive')}
          </Badge>
        )}
        <Text size="sm">
          <StepWords step={step} />
        </Text>
      </Group>
      {step.confirm !== null && (
        <TextInput
          size="xs"
          maw={360}
          label={t('typeToConfirm', { name: step.confirm })}
          value={typed}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      )}
    </Stack>
  )
}
