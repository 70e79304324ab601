import { Group, Stack, Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useRef } from 'react'
import { useWords } from '../face.tsx'
import { LineInput, RemoveLine } from './line-input.tsx'
import { focusCell, type LinesProps, useFocusBelow, virtualFrom } from './use-lines.tsx'

/** The lines on a phone, one card each. */
export function LineCards(props: LinesProps) {
  const say = useWords()
  const root = useRef<HTMLDivElement>(null)
  const { lines } = props
  const virtual = lines.length > virtualFrom
  const cards = useVirtualizer({
    count: lines.length,
    getScrollElement: () => root.current,
    estimateSize: () => 60 + props.columns.length * 72,
    overscan: 2,
    enabled: virtual,
  })
  const focus = (row: number, column: number) => {
    if (virtual) cards.scrollToIndex(row)
    focusCell(root.current, row, column)
  }
  useFocusBelow(root, props, focus)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend of its own beside the label
    <div
      ref={root}
      id={props.id}
      role="group"
      aria-label={props.label}
      tabIndex={-1}
      className={virtual ? 'cw-line-cards' : undefined}
      onPasteCapture={props.onPaste}
    >
      {lines.length === 0 && (
        <Text size="sm" c="dimmed">
          {say({ en: 'No lines yet', zh: '暂无明细' })}
        </Text>
      )}
      {virtual ? (
        <div style={{ height: cards.getTotalSize(), position: 'relative' }}>
          {cards.getVirtualItems().map((item) => (
            <div
              key={item.index}
              ref={cards.measureElement}
              data-index={item.index}
              style={{ position: 'absolute', top: item.start, left: 0, right: 0, paddingBottom: 12 }}
            >
              <Card lines={props} row={item.index} />
            </div>
          ))}
        </div>
      ) : (
        <Stack gap="sm">
          {lines.map((_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own before they are saved
            <Card key={index} lines={props} row={index} />
          ))}
        </Stack>
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
