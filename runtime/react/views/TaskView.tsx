import { Alert, Button, Group, Stack, Text, Textarea, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { TaskReply } from '../../src/api/flows.ts'
import { useFace } from '../../src/fields/face.tsx'
import type { JsonObject } from '../../src/json.ts'
import { type ApiProblem, isProblem } from '../api/problem.ts'
import type { FormActions } from '../form/form-props.ts'
import { newId } from '../parts/ids.ts'
import { formatMoment } from '../parts/moments.ts'
import { AppLink } from '../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows, Panel } from '../parts/states.tsx'
import type { WordKey } from '../words/en.ts'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { Facts } from './DetailView.tsx'
import { RecordFlow } from './RecordFlow.tsx'

// Forms are the heaviest part of the portal, and few tasks have one.
const TaskForm = lazy(async () => ({ default: (await import('../form/TaskForm.tsx')).TaskForm }))

interface Choice {
  readonly decision: string
  /** Fields that the task opens, written with the decision. */
  readonly values?: JsonObject
}

/** A task: what it is about, what happened so far, and the decision. */
export function TaskView({ id, onDecided }: { id: string; onDecided?(): void }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, portal } = useWorkspace()
  const task = useQuery({
    queryKey: ['task', workspace, id],
    enabled: api !== null,
    queryFn: () => api!.readTask(id),
  })
  if (task.isPending) return <LoadingRows rows={8} />
  if (task.isError) {
    return isProblem(task.error) && task.error.status === 404 ? (
      <EmptyState title={task.error.message} hint={task.error.hint} />
    ) : (
      <FailedState error={task.error} onRetry={() => void task.refetch()} />
    )
  }
  const item = task.data
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
      </div>
      <RecordFacts task={item} />
      {item.decisions.length > 0 ? (
        <Decision
          key={`${item.id} ${item.rev}`}
          task={item}
          onDecided={onDecided}
          onStale={() => void task.refetch()}
        />
      ) : (
        <Alert color="gray" title={say(`flow.state.${item.state}` as WordKey)}>
          {item.decided_at && (
            <Text size="sm">
              {say('inbox.decided', {
                when: formatMoment(item.decided_at, locale, portal.workspace.timeZone),
              })}
            </Text>
          )}
          {item.comment && (
            <Text size="sm" className="cw-quote">
              {item.comment}
            </Text>
          )}
        </Alert>
      )}
      <RecordFlow object={item.object} record={item.record} deciding />
    </Stack>
  )
}

/** The record's own page in short: the sections of its detail view. */
function RecordFacts({ task }: { task: TaskReply }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace, release } = useWorkspace()
  const face = useFace()
  const record = useQuery({
    queryKey: ['record', workspace, task.object, task.record],
    enabled: api !== null,
    queryFn: () => api!.readRecord(task.object, task.record),
  })
  const view = Object.values(release.views).find((one) => one.type === 'detail' && one.object === task.object)
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
      aside={href && <AppLink href={href}>{say('inbox.openRecord')}</AppLink>}
    >
      {record.isPending ? (
        <LoadingRows rows={4} />
      ) : record.isError ? (
        <FailedState error={record.error} onRetry={() => void record.refetch()} />
      ) : (
        <Stack gap="lg">
          {(sections.length > 0 ? sections : [{ 'x-id': 'all', rows: fallback }]).map((section) => (
            <Facts
              key={section['x-id']}
              object={task.object}
              rows={section.rows}
              reply={record.data}
              filledOnly
            />
          ))}
        </Stack>
      )}
    </Panel>
  )
}

