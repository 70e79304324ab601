import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { GroupReply, GroupSums } from '../../../src/api/records.ts'
import type { FieldDefinition } from '../../../src/definition/object.ts'
import type { ViewDefinition } from '../../../src/definition/view.ts'
import { formatDate, titleOf } from '../../../src/fields/shared.ts'
import type { Json } from '../../../src/json.ts'
import type { Text as Words } from '../../../src/text.ts'
import { lastDayOf, sayDatePart } from '../../../src/views/table/date-parts.ts'
import type { DatePart, Group, Measure } from '../../../src/views/table/measures.ts'
import { useFormat } from '../../fields/cells.tsx'
import { formatMeasure } from '../../parts/amounts.ts'
import { hasFailed } from '../../parts/failed.ts'
import { EmptyState, FailedState, LoadingRows } from '../../parts/states.tsx'
import { useSpeech } from '../../words/i18n.ts'
import { readField, useWorkspace } from '../../workspace.tsx'
import type { Condition } from './conditions.ts'

/** A field of the object, or of the record that a reference names: `partner.tier`. */
export function useFieldAt(object: string): (path: string) => FieldDefinition | undefined {
  const { release } = useWorkspace()
  return (path) => {
    const [key = '', inner] = path.split('.')
    const field = readField(release, object, key)
    return inner === undefined || !field ? field : readField(release, String(field['x-object']), inner)
  }
}

/** A view's records as sums by its group fields; each line opens the records behind it. */
export function GroupTable({
  view,
  filter,
  search,
  narrow,
  onOpen,
}: {
  view: ViewDefinition
  filter: Json | undefined
  search: string
  narrow: boolean
  onOpen(conditions: readonly Condition[]): void
}) {
  const { say } = useSpeech()
  const { api, key: workspace } = useWorkspace()
  const object = view.object ?? ''
  const query = { object, view: view.key, filter, search: search || undefined }
  // A draft in the designer sums up otherwise with every change of it.
  const shape = JSON.stringify([view.group, view.measures])
  const sums = useQuery({
    queryKey: ['groups', workspace, shape, query],
    enabled: api !== null,
    queryFn: () => api!.groupRecords(query),
    placeholderData: (before, was) => (was?.queryKey[2] === shape ? before : undefined),
  })
  if (hasFailed(sums)) return <FailedState error={sums.error} onRetry={() => void sums.refetch()} />
  if (!sums.data) return <LoadingRows rows={8} />
  if (sums.data.all.count === 0) return <EmptyState title={say('table.noMatch')} />
  return (
    <>
      <Lines view={view} sums={sums.data} narrow={narrow} onOpen={onOpen} />
      {sums.data.more && (
        <Text size="sm" c="dimmed" p="md">
          {say('table.moreGroups', { count: sums.data.groups.length })}
        </Text>
      )}
    </>
  )
}

