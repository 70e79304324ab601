import { Button, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { HistoryChange, RecordReply } from '../../src/api/records.ts'
import { linesOf } from '../../src/fields/index.ts'
import { titleOf } from '../../src/fields/shared.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/json.ts'
import { useSpeech } from '../words/i18n.ts'
import { readField, useWorkspace } from '../workspace.tsx'
import { useToldValue } from './HistoryView.tsx'

/** Rows told before one has to ask for the rest. */
const mostTold = 6

/** What one write did to the rows of a lines field: which came, which went, which cells changed. */
export function LineChanges({
  object,
  id,
  field: key,
  changes,
  titles,
}: {
  object: string
  id: string
  field: string
  changes: readonly HistoryChange[]
  titles: Readonly<Record<string, string>>
}) {
  const { say, locale } = useSpeech()
  const { release, key: workspace } = useWorkspace()
  const queries = useQueryClient()
  const text = useToldValue(titles)
  const [all, setAll] = useState(false)
  const field = readField(release, object, key)
  if (!field) return null
  const columns = Object.entries(linesOf(field)?.properties ?? {})
  const record = queries.getQueryData<RecordReply>(['record', workspace, object, id])?.record
  const now = (Array.isArray(record?.[key]) ? record[key] : []) as readonly Json[]
  const tellRow = (row: JsonObject) =>
    columns
      .flatMap(([name, column]) => {
        const shown = text(row[name], column)
        return shown ? [`${titleOf(column, locale)} ${shown}`] : []
      })
      .join(' · ')

  /** The row as it stands today, which names a change of some of its cells. */
  const nameRow = (line: string) => {
    const at = now.findIndex((row) => isJsonObject(row) && row._id === line)
    const row = now[at]
    const [first] = columns
    if (!isJsonObject(row) || !first) return say('history.lineGone')
    const title = text(row[first[0]], first[1])
    return title ? say('history.lineNamed', { row: at + 1, title }) : say('history.line', { row: at + 1 })
  }
  const tell = ({ before, after, line }: HistoryChange) => {
    if (!isJsonObject(before))
      return say('history.lineAdded', { row: isJsonObject(after) ? tellRow(after) : '' })
    // Of a row that went all cells are told at once; of one that stayed only those that changed.
    if (!isJsonObject(after)) return say('history.lineRemoved', { row: tellRow(before) })
    const cells = columns.flatMap(([name, column]) => {
      if (!Object.hasOwn(before, name) && !Object.hasOwn(after, name)) return []
      const was = text(before[name], column)
      const is = text(after[name], column) || say('history.none')
      return [`${titleOf(column, locale)} ${is}${was ? ` ${say('history.from', { before: was })}` : ''}`]
    })
    return `${nameRow(line ?? '')}: ${cells.join(' · ')}`
  }
  const shown = all ? changes : changes.slice(0, mostTold)
  return (
    <div>
      <Text size="sm" c="dimmed">
        {titleOf(field, locale)}:
      </Text>
      <ul className="cw-changes">
        {shown.map((change) => (
          <li key={change.line}>{tell(change)}</li>
        ))}
      </ul>
      {changes.length > shown.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          {say('history.moreLines', { count: changes.length - shown.length })}
        </Button>
      )}
    </div>
  )
}
