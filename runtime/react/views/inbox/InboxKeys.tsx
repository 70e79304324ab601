import { Button, Kbd, Modal, Table, Text, Tooltip } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconKeyboard } from '@tabler/icons-react'
import { useSpeech } from '../../words/i18n.ts'

const keys = ['j', 'k', 'Enter', 'a', 'r', 'x', '/', '?'] as const

/**
 * The inbox by keys. Nothing is decided by one: `a` and `r` lead to the button, Enter presses it. The list is read
 * from the page, so that the order is what the eye sees.
 */
export function InboxKeys({ onChoose }: { onChoose(line: string): void }) {
  const { say } = useSpeech()
  const [open, help] = useDisclosure(false)
  useHotkeys([
    ['j', () => step(1)],
    ['k', () => step(-1)],
    ['x', () => onLine(onChoose)],
    ['a', () => focusAnswer(0)],
    ['r', () => focusAnswer(1)],
    ['/', () => document.getElementById('inbox-search')?.focus()],
    ['shift+?', help.open],
    ['?', help.open],
  ])
  return (
    <>
      <Tooltip label={say('inbox.keys')}>
        <Button
          visibleFrom="md"
          variant="subtle"
          color="gray"
          px="xs"
          aria-label={say('inbox.keys')}
          onClick={help.open}
        >
          <IconKeyboard size={18} />
        </Button>
      </Tooltip>
      <Modal
        opened={open}
        onClose={help.close}
        title={<Text fw={600}>{say('inbox.keys')}</Text>}
        closeButtonProps={{ 'aria-label': say('app.close') }}
      >
        <Table>
          <Table.Tbody>
            {keys.map((key) => (
              <Table.Tr key={key}>
                <Table.Td w={90}>
                  <Kbd>{key}</Kbd>
                </Table.Td>
                <Table.Td>{say(`inbox.key.${key}`)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Modal>
    </>
  )
}

function linesOnPage(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('[data-line]')].filter(
    (line) => line.offsetParent !== null,
  )
}

/** The line that the keys are at: the one in focus, else the one that is open. */
function lineAt(lines: readonly HTMLElement[]): number {
  const focused = lines.indexOf(document.activeElement as HTMLElement)
  return focused >= 0 ? focused : lines.findIndex((line) => line.getAttribute('aria-current') === 'true')
}

function step(by: 1 | -1): void {
  const lines = linesOnPage()
  const at = lineAt(lines)
  const next = lines[at < 0 ? 0 : Math.min(Math.max(at + by, 0), lines.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

function onLine(use: (line: string) => void): void {
  const lines = linesOnPage()
  const line = lines[lineAt(lines)]?.dataset.line
  if (line) use(line)
}

function focusAnswer(at: 0 | 1): void {
  const button = document.querySelector<HTMLElement>(`[data-answer="${at}"]`)
  button?.focus()
  button?.scrollIntoView({ block: 'nearest' })
}
