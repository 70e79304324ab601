// biome-ignore-all lint/a11y/useSemanticElements: rows come and go with the scroll, which table elements cannot
import { Text } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useFace, useWords } from '../face.tsx'
import { titleOf } from '../shared.ts'
import { LineInput, RemoveLine } from './line-input.tsx'
import type { LineColumn } from './paste.ts'
import { focusCell, type LinesProps, placeOf, useFocusBelow, virtualFrom } from './use-lines.tsx'

const rowHeight = 38
/** Rows that the grid shows at once, and as many again above and below, so that a quick scroll finds them there. */
const rowsInSight = 12

/** The lines at a desk: Enter and the arrows walk them, Enter on the last row adds one. */
export function LineGrid(props: LinesProps) {
  const say = useWords()
  const { locale } = useFace()
  const scroller = useRef<HTMLDivElement>(null)
  const { columns, lines } = props
  const virtual = lines.length > virtualFrom
  const [top, setTop] = useState(0)
  const [entered, setEntered] = useState<number | null>(null)
  const template = `2.5rem ${columns.map((column) => `minmax(${widthOf(column).least}rem, ${widthOf(column).share}fr)`).join(' ')}${props.readonly ? '' : ' 2.5rem'}`
  const shown = virtual ? rowsAt(top, lines.length, entered) : lines.map((_, index) => index)

  const focus = (row: number, column: number) => {
    const element = scroller.current
    if (virtual && element) {
      // The head covers the first row's height.
      const seen = element.clientHeight - 2 * rowHeight
      if (row * rowHeight < element.scrollTop) element.scrollTop = row * rowHeight
      else if (row * rowHeight > element.scrollTop + seen) element.scrollTop = row * rowHeight - seen
      setTop(element.scrollTop)
    }
    focusCell(element, row, column)
  }
  useFocusBelow(scroller, props, focus)
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

  return (
    <div
      ref={scroller}
      id={props.id}
      className="cw-lines"
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={lines.length + 1}
      style={{
        ['--cw-lines-columns' as string]: template,
        ['--cw-lines-min' as string]: `${columns.reduce((sum, column) => sum + widthOf(column).least, 5)}rem`,
      }}
      onScroll={virtual ? (event) => setTop(event.currentTarget.scrollTop) : undefined}
      onFocusCapture={(event) => setEntered(placeOf(event.target)?.row ?? null)}
      onKeyDownCapture={walk}
      onPasteCapture={props.onPaste}
    >
      <div role="row" tabIndex={-1} className="cw-lines-row cw-lines-head" aria-rowindex={1}>
        <div role="columnheader" tabIndex={-1}>
          <span className="cw-sr">{say({ en: 'Line', zh: '行' })}</span>#
        </div>
        {columns.map((column) => (
          <div
            key={column.key}
            role="columnheader"
            tabIndex={-1}
            className={isRight(column) ? 'cw-right' : undefined}
          >
            {titleOf(column.field, locale)}
            {props.requiredColumns.includes(column.key) && !props.readonly && (
              <span aria-hidden className="cw-asterisk">
                {' *'}
              </span>
            )}
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
      <div style={virtual ? { height: lines.length * rowHeight, position: 'relative' } : undefined}>
        {shown.map((index) => (
          <div
            key={index}
            role="row"
            tabIndex={-1}
            className="cw-lines-row"
            aria-rowindex={index + 2}
            style={
              virtual
                ? { position: 'absolute', top: index * rowHeight, left: 0, right: 0, height: rowHeight }
                : undefined
            }
          >
            <Text component="div" role="rowheader" size="xs" c="dimmed" p={8} className="cw-num">
              {index + 1}
            </Text>
            {columns.map((column, at) => {
              const wrong = props.problemsAt(index, column.key)
              return (
                <div
                  key={column.key}
                  role="gridcell"
                  tabIndex={-1}
                  className="cw-lines-cell"
                  data-cell={`${index}:${at}`}
                  data-error={wrong.length > 0 || undefined}
                  title={wrong.length > 0 ? wrong.join(' ') : undefined}
                >
                  <LineInput lines={props} column={column} row={index} bare />
                </div>
              )
            })}
            {!props.readonly && (
              <div role="gridcell" tabIndex={-1}>
                <RemoveLine lines={props} row={index} />
              </div>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

/** The rows around what is in sight; the one that is being filled in stays, so that it keeps the focus. */
function rowsAt(top: number, count: number, entered: number | null): number[] {
  const first = Math.max(Math.floor(top / rowHeight) - rowsInSight, 0)
  const rows = Array.from({ length: Math.min(3 * rowsInSight, count - first) }, (_, at) => first + at)
  if (entered === null || entered >= count || rows.includes(entered)) return rows
  return [...rows, entered].sort((a, b) => a - b)
}

function isRight({ field }: LineColumn): boolean {
  return ['money', 'decimal', 'integer', 'percent'].includes(field['x-field'])
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
