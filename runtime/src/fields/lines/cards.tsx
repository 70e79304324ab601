import { Button, Group, Stack, Text } from '@mantine/core'
import { useRef, useState } from 'react'
import { useWords } from '../face.tsx'
import { LineInput, RemoveLine } from './line-input.tsx'
import { focusCell, type LinesProps, useFocusBelow, virtualFrom } from './use-lines.tsx'

/** The lines on a phone, one card each; of many lines a part at a time. */
export function LineCards(props: LinesProps) {
  const say = useWords()
  const root = useRef<HTMLDivElement>(null)
  const [part, setPart] = useState(0)
  const { lines } = props
  const parts = Math.max(Math.ceil(lines.length / virtualFrom), 1)
  const shown = Math.min(part, parts - 1)
  const first = shown * virtualFrom
  const last = Math.min(first + virtualFrom, lines.length)
  useFocusBelow(root, props, (row, column) => {
    setPart(Math.floor(row / virtualFrom))
    focusCell(root.current, row, column)
  })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend of its own beside the label
    <div
      ref={root}
      id={props.id}
      role="group"
      aria-label={props.label}
      tabIndex={-1}
      onPasteCapture={props.onPaste}
    >
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {say({ en: 'No lines yet', zh: '暂无明细' })}
        </Text>
      )}
      <Stack gap="sm">
        {lines.slice(first, last).map((_, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own before they are saved
          <Card key={first + at} lines={props} row={first + at} />
        ))}
      </Stack>
      {parts > 1 && (
        <Group mt="sm" justify="space-between" wrap="nowrap">
          <Button variant="default" disabled={shown === 0} onClick={() => setPart(shown - 1)}>
            {say({ en: 'Earlier', zh: '上一批' })}
          </Button>
          <Text size="sm" role="status">
            {say({
              en: `Lines ${first + 1}–${last} of ${lines.length}`,
              zh: `第 ${first + 1}–${last} 行,共 ${lines.length} 行`,
            })}
          </Text>
          <Button variant="default" disabled={shown === parts - 1} onClick={() => setPart(shown + 1)}>
            {say({ en: 'Later', zh: '下一批' })}
          </Button>
        </Group>
      )}
    </div>
  )
}

function Card({ lines, row }: { lines: LinesProps; row: number }) {
  const say = useWords()
  return (
    <div className="cw-panel">
      <Group justify="space-between" pl="sm" pr={2} py={2} wrap="nowrap">
        <Text size="sm" fw={550}>
          {say({ en: `Line ${row + 1}`, zh: `第 ${row + 1} 行` })}
        </Text>
        {!lines.readonly && <RemoveLine lines={lines} row={row} large />}
      </Group>
      <div className="cw-line-card">
        {lines.columns.map((column, at) => (
          <div key={column.key} data-cell={`${row}:${at}`} data-wide={isWide(column.field) || undefined}>
            <LineInput lines={lines} column={column} row={row} bare={false} />
          </div>
        ))}
      </div>
    </div>
  )
}

/** Numbers and dates stand two in a row. */
function isWide(field: { readonly 'x-field': string }): boolean {
  return !['money', 'decimal', 'integer', 'percent', 'boolean', 'date'].includes(field['x-field'])
}
