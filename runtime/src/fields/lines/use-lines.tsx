import { type ClipboardEvent, useEffect, useState } from 'react'
import { isJsonObject, type Json, type JsonObject } from '../../json.ts'
import { type FieldProblem, type FieldWidgetProps, focusBelow } from '../face.tsx'
import { columnsOf, countRows, type LineColumn, pasteCells, readClipboard } from './paste.ts'

/** From here on only the rows in sight exist in the page. */
export const virtualFrom = 30

/** What the grid and the cards draw from. */
export interface LinesProps extends FieldWidgetProps {
  readonly columns: readonly LineColumn[]
  readonly lines: readonly JsonObject[]
  readonly most: number
  readonly requiredColumns: readonly string[]
  onLines(lines: readonly JsonObject[]): void
  onCell(row: number, key: string, value: Json | undefined): void
  onRemove(row: number): void
  /** Lays a clipboard of several cells over the lines; a single value is left to the input it is pasted into. */
  onPaste(event: ClipboardEvent): void
  /** What is wrong with one cell, in words. */
  problemsAt(row: number, key: string): readonly string[]
}

/** The lines of a field and all that can be done to them; `left`: rows of the last paste that found no room. */
export function useLines(props: FieldWidgetProps): { readonly lines: LinesProps; readonly left: number } {
  const [left, setLeft] = useState(0)
  const columns = columnsOf(props.field)
  const lines: JsonObject[] = Array.isArray(props.value)
    ? props.value.map((one) => (isJsonObject(one) ? one : {}))
    : []
  const settings = isJsonObject(props.field['x-lines']) ? props.field['x-lines'] : {}
  const most = typeof props.field.maxItems === 'number' ? props.field.maxItems : 500
  const change = (next: readonly JsonObject[]) => props.onChange(next.length === 0 ? undefined : [...next])
  const problems = new Map<string, FieldProblem[]>()
  for (const problem of props.below ?? []) {
    const known = problems.get(problem.path)
    if (known) known.push(problem)
    else problems.set(problem.path, [problem])
  }
  return {
    left,
    lines: {
      ...props,
      columns,
      lines,
      most,
      requiredColumns: Array.isArray(settings.required) ? settings.required.map(String) : [],
      onLines(next) {
        setLeft(0)
        change(next)
      },
      onCell: (row, key, value) =>
        change(lines.map((line, i) => (i === row ? withValue(line, key, value) : line))),
      onRemove(row) {
        setLeft(0)
        change(lines.filter((_, i) => i !== row))
      },
      onPaste(event) {
        const text = event.clipboardData.getData('text/plain')
        const place = placeOf(event.target)
        if (!place || props.readonly || !/[\t\n]/.test(text.trim())) return
        event.preventDefault()
        // The cell in hand shows what is typed until it is left: it must show what was pasted.
        if (event.target instanceof HTMLElement) event.target.blur()
        const cells = readClipboard(text)
        setLeft(Math.max(place.row + countRows(cells) - most, 0))
        change(pasteCells(lines, columns, place, cells, most))
      },
      problemsAt: (row, key) => (problems.get(`/${row}/${key}`) ?? []).map((problem) => problem.message),
    },
  }
}

/** Row and column of the cell that an event comes from. */
export function placeOf(target: EventTarget): { row: number; column: number } | null {
  const cell = (target as HTMLElement).closest<HTMLElement>('[data-cell]')
  const [row, column] = (cell?.dataset.cell ?? '').split(':').map(Number)
  return row === undefined || column === undefined || Number.isNaN(row) ? null : { row, column }
}

/** Puts the focus where the form leads: into the cell at a JSON pointer, scrolled into being first. */
export function useFocusBelow(
  root: { readonly current: HTMLElement | null },
  { columns, id }: LinesProps,
  focus: (row: number, column: number) => void,
): void {
  useEffect(() => {
    const element = document.getElementById(id) ?? root.current
    const lead = (event: Event) => {
      const [, row = '', key = ''] = String((event as CustomEvent).detail).split('/')
      const column = columns.findIndex((one) => one.key === key)
      if (/^\d+$/.test(row)) focus(Number(row), Math.max(column, 0))
    }
    element?.addEventListener(focusBelow, lead)
    return () => element?.removeEventListener(focusBelow, lead)
  })
}

/** Focuses the input of a cell that may only come into being with the next frame. */
export function focusCell(root: HTMLElement | null, row: number, column: number): void {
  const enter = () =>
    root
      ?.querySelector(`[data-cell="${row}:${column}"]`)
      ?.querySelector<HTMLElement>('input:not([type="hidden"]), textarea, select, button')
  requestAnimationFrame(() => {
    const input = enter()
    if (input) return input.focus()
    requestAnimationFrame(() => enter()?.focus())
  })
}

function withValue(line: JsonObject, key: string, value: Json | undefined): JsonObject {
  const { [key]: _, ...rest } = line
  return value === undefined ? rest : { ...rest, [key]: value }
}
