// biome-ignore-all lint/a11y/useSemanticElements: rows come and go with the scroll, which table elements cannot
import { ActionIcon, Button, Group, Input, Stack, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ClipboardEvent, type KeyboardEvent, useRef } from 'react'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { describeInput, type FieldWidgetProps, useFace, useWords } from '../face.tsx'
import { titleOf } from '../shared.ts'
import { columnsOf, type LineColumn, pasteCells, readClipboard } from './paste.ts'

const rowHeight = 38
/** From here on only the rows in sight exist in the page. */
const virtualFrom = 30

/**
 * A sub-table as a grid: Enter and the arrows walk it, Enter on the last row adds one, a paste from a spreadsheet
 * fills it. On a narrow screen each line is a card.
 */
export function LinesWidget(props: FieldWidgetProps) {
  const say = useWords()
  const narrow = useMediaQuery('(max-width: 40em)') ?? false
  const columns = columnsOf(props.field)
  const lines: JsonObject[] = Array.isArray(props.value)
    ? props.value.map((one) => (isJsonObject(one) ? one : {}))
    : []
  const most = typeof props.field.maxItems === 'number' ? props.field.maxItems : 500
  const { placeholder: _, variant: __, ...wrapper } = describeInput({ ...props, bare: false })
  const change = (next: readonly JsonObject[]) => props.onChange(next.length === 0 ? undefined : [...next])
  const grid: LinesProps = {
    ...props,
    columns,
    lines,
    most,
    onLines: change,
    onCell: (row, key, value) =>
      change(lines.map((line, i) => (i === row ? withValue(line, key, value) : line))),
    onRemove: (row) => change(lines.filter((_, i) => i !== row)),
  }
  return (
    <Input.Wrapper {...wrapper} labelElement="div">
      {narrow ? <LineCards {...grid} /> : <LineGrid {...grid} />}
      {!props.readonly && (
        <Group mt="xs" justify="space-between">
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            disabled={lines.length >= most}
            onClick={() => change([...lines, {}])}
          >
            {say({ en: 'Add line', zh: '添加一行' })}
          </Button>
          {!narrow && (
            <Text size="xs" c="dimmed">
              {say({ en: 'Cells can be pasted from a spreadsheet', zh: '可从电子表格复制粘贴' })}
            </Text>
          )}
        </Group>
      )}
    </Input.Wrapper>
  )
}

interface LinesProps extends FieldWidgetProps {
  readonly columns: readonly LineColumn[]
  readonly lines: readonly JsonObject[]
  readonly most: number
  onLines(lines: readonly JsonObject[]): void
  onCell(row: number, key: string, value: Json | undefined): void
  onRemove(row: number): void
}

function withValue(line: JsonObject, key: string, value: Json | undefined): JsonObject {
  const { [key]: _, ...rest } = line
  return value === undefined ? rest : { ...rest, [key]: value }
}

