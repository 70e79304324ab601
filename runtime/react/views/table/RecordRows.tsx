import { Group, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { KeyboardEvent, MouseEvent } from 'react'
import type { RecordJson } from '../../../src/api/records.ts'
import type { FieldDefinition } from '../../../src/definition/object.ts'
import type { Json } from '../../../src/json.ts'
import { FieldValue, isNumeric } from '../../fields/cells.tsx'
import { LinkRegion, useNavigation } from '../../parts/navigation.tsx'
import { useSpeech } from '../../words/i18n.ts'

export interface Column {
  readonly key: string
  readonly field: FieldDefinition
  /** The view's own words for it, else the field's. */
  readonly title: string
  readonly sortable: boolean
}

export interface Sort {
  readonly field: string
  readonly direction: 'asc' | 'desc'
}

export interface RowsProps {
  readonly columns: readonly Column[]
  readonly records: readonly RecordJson[]
  readonly titles: Readonly<Record<string, string>>
  readonly sort: Sort | null
  onSort(field: string): void
  /** Address of a record's page; undefined when there is none. */
  hrefOf(record: RecordJson): string | undefined
  readonly caption: string
}

/** What a link to a record is called where the value that it stands on is empty; else it is called by that value. */
function useLinkName(): (value: Json | undefined) => string | undefined {
  const { say } = useSpeech()
  return (value) =>
    value === undefined || value === null || value === '' ? say('inbox.openRecord') : undefined
}

/** A table at a desk. The first column holds the link; the whole row follows it. */
export function RecordTable({ columns, records, titles, sort, onSort, hrefOf, caption }: RowsProps) {
  const { say } = useSpeech()
  const navigation = useNavigation()
  const nameOf = useLinkName()
  const openRow = (event: MouseEvent | KeyboardEvent, href: string | undefined) => {
    if (!href || (event.target as HTMLElement).closest('a, button, input')) return
    // Text that is being selected is not a click on the row.
    if (window.getSelection()?.toString()) return
    navigation.go(href)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section has no other meaning here
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must take the focus to be scrolled by key
    <div className="cw-scroll" role="region" aria-label={caption} tabIndex={0}>
      <table className="cw-table">
        <caption className="cw-sr">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, field, title, sortable }) => {
              const sorted = sort?.field === key ? sort.direction : null
              const Arrow = sorted === 'desc' ? IconArrowDown : IconArrowUp
              return (
                <th
                  key={key}
                  scope="col"
                  className={isNumeric(field) ? 'cw-right' : undefined}
                  aria-sort={sorted ? (sorted === 'asc' ? 'ascending' : 'descending') : undefined}
                >
                  {sortable ? (
                    <button type="button" className="cw-sort" onClick={() => onSort(key)}>
                      {title}
                      {sorted && <Arrow size={14} aria-hidden />}
                      <span className="cw-sr">{say('table.sortBy', { title })}</span>
                    </button>
                  ) : (
                    title
                  )}
                </th>
              )
            })}
          </tr>
        </thead>
        <LinkRegion as="tbody" className="cw-table-rows">
          {records.map((record) => {
            const href = hrefOf(record)
            return (
              <tr key={record.id} data-open={href ? '' : undefined} onClick={(event) => openRow(event, href)}>
                {columns.map(({ key, field }, at) => (
                  <td key={key} className={isNumeric(field) ? 'cw-right' : undefined}>
                    <div className="cw-cell">
                      {at === 0 && href ? (
                        <a href={href} className="cw-row-link" aria-label={nameOf(record[key])}>
                          <FieldValue value={record[key]} field={field} titles={titles} />
                        </a>
                      ) : (
                        <FieldValue value={record[key]} field={field} titles={titles} />
                      )}
                    </div>
                  </td>
                ))}
              </tr>
            )
          })}
        </LinkRegion>
      </table>
    </div>
  )
}

/** The same as cards on a phone: the first column is the title, the state stands at the right. */
export function RecordCards({ columns, records, titles, hrefOf }: RowsProps) {
  const nameOf = useLinkName()
  const badge = columns.find(({ field }) => field['x-field'] === 'choice')
  const [head, ...rest] = columns.filter((column) => column !== badge)
  if (!head) return null
  return (
    <LinkRegion>
      {records.map((record) => {
        const href = hrefOf(record)
        const facts = rest
          .filter(({ key }) => record[key] !== null && record[key] !== undefined && record[key] !== '')
          .slice(0, 5)
        return (
          <div key={record.id} className="cw-card cw-card-tap">
            <Group justify="space-between" wrap="nowrap" gap="sm" align="flex-start">
              <Text fw={600} component="div" style={{ minWidth: 0 }}>
                {href ? (
                  <a href={href} className="cw-row-link cw-stretch" aria-label={nameOf(record[head.key])}>
                    <FieldValue value={record[head.key]} field={head.field} titles={titles} />
                  </a>
                ) : (
                  <FieldValue value={record[head.key]} field={head.field} titles={titles} />
                )}
              </Text>
              {badge && <FieldValue value={record[badge.key]} field={badge.field} titles={titles} />}
            </Group>
            <dl className="cw-card-facts">
              {facts.map(({ key, field, title }) => (
                <div key={key}>
                  <dt>{title}</dt>
                  <dd>
                    <FieldValue value={record[key]} field={field} titles={titles} />
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        )
      })}
    </LinkRegion>
  )
}
