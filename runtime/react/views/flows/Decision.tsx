import { Button, Group, Stack, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import type { TaskReply } from '../../../src/api/flows.ts'
import { isFileId } from '../../../src/fields/file/on-its-way.ts'
import type { JsonObject } from '../../../src/json.ts'
import { type ApiProblem, isOutOfDate, isProblem, isRecordOutOfDate } from '../../api/problem.ts'
import { AttachmentInput } from '../../files/AttachmentInput.tsx'
import type { FormActions } from '../../form/form-props.ts'
import { AwaitingFiles, useArrival } from '../../form/use-arrival.tsx'
import { Refused, useChanged } from '../../parts/refusal.tsx'
import { LoadingRows, Panel } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { CommandMenu, drawable } from './CommandMenu.tsx'
import { CopyInput } from './CopyInput.tsx'
import { useCommandIds } from './command-ids.ts'
import { useKeptWords } from './kept-words.ts'
import { firstPicks, lackingPicks, PickInputs, pickInputId, writePicks } from './PickInputs.tsx'
import { SignaturePad } from './SignaturePad.tsx'

// Forms are the heaviest part of the portal, and few tasks have one.
const TaskForm = lazy(async () => ({ default: (await import('../../form/TaskForm.tsx')).TaskForm }))

type Answer = TaskReply['decisions'][number]

/** A refusal leads nobody on: nobody is chosen with it. */
const leadsOn = (answer: Answer) => answer.key !== 'reject' && answer.key !== 'decline'

interface Choice {
  readonly answer: Answer
  /** Fields that the task opens, written with the decision. */
  readonly values?: JsonObject
}

/** Where the words of a decision are kept until it is made. */
export const keptComment = (workspace: string, task: string) => `cw.comment.${workspace}.${task}`

/** The answers of a task and what else may be done with it. Two buttons stand open, the rest behind a third. */
export function Decision({
  task,
  problem,
  onProblem,
  onDecided,
}: {
  task: TaskReply
  /** Why the last attempt was refused: kept above, since a refusal brings a newer task. */
  problem: ApiProblem | null
  onProblem(problem: ApiProblem | null): void
  onDecided?(): void
}) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const [comment, setComment, dropComment] = useKeptWords(keptComment(workspace, task.id))
  const [signature, setSignature] = useState<string | null>(null)
  const [attachments, setAttachments] = useState<readonly string[]>([])
  const [missing, setMissing] = useState<readonly ('comment' | 'signature' | 'attachments')[]>([])
  const [picks, setPicks] = useState(() => firstPicks(task.picks))
  const [cc, setCc] = useState<readonly string[]>([])
  const [unpicked, setUnpicked] = useState<readonly string[]>([])
  const commandId = useCommandIds()
  const forget = () => {
    if (problem !== null) onProblem(null)
  }
  useChanged([comment, signature, attachments, picks, cc], forget)
  // A form stands on the record as it was when it opened, however often the task is read again: that version was seen.
  const [opening, setOpening] = useState(0)
  const stands = useRef({ opening, rev: task.record_rev })
  if (stands.current.opening !== opening) stands.current = { opening, rev: task.record_rev }
  const openAnew = async () => {
    await queries.invalidateQueries({ queryKey: ['task', workspace, task.id] })
    setOpening((before) => before + 1)
  }

  const seen = task.form === null ? task.record_rev : stands.current.rev
  const decide = useMutation({
    mutationFn: ({ answer, values }: Choice) =>
      api!.decideTask(task.id, {
        decision: answer.key,
        comment: comment.trim() || undefined,
        taskRev: task.rev,
        commandId: commandId(answer.key, comment.trim(), signature, attachments, values ?? {}, picks, cc),
        ...(values ? { values } : {}),
        ...(signature ? { signature } : {}),
        ...(cc.length > 0 ? { cc } : {}),
        ...(leadsOn(answer) && task.picks.length > 0 ? { picks: writePicks(task.picks, picks) } : {}),
        ...(attachments.length > 0 ? { attachments } : {}),
        ...(typeof seen === 'number' ? { seenVersion: seen } : {}),
      }),
    onSuccess: async (_reply, { answer }) => {
      dropComment()
      notifications.show({
        message: say('inbox.decidedAs', { decision: answer.title[locale] }),
        color: answer.key === 'reject' ? 'gray' : 'teal',
      })
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace })
      onDecided?.()
    },
    onError: (error, { values }) => {
      if (!isProblem(error)) throw error
      // What is wrong with a field is told beside it, by the form; so is that it stands on an old record.
      if (error.details.length === 0 && !(values && isRecordOutOfDate(error))) onProblem(error)
      if (isOutOfDate(error))
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace })
    },
  })
  const formNow = useRef<FormActions>(undefined)
  const choose = (answer: Answer) => {
    const form = formNow.current
    onProblem(null)
    const asked = form?.ask(answer.key) ?? false
    const lacking = [
      ...(answer.comment_required && comment.trim() === '' ? (['comment'] as const) : []),
      ...(answer.signature_required && signature === null ? (['signature'] as const) : []),
      // What did not arrive is sent again or left out, whether or not it is needed.
      ...(attachments.length < (answer.attachments_required ? 1 : 0) || !attachments.every(isFileId)
        ? (['attachments'] as const)
        : []),
    ]
    const unchosen = leadsOn(answer) ? lackingPicks(task.picks, picks) : []
    setUnpicked(unchosen)
    setMissing(lacking)
    if (unchosen[0] !== undefined && !lacking[0]) {
      if (!asked) document.getElementById(pickInputId(unchosen[0]))?.focus()
      return
    }
    if (lacking[0]) {
      if (!asked)
        document
          .getElementById(lacking[0] === 'signature' ? 'decision-signature-name' : `decision-${lacking[0]}`)
          ?.focus()
      return
    }
    if (asked) return
    // Without a word about answers, what a form asks for is needed to go on; a rejected record stays as it is.
    if (!form || (answer.key === 'reject' && !form.readsDecision)) return decide.mutate({ answer })
    const send = async (values: JsonObject) => {
      await decide.mutateAsync({ answer, values })
    }
    form.submit(send, answer.key)
  }
  const arrival = useArrival([...attachments], choose)
  useChanged([comment, signature, picks, cc], arrival.callOff)
  const answers = task.decisions
  const required = task.decisions.some((one) => one.comment_required)
  const always = task.decisions.every((one) => one.comment_required)
  const signs = task.decisions.some((one) => one.signature_required)
  const words = (
    <Stack gap="md">
      {task.picks.length > 0 && (
        <PickInputs
          flow={task.flow.key}
          task={task.id}
          offers={task.picks}
          value={picks}
          missing={unpicked}
          onChange={(next) => {
            setPicks(next)
            setUnpicked([])
          }}
        />
      )}
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
        error={missing.includes('comment') ? say('inbox.commentRequired') : undefined}
        onChange={(event) => {
          setComment(event.currentTarget.value)
          setMissing(missing.filter((one) => one !== 'comment'))
        }}
      />
      {signs && (
        <SignaturePad
          id="decision-signature"
          label={say('command.field.signature')}
          required
          error={missing.includes('signature') ? say('flow.needed') : undefined}
          value={signature}
          onChange={(next) => {
            setSignature(next)
            setMissing(missing.filter((one) => one !== 'signature'))
          }}
        />
      )}
      {answers.length > 0 && (
        <AttachmentInput
          id="decision-attachments"
          label={say('command.field.attachments')}
          required={answers.every((one) => one.attachments_required)}
          error={
            missing.includes('attachments')
              ? say(attachments.every(isFileId) ? 'flow.needed' : 'form.fileUnsent')
              : undefined
          }
          value={attachments}
          onChange={(next) => {
            arrival.noteChange([...attachments], next)
            setAttachments(next)
            setMissing(missing.filter((one) => one !== 'attachments'))
          }}
        />
      )}
      {task.copies && <CopyInput value={cc} onChange={setCc} />}
    </Stack>
  )
  const waits = (answer: Answer) =>
    arrival.waiting?.key === answer.key || formNow.current?.waiting === answer.key
  const buttons = (form?: FormActions) => {
    formNow.current = form
    return (
      <Group mt="md" gap="sm" className="cw-answers">
        {arrival.waiting !== null && <AwaitingFiles />}
        {answers.map((answer, at) => (
          <Button
            key={answer.key}
            data-answer={at}
            variant={answer.key === 'reject' ? 'outline' : 'filled'}
            color={answer.key === 'reject' ? 'red' : undefined}
            loading={waits(answer) || (decide.isPending && decide.variables.answer.key === answer.key)}
            disabled={decide.isPending}
            onClick={() => arrival.begin(answer)}
          >
            {answer.title[locale]}
          </Button>
        ))}
        <CommandMenu
          offers={drawable(task.commands)}
          target={{ on: 'task', id: task.id, rev: task.rev }}
          label={say('app.more')}
          disabled={decide.isPending}
          onDone={onDecided}
          onRefused={onProblem}
        />
      </Group>
    )
  }
  const { form } = task
  return (
    <Panel className="cw-decision">
      {task.on_behalf_of && (
        <Text size="sm" mb="sm" fw={550}>
          {say('inbox.onBehalfOf', { name: task.on_behalf_of.name ?? say('history.somebody') })}
        </Text>
      )}
      {task.opinion_only && (
        <Text size="sm" mb="sm" c="dimmed">
          {say('inbox.opinionOnly')}
        </Text>
      )}
      {problem && <Refused problem={problem} />}
      {form !== null ? (
        <Suspense fallback={<LoadingRows rows={4} height={34} />}>
          <TaskForm
            key={opening}
            task={{ ...task, form }}
            actions={buttons}
            beside={[comment, signature, attachments, picks, cc]}
            onChange={(now, before) => {
              forget()
              arrival.noteChange(before, now)
            }}
            onReload={() => void openAnew()}
          >
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
