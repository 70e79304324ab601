import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useFace, useWords } from '../face.tsx'
import { titleOf } from '../shared.ts'
import type { LineColumn } from './paste.ts'
import type { LinesProps } from './use-lines.tsx'

/** One cell: the input of the column's field type. `bare` inside the grid, where there is no room for words. */
export function LineInput({
  lines: props,
  column,
  row,
  bare,
}: {
  lines: LinesProps
  column: LineColumn
  row: number
  bare: boolean
}) {
  const face = useFace()
  const Widget = face.widget(column.field['x-field'])
  const title = titleOf(column.field, face.locale)
  return (
    <Widget
      id={`${props.id}-${row}-${column.key}`}
      field={column.field}
      value={props.lines[row]?.[column.key]}
      onChange={(value) => props.onCell(row, column.key, value)}
      onBlur={props.onBlur}
      label={bare ? `${title} ${row + 1}` : title}
      required={props.requiredColumns.includes(column.key)}
      readonly={props.readonly || column.field.readOnly === true}
      errors={props.problemsAt(row, column.key)}
      bare={bare}
      titles={props.titles}
    />
  )
}

export function RemoveLine({ lines, row, large }: { lines: LinesProps; row: number; large?: boolean }) {
  const say = useWords()
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={large ? 44 : 30}
      m={large ? 0 : 4}
      aria-label={say({ en: `Remove line ${row + 1}`, zh: `删除第 ${row + 1} 行` })}
      onClick={() => lines.onRemove(row)}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
