import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { StartBody, StartOffer } from '../../../src/api/flows.ts'
import type { JsonObject } from '../../../src/json.ts'
import { ApiProblem, isProblem } from '../../api/problem.ts'
import { AppLink, useNavigation } from '../../parts/navigation.tsx'
import { Refused, useRefusal } from '../../parts/refusal.tsx'
import { LoadingRows } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { useCommandIds } from './command-ids.ts'
import { lackingPicks, PickInputs, type Picks, pickInputId, writePicks } from './PickInputs.tsx'

const RecordForm = lazy(async () => ({ default: (await import('../../form/RecordForm.tsx')).RecordForm }))

/** The flows that I may start on a record; nothing where there are none. */
export function StartButtons({ object, record }: { object: string; record: string }) {
  const { api, key: workspace } = useWorkspace()
  const starts = useQuery({
    queryKey: ['flow-starts', workspace, object, record],
    enabled: api !== null,
    queryFn: () => api!.listStarts(object, record),
  })
  const offers = starts.data?.starts ?? []
  if (offers.length === 0) return null
  return (
    <Stack gap="xs" mb="md" className="cw-starts">
      {offers.map((offer) => (
        <StartButton key={offer.flow} offer={offer} record={record} />
      ))}
    </Stack>
  )
}

function StartButton({ offer, record }: { offer: StartOffer; record: string }) {
  const { say, locale } = useSpeech()
  const navigation = useNavigation()
  const [open, setOpen] = useState(false)
  // Kept while the page is open: after a lost answer the dialog may have been closed in between.
  const idOf = useCommandIds()
  const [begun, setBegun] = useState(0)
  const why = offer.state === 'running' ? 'start.running' : offer.state === 'closed' ? 'start.closed' : null
  return (
    <div>
      <Button
        variant="light"
        leftSection={<IconPlayerPlay size={16} />}
        disabled={why !== null}
        aria-describedby={why === null ? undefined : `start-why-${offer.flow}`}
        onClick={() => setOpen(true)}
      >
        {offer.label[locale]}
      </Button>
      {why !== null && (
        <Text size="xs" c="dimmed" mt={4} id={`start-why-${offer.flow}`}>
          {say(why)}{' '}
          {offer.run !== null && (
            <AppLink href={navigation.run(offer.run)} fz="xs">
              {say('flow.openRun')}
            </AppLink>
          )}
        </Text>
      )}
      {open && (
        <StartDialog
          offer={offer}
          record={record}
          keyOf={(body) => idOf(offer.flow, body, begun)}
          onBegun={() => setBegun((count) => count + 1)}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  )
}

/** Asks what a start needs, sends it and says that it has begun. */
function StartDialog({
  offer,
  record,
  keyOf,
  onBegun,
  onClose,
}: {
  offer: StartOffer
  record: string
  /** The same for a start in the same words. */
  keyOf(body: StartBody): string
  onBegun(): void
  onClose(): void
}) {
  const { say, locale } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const [picks, setPicks] = useState<Picks>({})
  const [missing, setMissing] = useState<readonly string[]>([])
  const start = useMutation({
    mutationFn: (more: Pick<StartBody, 'values' | 'rev'>) => {
      const body = { record, ...more, picks: writePicks(offer.picks, picks) }
      return api!.startFlow(offer.flow, body, keyOf(body))
    },
    onSuccess: async () => {
      onBegun()
      notifications.show({ message: say('start.done', { flow: offer.title[locale] }), color: 'teal' })
      onClose()
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === workspace })
    },
    onError: (error) => {
      if (!isProblem(error)) throw error
    },
  })
  const refusal = useRefusal(start, [picks])
  const isChosen = () => {
    const lacking = lackingPicks(offer.picks, picks)
    setMissing(lacking)
    if (lacking[0] !== undefined) document.getElementById(pickInputId(lacking[0]))?.focus()
    return lacking.length === 0
  }
  const asks = (
    <>
      {offer.form === null && isProblem(refusal) && <Refused problem={refusal} mb={0} />}
      <PickInputs
        flow={offer.flow}
        offers={offer.picks}
        value={picks}
        missing={missing}
        onChange={(next) => {
          setPicks(next)
          setMissing([])
        }}
      />
    </>
  )
  return (
    <Modal
      opened
      onClose={onClose}
      size={offer.form === null ? 'md' : 'xl'}
      title={<Text fw={600}>{offer.label[locale]}</Text>}
      closeButtonProps={{ 'aria-label': say('app.close') }}
      closeOnClickOutside={offer.form === null}
    >
      {offer.form !== null ? (
        <Suspense fallback={<LoadingRows />}>
          <RecordForm
            form={offer.form}
            id={record}
            sendTitle={offer.label[locale]}
            beside={[picks]}
            onSend={async (values: JsonObject, rev) => {
              // Refused here as the server would: what was entered stays.
              if (!isChosen())
                throw new ApiProblem(
                  'refused',
                  422,
                  'FLOW_PICK_MISSING',
                  say('pick.title'),
                  say('pick.note'),
                  [],
                  null,
                )
              await start.mutateAsync({ values, ...(rev === undefined ? {} : { rev }) })
            }}
            onDone={onClose}
            onCancel={onClose}
          >
            <Stack gap="md">{asks}</Stack>
          </RecordForm>
        </Suspense>
      ) : (
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (isChosen()) start.mutate({})
          }}
        >
          <Stack gap="md">
            {offer.picks.length === 0 && (
              <Text size="sm">{say('start.ask', { flow: offer.title[locale] })}</Text>
            )}
            {asks}
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {say('app.cancel')}
              </Button>
              <Button type="submit" loading={start.isPending}>
                {offer.label[locale]}
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}
