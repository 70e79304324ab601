import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface Props {
  readonly opened: boolean
  /** What will be done; also the words of the button that does it. */
  readonly title: string
  /** What follows from it. */
  readonly text: string
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that is not taken back with one key. */
export function ConfirmDialog({ opened, title, text, onConfirm, onClose }: Props) {
  const { t } = useTranslation('builder')
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': t('close') }}>
      <Stack>
        <Text size="sm">{text}</Text>
        <Group justify="end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('cancel')}
          </Button>
          <Button
            color="red"
            onClick={() => {
              onConfirm()
              onClose()
            }}
          >
            {title}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
