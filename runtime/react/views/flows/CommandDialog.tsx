import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { CommandOffer } from '../../../src/api/flows.ts'
import { lacksFile } from '../../../src/fields/file/on-its-way.ts'
import { isJsonObject, type JsonObject } from '../../../src/json.ts'
import { type ApiProblem, isOutOfDate, isProblem } from '../../api/problem.ts'
import { AwaitingFiles, useArrival } from '../../form/use-arrival.tsx'
import { Refused, useRefusal } from '../../parts/refusal.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { CommandInput } from './CommandInput.tsx'
import { type CommandField, fieldsOfCommand, missingIn, payloadOf, unsigned } from './command-fields.ts'
import { useCommandIds } from './command-ids.ts'

/** What a command is about. */
export type CommandTarget =
  | { readonly on: 'task'; readonly id: string; readonly rev: number }
  | { readonly on: 'run'; readonly id: string; readonly rev: number }

/** Asks what a command needs, sends it, and says what became of it. What was entered is kept until it is done. */
export function CommandDialog({
  offers,
  name,
  target,
  onClose,
  onDone,
  onRefused,
}: {
  offers: readonly CommandOffer[]
  /** Which of them is asked for. */
  name: string
  target: CommandTarget
  onClose(): void
  onDone?(): void
  /** Told why, besides the dialog, where things have moved on: the page below may have no place for it any more. */
  onRefused?(problem: ApiProblem | null): void
}) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  // What is asked for is asked of what was looked at when the dialog opened, however often the page below is read again;
  // once it was refused as out of date, of what is there then.
  const now = useRef({ offers, rev: target.rev })
  now.current = { offers, rev: target.rev }
  const look = () => ({ offer: now.current.offers.find((one) => one.name === name), rev: now.current.rev })
  const [stands, setStands] = useState(look)
  const offer = stands.offer!
  const kept = `cw.command.${workspace}.${target.id}.${offer.name}`
  const fields = fieldsOfCommand(offer) ?? []
  const [values, setValues] = useState<JsonObject>(() => ({
    ...Object.fromEntries(fields.flatMap(({ key, start }) => (start === undefined ? [] : [[key, start]]))),
    ...readKept(kept),
  }))
  const [missing, setMissing] = useState<readonly string[]>([])
  const [more, showMore] = useState(false)
  const idOf = useCommandIds()
  // But for a signature: it is given anew each time, and not found by whoever uses this browser next.
  const keeping = JSON.stringify(unsigned(fields, values))
  useEffect(() => sessionStorage.setItem(kept, keeping), [kept, keeping])

  const close = () => {
    onRefused?.(null)
    onClose()
  }
  const refresh = () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace })
  const send = useMutation({
    mutationFn: () => {
      const payload = payloadOf(fields, values)
      const { rev } = stands
      const commandId = idOf(target.id, offer.name, payload, rev)
      return target.on === 'task'
        ? api!.commandTask(target.id, offer.name, { ...payload, commandId, taskRev: rev })
        : api!.commandRun(target.id, offer.name, { ...payload, commandId, runRev: rev })
    },
    onSuccess: async () => {
      sessionStorage.removeItem(kept)
      notifications.show({
        message: say('flow.commandDone', { title: offer.title[locale] }),
        color: 'teal',
        closeButtonProps: { 'aria-label': say('app.close') },
      })
      close()
      await refresh()
      onDone?.()
    },
    onError: async (error) => {
      if (!isProblem(error)) throw error
      if (!isOutOfDate(error)) return
      // What the page shows is old: it is read again behind the dialog, which keeps what was entered.
      onRefused?.(error)
      await refresh()
      setStands((before) => ({ offer: look().offer ?? before.offer, rev: look().rev }))
    },
  })
  const refusal = useRefusal(send, [values])
  const submit = () => {
    if (send.isPending) return
    const lacking = missingIn(fields, values)
    setMissing(lacking)
    if (lacking[0] === undefined) send.mutate()
    else document.getElementById(`command-${lacking[0]}`)?.focus()
  }
  const arrival = useArrival<'submit'>(values, submit)
  return (
    <Modal
      opened
      onClose={close}
      title={<Text fw={600}>{offer.title[locale]}</Text>}
      closeButtonProps={{ 'aria-label': say('app.close') }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          arrival.begin('submit')
        }}
      >
        <Stack gap="md">
          {isProblem(refusal) && <Refused problem={refusal} mb={0} />}
          {fields.length === 0 && (
            <Text size="sm">{say('flow.commandAsk', { title: offer.title[locale] })}</Text>
          )}
          {(more ? fields : fields.filter((field) => !isRare(field))).map((field) => (
            <CommandInput
              key={field.key}
              id={`command-${field.key}`}
              offer={offer}
              field={field}
              value={values[field.key]}
              error={
                missing.includes(field.key)
                  ? say(lacksFile(values[field.key]) ? 'form.fileUnsent' : 'flow.needed')
                  : undefined
              }
              onChange={(value) => {
                setMissing(missing.filter((key) => key !== field.key))
                arrival.noteChange(values[field.key] ?? null, value ?? null)
                setValues(({ [field.key]: _, ...rest }) =>
                  value === undefined ? rest : { ...rest, [field.key]: value },
                )
              }}
            />
          ))}
          {!more && fields.some(isRare) && (
            <Button
              size="compact-sm"
              variant="subtle"
              style={{ alignSelf: 'flex-start' }}
              onClick={() => showMore(true)}
            >
              {say('flow.moreSettings')}
            </Button>
          )}
          {arrival.waiting !== null && <AwaitingFiles />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {say('app.cancel')}
            </Button>
            <Button type="submit" loading={send.isPending || arrival.waiting !== null}>
              {offer.title[locale]}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

/** Numbers that have a sensible value of their own are asked for on demand. */
function isRare({ control, required }: CommandField): boolean {
  return control.type === 'number' && !required
}

function readKept(name: string): JsonObject {
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(name) ?? '{}')
    return isJsonObject(found) ? found : {}
  } catch {
    return {}
  }
}
