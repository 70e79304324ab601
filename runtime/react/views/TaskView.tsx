import { Alert, Button, CopyButton, Stack, Text, Title } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { TaskReply } from '../../src/api/flows.ts'
import type { ClientRelease } from '../../src/api/records.ts'
import { useFace } from '../../src/fields/face.tsx'
import { titleOf } from '../../src/fields/shared.ts'
import { type ApiProblem, isProblem } from '../api/problem.ts'
import { hasFailed } from '../parts/failed.ts'
import { formatMoment } from '../parts/moments.ts'
import { AppLink } from '../parts/navigation.tsx'
import { Refused } from '../parts/refusal.tsx'
import { EmptyState, FailedState, LoadingRows, Panel } from '../parts/states.tsx'
import type { WordKey } from '../words/en.ts'
import { useSpeech } from '../words/i18n.ts'
import { readField, useWorkspace } from '../workspace.tsx'
import { Facts } from './DetailView.tsx'
import { CommandBar } from './flows/CommandMenu.tsx'
import { Decision, keptComment } from './flows/Decision.tsx'
import { DueMark } from './flows/DueMark.tsx'
import { useKeptWords } from './flows/kept-words.ts'
import { RecordFlow } from './RecordFlow.tsx'
import { Related, type RelatedList } from './Related.tsx'

/** A task: what it is about, what happened so far, and the decision. */
export function TaskView({ id, onDecided }: { id: string; onDecided?(): void }) {
  const { api, key: workspace } = useWorkspace()
  const task = useQuery({
    queryKey: ['task', workspace, id],
    enabled: api !== null,
    queryFn: () => api!.readTask(id),
  })
  if (task.isPending) return <LoadingRows rows={8} />
  if (hasFailed(task)) {
    return isProblem(task.error) && task.error.status === 404 ? (
      <EmptyState title={task.error.message} hint={task.error.hint} />
    ) : (
      <FailedState error={task.error} onRetry={() => void task.refetch()} />
    )
  }
  return <OpenTask key={id} task={task.data} onDecided={onDecided} />
}

function OpenTask({ task: item, onDecided }: { task: TaskReply; onDecided?(): void }) {
  const { say, locale } = useSpeech()
  const { portal } = useWorkspace()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  return (
    <Stack gap="md">
      <div>
        <Title order={2} size="h2">
          {item.title ?? item.flow.title[locale]}
        </Title>
        <Text size="sm" c="dimmed">
          {item.node.title[locale]}
          {item.applicant.name && ` · ${say('inbox.from', { name: item.applicant.name })}`}
          {` · ${formatMoment(item.created_at, locale, portal.workspace.timeZone)}`}
        </Text>
        {item.state === 'pending' && !item.suspended && <DueMark due={item.due_at} mt={4} />}
      </div>
      <RecordFacts task={item} />
      {item.decisions.length > 0 ? (
        <Decision task={item} problem={problem} onProblem={setProblem} onDecided={onDecided} />
      ) : (
        <>
          {problem && <Refused problem={problem} />}
          <ClosedTask task={item} />
        </>
      )}
      <Beside task={item} />
      <RecordFlow object={item.object} record={item.record} told={item.run} deciding />
    </Stack>
  )
}

/** What became of a task that the reader can't decide any more; and what they had written when others were quicker. */
function ClosedTask({ task }: { task: TaskReply }) {
  const { say, locale } = useSpeech()
  const { key: workspace, portal } = useWorkspace()
  const [unsent, , drop] = useKeptWords(keptComment(workspace, task.id))
  return (
    <>
      <Alert
        color="gray"
        title={say(task.suspended ? 'flow.suspended' : (`flow.state.${task.state}` as WordKey))}
      >
        <Stack gap="xs" align="flex-start">
          {task.suspended && <Text size="sm">{say('flow.taskSuspended')}</Text>}
          {task.decided_at && (
            <Text size="sm">
              {say('inbox.decided', {
                when: formatMoment(task.decided_at, locale, portal.workspace.timeZone),
              })}
            </Text>
          )}
          {task.comment && (
            <Text size="sm" className="cw-quote">
              {task.comment}
            </Text>
          )}
          <CommandBar offers={task.commands} target={{ on: 'task', id: task.id, rev: task.rev }} />
        </Stack>
      </Alert>
      {unsent && unsent.trim() !== task.comment && (
        <Alert color="amber" title={say('inbox.unsent')}>
          <Text size="sm" className="cw-quote">
            {unsent}
          </Text>
          <CopyButton value={unsent}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" mt="xs" mr="xs" onClick={copy}>
                {say(copied ? 'app.copied' : 'app.copy')}
              </Button>
            )}
          </CopyButton>
          <Button size="compact-sm" variant="subtle" mt="xs" onClick={drop}>
            {say('form.draftDiscard')}
          </Button>
        </Alert>
      )}
    </>
  )
}

/** What belongs to the record and is shown with it, to be looked at: whoever decides need not leave the task. */
function Beside({ task }: { task: TaskReply }) {
  const { release } = useWorkspace()
  const lists = (detailOf(release, task.object)?.related ?? []) as readonly RelatedList[]
  if (task.shown === null || lists.length === 0) return null
  const looked = lists.map(({ create: _, ...list }) => list)
  return <Related lists={looked} object={task.object} reply={task.shown} title={task.title ?? ''} />
}

function detailOf(release: ClientRelease, object: string) {
  return Object.values(release.views).find((one) => one.type === 'detail' && one.object === object)
}

/** Where what is shown is not what stands there now: since when, and in which fields. */
function AsThen({ task }: { task: TaskReply }) {
  const { say, locale } = useSpeech()
  const { portal, release } = useWorkspace()
  const { snapshot } = task
  if (snapshot === null) return null
  const when = formatMoment(snapshot.at, locale, portal.workspace.timeZone)
  if (snapshot.changed.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {say('inbox.asThen', { when })}
      </Text>
    )
  const names = snapshot.changed.map((key) => {
    const field = readField(release, task.object, key)
    return field ? titleOf(field, locale) : key
  })
  const fields = names.join(say('form.listJoin'))
  return (
    <Alert color="amber" icon={<IconHistory size={18} />} title={say('inbox.changedSince', { fields })}>
      {say('inbox.asThen', { when })}
    </Alert>
  )
}

/** The record's own page in short: the sections of its detail view, without what the step hides. */
function RecordFacts({ task }: { task: TaskReply }) {
  const { say, locale } = useSpeech()
  const { release } = useWorkspace()
  const face = useFace()
  const { shown } = task
  const view = detailOf(release, task.object)
  const sections = (view?.sections ?? []) as readonly {
    readonly 'x-id': string
    readonly title?: { readonly en: string; readonly zh: string }
    readonly rows: readonly (readonly string[])[]
  }[]
  const href = face.recordHref(task.object, task.record)
  const fallback = [(release.objects[task.object]?.read ?? []).slice(0, 8)]
  return (
    <Panel
      title={release.objects[task.object]?.definition.title[locale]}
      aside={shown !== null && href && <AppLink href={href}>{say('inbox.openRecord')}</AppLink>}
    >
      {shown === null ? (
        <Text size="sm" c="dimmed">
          {say('detail.notFound')}
        </Text>
      ) : (
        <Stack gap="lg">
          <AsThen task={task} />
          {(sections.length > 0 ? sections : [{ 'x-id': 'all', rows: fallback }]).map((section) => (
            <Facts key={section['x-id']} object={task.object} rows={section.rows} reply={shown} filledOnly />
          ))}
        </Stack>
      )}
    </Panel>
  )
}