function Lines({
  view,
  sums,
  narrow,
  onOpen,
}: {
  view: ViewDefinition
  sums: GroupReply
  narrow: boolean
  onOpen(conditions: readonly Condition[]): void
}) {
  const { say, locale } = useSpeech()
  const format = useFormat()
  const fieldAt = useFieldAt(view.object ?? '')
  const { group = [], measures = [] } = view as { group?: readonly Group[]; measures?: readonly Measure[] }
  const named = (title: Words | undefined, path: string, part: DatePart | undefined) => {
    const [key = ''] = path.split('.')
    const fields = [...new Set([key, path])].flatMap((one) => fieldAt(one) ?? [])
    const words = fields.map((field) => titleOf(field, locale))
    return title?.[locale] ?? [...words, ...(part ? [say(`table.part.${part}`)] : [])].join(' · ')
  }
  const by = sums.group.flatMap((id) => group.find((one) => one['x-id'] === id) ?? [])
  const told = sums.measures.flatMap((id) => measures.find((one) => one['x-id'] === id) ?? [])
  const counts = told.some(({ kind, filter }) => kind === 'count' && filter === undefined)
  const columns = [...(counts ? [] : [say('table.records')]), ...told.map(({ title }) => title[locale])]
  const cellsOf = ({ count, values }: GroupSums) => [
    ...(counts ? [] : [formatMeasure(String(count))]),
    ...told.map(({ kind, field: key }, at) => {
      const value = values[at] ?? null
      if (value === null) return '—'
      const field = key === undefined ? undefined : fieldAt(key)
      const plain = kind === 'count' || field === undefined || field['x-field'] === 'integer'
      return plain ? formatMeasure(value) : format(value, field)
    }),
  ]
  const keyText = (value: Json, { field: path, by: part }: Group) => {
    const field = fieldAt(path)
    if (value === null || value === '' || !field) return say('table.groupNone')
    if (part !== undefined && part !== 'day') return sayDatePart(String(value), part, locale)
    // A moment is grouped by its day, which has no time.
    if (part === 'day') return formatDate(String(value), locale)
    const isUnseen = field['x-field'] === 'reference' && sums.titles[String(value)] === undefined
    return isUnseen ? say('history.unseen') : format(value, field, sums.titles)
  }
  const open = (keys: readonly Json[]) =>
    onOpen(
      by.map(({ field, by: part }, at): Condition => {
        const value = keys[at] ?? null
        if (value !== null && part !== undefined)
          return { field, op: 'between', value: [value, lastDayOf(String(value), part)] }
        return value === null ? { field, op: 'empty' } : { field, op: '==', value }
      }),
    )
  const lines = sums.groups.map((line) => ({
    id: JSON.stringify(line.keys),
    keys: line.keys,
    names: by.map((one, at) => keyText(line.keys[at] ?? null, one)),
    cells: cellsOf(line),
  }))
  const all = cellsOf(sums.all)

  if (narrow) {
    return (
      <ul className="cw-groups">
        {lines.map(({ id, keys, names, cells }) => (
          <li key={id} className="cw-card cw-card-tap">
            <button type="button" className="cw-group-open cw-stretch" onClick={() => open(keys)}>
              {names.join(' · ')}
            </button>
            <Facts columns={columns} cells={cells} />
          </li>
        ))}
        <li className="cw-card">
          <Text fw={600}>{say('table.total')}</Text>
          <Facts columns={columns} cells={all} />
        </li>
      </ul>
    )
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section has no other meaning here
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must take the focus to be scrolled by key
    <div className="cw-scroll" role="region" aria-label={view.title[locale]} tabIndex={0}>
      <table className="cw-table">
        <caption className="cw-sr">{view.title[locale]}</caption>
        <thead>
          <tr>
            {by.map(({ 'x-id': id, field, title, by: part }) => (
              <th key={id} scope="col">
                {named(title, field, part)}
              </th>
            ))}
            {columns.map((title, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of one view stay in their order
              <th key={at} scope="col" className="cw-right">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="cw-table-rows">
          {lines.map(({ id, keys, names, cells }) => (
            <tr key={id}>
              {names.map((name, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one view stay in their order
                <td key={at}>
                  {at === 0 ? (
                    <button
                      type="button"
                      className="cw-group-open"
                      aria-label={say('table.openGroup', { title: names.join(' · ') })}
                      onClick={() => open(keys)}
                    >
                      {name}
                    </button>
                  ) : (
                    name
                  )}
                </td>
              ))}
              {cells.map((cell, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns of one view stay in their order
                <td key={at} className="cw-right cw-num cw-nowrap">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr className="cw-group-all">
            <th scope="row" colSpan={Math.max(1, by.length)}>
              {say('table.total')}
            </th>
            {all.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns of one view stay in their order
              <td key={at} className="cw-right cw-num cw-nowrap">
                {cell}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  )
}

function Facts({ columns, cells }: { columns: readonly string[]; cells: readonly string[] }) {
  return (
    <dl className="cw-card-facts">
      {columns.map((title, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: columns of one view stay in their order
        <div key={at}>
          <dt>{title}</dt>
          <dd className="cw-num">{cells[at]}</dd>
        </div>
      ))}
    </dl>
  )
}