function LineGrid(props: LinesProps) {
  const say = useWords()
  const { locale } = useFace()
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, lines } = props
  const virtual = lines.length > virtualFrom
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    enabled: virtual,
  })
  const template = `2.5rem ${columns.map((column) => `minmax(${widthOf(column).least}rem, ${widthOf(column).share}fr)`).join(' ')}${props.readonly ? '' : ' 2.5rem'}`
  const shown = virtual
    ? rows.getVirtualItems().map((item) => ({ index: item.index, top: item.start }))
    : lines.map((_, index) => ({ index, top: null }))

  const focus = (row: number, column: number) => {
    if (virtual) rows.scrollToIndex(row)
    // The row may only come into being with the scroll.
    requestAnimationFrame(() => {
      const cell = scroller.current?.querySelector(`[data-cell="${row}:${column}"]`)
      cell?.querySelector<HTMLElement>('input, textarea, select')?.focus()
    })
  }
  const placeOf = (target: EventTarget) => {
    const cell = (target as HTMLElement).closest<HTMLElement>('[data-cell]')
    const [row, column] = (cell?.dataset.cell ?? '').split(':').map(Number)
    return row === undefined || column === undefined || Number.isNaN(row) ? null : { row, column }
  }
  const walk = (event: KeyboardEvent) => {
    const place = placeOf(event.target)
    if (!place || event.nativeEvent.isComposing || event.altKey || event.metaKey) return
    // An open list of choices keeps its keys.
    if ((event.target as HTMLElement).getAttribute('aria-expanded') === 'true') return
    if (event.key === 'Enter') {
      event.preventDefault()
      if (place.row + 1 >= lines.length && !props.readonly && lines.length < props.most)
        props.onLines([...lines, {}])
      focus(place.row + 1, event.ctrlKey ? 0 : place.column)
    } else if (event.key === 'ArrowDown' && place.row + 1 < lines.length) {
      event.preventDefault()
      focus(place.row + 1, place.column)
    } else if (event.key === 'ArrowUp' && place.row > 0) {
      event.preventDefault()
      focus(place.row - 1, place.column)
    }
  }
  const paste = (event: ClipboardEvent) => {
    const text = event.clipboardData.getData('text/plain')
    const place = placeOf(event.target)
    if (!place || props.readonly || !/[\t\n]/.test(text.trim())) return
    event.preventDefault()
    props.onLines(pasteCells(lines, columns, place, readClipboard(text), props.most))
  }

  return (
    <div
      ref={scroller}
      className="cw-lines"
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={lines.length + 1}
      style={{
        ['--cw-lines-columns' as string]: template,
        ['--cw-lines-min' as string]: `${columns.reduce((sum, column) => sum + widthOf(column).least, 5)}rem`,
      }}
      onKeyDownCapture={walk}
      onPasteCapture={paste}
    >
      <div role="row" tabIndex={-1} className="cw-lines-row cw-lines-head" aria-rowindex={1}>
        <div role="columnheader" tabIndex={-1}>
          <span className="cw-sr">{say({ en: 'Line', zh: '行' })}</span>#
        </div>
        {columns.map((column) => (
          <div key={column.key} role="columnheader" tabIndex={-1}>
            {titleOf(column.field, locale)}
          </div>
        ))}
        {!props.readonly && (
          <div role="columnheader" tabIndex={-1} aria-label={say({ en: 'Remove', zh: '删除' })} />
        )}
      </div>
      {lines.length === 0 && (
        <Text size="sm" c="dimmed" p="md" ta="center">
          {say({ en: 'No lines yet', zh: '暂无明细' })}
        </Text>
      )}
      <div style={virtual ? { height: rows.getTotalSize(), position: 'relative' } : undefined}>
        {shown.map(({ index, top }) => (
          <div
            key={index}
            role="row"
            tabIndex={-1}
            className="cw-lines-row"
            aria-rowindex={index + 2}
            style={
              top === null ? undefined : { position: 'absolute', top, left: 0, right: 0, height: rowHeight }
            }
          >
            <Text component="div" role="rowheader" size="xs" c="dimmed" p={8} className="cw-num">
              {index + 1}
            </Text>
            {columns.map((column, at) => (
              <div
                key={column.key}
                role="gridcell"
                tabIndex={-1}
                className="cw-lines-cell"
                data-cell={`${index}:${at}`}
              >
                <LineInput {...props} column={column} row={index} bare />
              </div>
            ))}
            {!props.readonly && (
              <div role="gridcell" tabIndex={-1}>
                <RemoveLine row={index} onRemove={props.onRemove} />
              </div>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

function LineCards(props: LinesProps) {
  const say = useWords()
  return (
    <Stack gap="sm">
      {props.lines.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity of their own before they are saved
        <div key={index} className="cw-panel">
          <Group justify="space-between" px="sm" py={4}>
            <Text size="sm" fw={550}>
              {say({ en: 'Line', zh: '第' })} {index + 1} {say({ en: '', zh: '行' })}
            </Text>
            {!props.readonly && <RemoveLine row={index} onRemove={props.onRemove} />}
          </Group>
          <Stack gap="sm" px="sm" pb="sm">
            {props.columns.map((column) => (
              <LineInput key={column.key} {...props} column={column} row={index} bare={false} />
            ))}
          </Stack>
        </div>
      ))}
    </Stack>
  )
}

function LineInput({
  column,
  row,
  bare,
  ...props
}: LinesProps & { column: LineColumn; row: number; bare: boolean }) {
  const face = useFace()
  const Widget = face.widget(column.field['x-field'])
  const rows = isJsonObject(props.field['x-lines']) ? props.field['x-lines'] : {}
  const title = titleOf(column.field, face.locale)
  return (
    <Widget
      id={`${props.id}-${row}-${column.key}`}
      field={column.field}
      value={props.lines[row]?.[column.key]}
      onChange={(value) => props.onCell(row, column.key, value)}
      onBlur={props.onBlur}
      label={bare ? `${title} ${row + 1}` : title}
      required={Array.isArray(rows.required) && rows.required.includes(column.key)}
      readonly={props.readonly || column.field.readOnly === true}
      errors={[]}
      bare={bare}
      titles={props.titles}
    />
  )
}

function RemoveLine({ row, onRemove }: { row: number; onRemove(row: number): void }) {
  const say = useWords()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      m={4}
      aria-label={`${say({ en: 'Remove line', zh: '删除第' })} ${row + 1}${say({ en: '', zh: ' 行' })}`}
      onClick={() => onRemove(row)}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}

/** Least width in rem, and share of what is left. */
function widthOf({ field }: LineColumn): { least: number; share: number } {
  switch (field['x-field']) {
    case 'integer':
    case 'percent':
    case 'boolean':
      return { least: 6, share: 0.6 }
    case 'money':
    case 'decimal':
    case 'date':
      return { least: 8.5, share: 1 }
    default:
      return { least: 11, share: 1.6 }
  }
}
