import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hasFailed } from '../parts/failed.ts'
import { FailedState, LoadingRows } from '../parts/states.tsx'
import { lackingPicks, PickInputs, type Picks, writePicks } from '../views/flows/PickInputs.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'

/** A flow that what was submitted begins asks whom it goes to. */
export function PicksDialog({
  flow,
  onChosen,
  onCancel,
}: {
  flow: string
  onChosen(picks: Picks): void
  onCancel(): void
}) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const [picks, setPicks] = useState<Picks>({})
  const [missing, setMissing] = useState<readonly string[]>([])
  const asked = useQuery({
    queryKey: ['start-picks', workspace, flow],
    enabled: api !== null,
    queryFn: () => api!.readStartPicks(flow),
  })
  const offers = asked.data?.picks ?? []
  return (
    <Modal
      opened
      onClose={onCancel}
      title={<Text fw={600}>{say('pick.title')}</Text>}
      closeButtonProps={{ 'aria-label': say('app.close') }}
    >
      {asked.isPending ? (
        <LoadingRows rows={2} height={34} />
      ) : hasFailed(asked) ? (
        <FailedState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <Stack gap="md">
          <Text size="sm">{say('pick.note')}</Text>
          <PickInputs
            flow={flow}
            offers={offers}
            value={picks}
            missing={missing}
            onChange={(next) => {
              setPicks(next)
              setMissing([])
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onCancel}>
              {say('app.cancel')}
            </Button>
            <Button
              onClick={() => {
                const written = writePicks(offers, picks)
                // Which of several ways it goes only the server knows: one of them at least has to be named.
                const none = Object.keys(written).length === 0 ? offers.map(({ node }) => node) : []
                const lacking = [...new Set([...lackingPicks(offers, picks), ...none])]
                setMissing(lacking)
                if (lacking.length === 0) onChosen(written)
              }}
            >
              {say('pick.goOn')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