function Decision({ task, onDecided, onStale }: { task: TaskReply; onDecided?(): void; onStale(): void }) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const kept = `cw.comment.${workspace}.${task.id}`
  const [comment, setComment] = useState(() => sessionStorage.getItem(kept) ?? '')
  const [missing, setMissing] = useState(false)
  const [refused, setRefused] = useState<ApiProblem | null>(null)
  // One id for one decision in the same words: sent again after a lost answer it is done once.
  const commands = useRef(new Map<string, string>())
  const commandOf = (decision: string, values?: JsonObject) => {
    const mark = `${decision} ${comment.trim()} ${JSON.stringify(values ?? {})}`
    const id = commands.current.get(mark) ?? newId()
    commands.current.set(mark, id)
    return id
  }
  useEffect(() => sessionStorage.setItem(kept, comment), [kept, comment])

  const decide = useMutation({
    mutationFn: ({ decision, values }: Choice) =>
      api!.decideTask(task.id, {
        decision,
        comment: comment.trim() || undefined,
        taskRev: task.rev,
        commandId: commandOf(decision, values),
        ...(values ? { values } : {}),
      }),
    onSuccess: async (_reply, { decision }) => {
      sessionStorage.removeItem(kept)
      const done = task.decisions.find((one) => one.key === decision)
      notifications.show({
        message:
          decision === 'approve'
            ? say('inbox.approved')
            : decision === 'reject'
              ? say('inbox.rejected')
              : done?.title[locale],
        color: decision === 'reject' ? 'gray' : 'teal',
      })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace })
      onDecided?.()
    },
    onError: (error) => {
      if (!isProblem(error)) throw error
      // What is wrong with a field is told beside it, by the form.
      if (error.details.length === 0) setRefused(error)
      if (error.status === 409 || error.status === 412) onStale()
    },
  })
  const choose = (decision: TaskReply['decisions'][number], form?: FormActions) => {
    setRefused(null)
    const asked = form?.ask(decision.key) ?? false
    if (decision.comment_required && comment.trim() === '') {
      setMissing(true)
      if (!asked) document.getElementById('decision-comment')?.focus()
      return
    }
    if (asked) return
    // Without a word about answers, what a form asks for is needed to go on; a rejected record stays as it is.
    if (!form || (decision.key === 'reject' && !form.readsDecision))
      return decide.mutate({ decision: decision.key })
    const send = async (values: JsonObject) => {
      await decide.mutateAsync({ decision: decision.key, values })
    }
    void form.submit(send, decision.key)
  }
  const required = task.decisions.some((one) => one.comment_required)
  const always = task.decisions.every((one) => one.comment_required)
  const words = (
    <Textarea
      id="decision-comment"
      label={say('inbox.comment')}
      description={say(
        always ? 'inbox.commentRequired' : required ? 'inbox.commentOnReject' : 'inbox.commentOptional',
      )}
      autosize
      minRows={2}
      maxRows={8}
      maxLength={2000}
      value={comment}
      error={missing ? say('inbox.commentRequired') : undefined}
      onChange={(event) => {
        setComment(event.currentTarget.value)
        setMissing(false)
      }}
    />
  )
  const buttons = (form?: FormActions) => (
    <Group mt="md" gap="sm" grow preventGrowOverflow={false}>
      {task.decisions.map((decision) => (
        <Button
          key={decision.key}
          variant={decision.key === 'reject' ? 'outline' : 'filled'}
          color={decision.key === 'reject' ? 'red' : undefined}
          loading={decide.isPending && decide.variables.decision === decision.key}
          disabled={decide.isPending}
          onClick={() => choose(decision, form)}
        >
          {decision.title[locale]}
        </Button>
      ))}
    </Group>
  )
  const { form } = task
  return (
    <Panel className="cw-decision">
      {refused && (
        <Alert
          color="red"
          mb="md"
          role="alert"
          icon={<IconAlertTriangle size={18} />}
          title={refused.message}
        >
          {refused.hint}
        </Alert>
      )}
      {form !== null ? (
        <Suspense fallback={<LoadingRows rows={4} height={34} />}>
          <TaskForm task={{ ...task, form }} actions={buttons}>
            {words}
          </TaskForm>
        </Suspense>
      ) : (
        <>
          {words}
          {buttons()}
        </>
      )}
    </Panel>
  )
}
