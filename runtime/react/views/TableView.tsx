import {
  Badge,
  Button,
  Drawer,
  Menu,
  Pill,
  Popover,
  Group as Row,
  SegmentedControl,
  Select,
  Text,
  TextInput,
} from '@mantine/core'
import { useDebouncedValue, useMediaQuery } from '@mantine/hooks'
import { IconChevronDown, IconFilter, IconPlus, IconSearch } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ViewDefinition } from '../../src/definition/view.ts'
import { useFace } from '../../src/fields/face.tsx'
import { findFieldType } from '../../src/fields/index.ts'
import { choiceTitle, titleOf } from '../../src/fields/shared.ts'
import { isJsonObject, type Json } from '../../src/json.ts'
import type { Text as Words } from '../../src/text.ts'
import type { Group } from '../../src/views/table/measures.ts'
import { useFormat } from '../fields/cells.tsx'
import { hasFailed } from '../parts/failed.ts'
import { useNavigation } from '../parts/navigation.tsx'
import { EmptyState, FailedState, LoadingRows } from '../parts/states.tsx'
import { useSpeech } from '../words/i18n.ts'
import { useWorkspace } from '../workspace.tsx'
import { type Condition, isComplete, toRule } from './table/conditions.ts'
import { FilterEditor, type FilterField, operatorWord } from './table/FilterEditor.tsx'
import { GroupTable, useFieldAt } from './table/GroupTable.tsx'
import { type Column, RecordCards, RecordTable, type Sort } from './table/RecordRows.tsx'

/** What a person has set on a list; the portal keeps it in the address. */
export interface TableState {
  readonly search: string
  readonly conditions: readonly Condition[]
  readonly sort: Sort | null
  /** Of a view that sums up: the records themselves. */
  readonly rows?: boolean
}
export const freshTable: TableState = { search: '', conditions: [], sort: null }

interface TableSettings {
  readonly columns?: readonly {
    readonly field: string
    readonly title?: Words
    readonly 'x-order'?: string
  }[]
  readonly sort?: readonly Sort[]
  readonly search?: readonly string[]
  readonly filters?: readonly string[]
  readonly filter?: Json
  readonly group?: readonly Group[]
  readonly detail?: string
  readonly create?: readonly string[]
}

/** By order key where there is one; else as they stand. */
function inOrder<T extends { readonly 'x-order'?: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) =>
    a['x-order'] === undefined || b['x-order'] === undefined || a['x-order'] === b['x-order']
      ? 0
      : a['x-order'] < b['x-order']
        ? -1
        : 1,
  )
}

/** Records in rows: search, filters by the types of the fields, sorting, page after page. */
export function TableView({
  view,
  state = freshTable,
  onState,
  only,
  compact,
}: {
  view: ViewDefinition
  state?: TableState
  onState?(state: TableState): void
  /** A condition beside the view's own: the records that belong to another one. */
  only?: Json
  /** Inside another page: no search, no filters. */
  compact?: boolean
}) {
  const { say, locale } = useSpeech()
  const { key: workspace, api, portal, release } = useWorkspace()
  const { timeZone } = useFace()
  const navigation = useNavigation()
  const format = useFormat()
  const narrow = useMediaQuery('(max-width: 40em)', undefined, { getInitialValueInEffect: false }) ?? false
  const [own, setOwn] = useState(state)
  const current = onState ? state : own
  const change = (next: TableState) => (onState ?? setOwn)(next)

  const settings = view as TableSettings
  const object = view.object ?? ''
  const fieldOf = useFieldAt(object)
  const group = compact ? [] : (settings.group ?? [])
  const summed = group.length > 0 && !current.rows
  const columns = inOrder(settings.columns ?? []).flatMap(({ field: key, title }): Column[] => {
    const field = fieldOf(key)
    if (!field) return []
    const sortable = findFieldType(field['x-field'])?.sortable ?? false
    return [{ key, field, title: title?.[locale] ?? titleOf(field, locale), sortable }]
  })
  const filterable = (settings.filters ?? []).flatMap((key): FilterField[] => {
    const field = fieldOf(key)
    return field ? [{ key, field }] : []
  })
  const required = release.objects[object]?.definition.schema.required ?? []
  const sort = current.sort ?? settings.sort?.[0] ?? null
  const rules = [
    settings.filter,
    only,
    toRule(current.conditions, fieldOf, timeZone, (key) => required.includes(key)),
  ].filter((rule) => rule !== undefined)
  const filter: Json | undefined = rules.length > 1 ? { and: rules } : rules[0]
  const complete = current.conditions.filter(isComplete)
  const narrowed = current.search !== '' || complete.length > 0

  const query = {
    object,
    filter,
    search: current.search || undefined,
    view: view.key,
    sort: writeSort(
      current.sort ? [current.sort] : (settings.sort ?? []),
      (key) => fieldOf(key)?.['x-field'],
    ),
    expand: '*',
    limit: compact ? 20 : 50,
  }
  const pages = useInfiniteQuery({
    queryKey: ['records', workspace, query],
    enabled: api !== null && !summed,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api!.listRecords({ ...query, cursor: pageParam, count: pageParam === null }),
    getNextPageParam: (last) => last.next,
    placeholderData: keepPreviousData,
  })
  const records = pages.data?.pages.flatMap((page) => page.records) ?? []
  const titles = Object.assign({}, ...(pages.data?.pages.map((page) => page.titles) ?? [])) as Record<
    string,
    string
  >
  const count = pages.data?.pages[0]?.count
  // A partner who sees only the own organisation need not be told so in every row.
  const owner = release.objects[object]?.definition.owner
  const mine = portal.user.partner?.id
  const shownColumns =
    mine && records.length > 0 && owner && records.every((record) => record[owner] === mine)
      ? columns.filter((column) => column.key !== owner)
      : columns
  const toggleSort = (field: string) =>
    change({
      ...current,
      sort: { field, direction: sort?.field === field && sort.direction === 'asc' ? 'desc' : 'asc' },
    })
  const detail = settings.detail && release.views[settings.detail] ? settings.detail : null
  const rows = {
    columns: shownColumns,
    records,
    titles,
    sort,
    onSort: toggleSort,
    hrefOf: (record: { id: string }) => (detail ? navigation.record(detail, record.id) : undefined),
    caption: view.title[locale],
  }

  return (
    <section className="cw-panel" aria-busy={pages.isFetching}>
      {!compact && (
        <Row className="cw-panel-head" wrap="wrap" gap="xs">
          <Row gap="xs" style={{ flex: 1, minWidth: 0 }} wrap={narrow ? 'wrap' : 'nowrap'}>
            {(settings.search?.length ?? 0) > 0 && (
              <SearchBox
                label={say('table.searchIn', { title: view.title[locale] })}
                value={current.search}
                onChange={(search) => change({ ...current, search })}
              />
            )}
            {filterable.length > 0 && (
              <Filters
                fields={filterable}
                conditions={current.conditions}
                narrow={narrow}
                titles={titles}
                onChange={(conditions) => change({ ...current, conditions })}
              />
            )}
            {narrow && !summed && (
              <Select
                size="sm"
                flex={1}
                aria-label={say('table.sort')}
                placeholder={say('table.sort')}
                data={columns
                  .filter((column) => column.sortable)
                  .flatMap(({ key, title }) => [
                    { value: `${key}:asc`, label: `${title} ↑` },
                    { value: `${key}:desc`, label: `${title} ↓` },
                  ])}
                value={sort ? `${sort.field}:${sort.direction}` : null}
                onChange={(next) => {
                  const [field, direction] = (next ?? '').split(':')
                  if (field)
                    change({ ...current, sort: { field, direction: direction === 'desc' ? 'desc' : 'asc' } })
                }}
              />
            )}
          </Row>
          {group.length > 0 && (
            <SegmentedControl
              size="xs"
              fullWidth={narrow}
              style={narrow ? { flexBasis: '100%' } : undefined}
              aria-label={say('table.howShown')}
              value={summed ? 'sums' : 'rows'}
              onChange={(next) =>
                change(
                  next === 'rows'
                    ? { ...current, rows: true }
                    : {
                        ...current,
                        rows: false,
                        // What opened a group would leave that group alone.
                        conditions: current.conditions.filter((one) =>
                          group.every(({ field }) => field !== one.field),
                        ),
                      },
                )
              }
              data={[
                { value: 'sums', label: say('table.sums') },
                { value: 'rows', label: say('table.rows') },
              ]}
            />
          )}
          {count && !summed && (
            <Text
              size="sm"
              c="dimmed"
              className="cw-num cw-nowrap"
              role="status"
              style={narrow ? { flexBasis: '100%' } : undefined}
            >
              {say('table.count', { count: count.value })}
              {count.more ? '+' : ''}
            </Text>
          )}
        </Row>
      )}
      {!compact && complete.length > 0 && (
        <Row gap={6} px="md" py="xs">
          {complete.map((condition) => {
            const field = fieldOf(condition.field)
            if (!field) return null
            return (
              <Pill
                key={JSON.stringify(condition)}
                withRemoveButton
                onRemove={() =>
                  change({ ...current, conditions: current.conditions.filter((one) => one !== condition) })
                }
                removeButtonProps={{
                  'aria-label': say('table.removeFilter', { title: titleOf(field, locale) }),
                }}
              >
                {titleOf(field, locale)} {say(operatorWord(condition.op, field))}{' '}
                {tellValue(condition, field)}
              </Pill>
            )
          })}
        </Row>
      )}
      {summed ? (
        <GroupTable
          view={view}
          filter={filter}
          search={current.search}
          narrow={narrow}
          onOpen={(conditions) =>
            change({ ...current, rows: true, conditions: [...current.conditions, ...conditions] })
          }
        />
      ) : hasFailed(pages) ? (
        <FailedState error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.isPending && api ? (
        <LoadingRows rows={compact ? 3 : 8} />
      ) : records.length === 0 && api ? (
        narrowed ? (
          <EmptyState title={say('table.noMatch')} hint={say('table.noMatchHint')}>
            <Button
              variant="default"
              size="xs"
              onClick={() => change({ ...current, search: '', conditions: [] })}
            >
              {say('table.clearFilters')}
            </Button>
          </EmptyState>
        ) : (
          <EmptyState title={say('table.empty')} />
        )
      ) : narrow ? (
        <RecordCards {...rows} />
      ) : (
        <RecordTable {...rows} />
      )}
      {!summed && (pages.hasNextPage || (pages.isError && records.length > 0)) && (
        <Row justify="center" p="sm" style={{ borderTop: '1px solid var(--cw-line)' }}>
          <Button
            variant="subtle"
            loading={pages.isFetchingNextPage}
            rightSection={<IconChevronDown size={16} />}
            onClick={() => void pages.fetchNextPage()}
          >
            {say(pages.isError ? 'app.retry' : 'table.more')}
          </Button>
        </Row>
      )}
    </section>
  )

  function tellValue({ value, op }: Condition, field: NonNullable<ReturnType<typeof fieldOf>>): string {
    const tell = (one: Json | undefined) =>
      field['x-field'] === 'choice' || field['x-field'] === 'multi_choice'
        ? choiceTitle(field, String(one), locale)
        : typeof one === 'string' && field['x-field'] === 'datetime' && one.length === 10
          ? one
          : format(one, field, titles)
    if (op === 'exists' || op === 'empty') return ''
    if (op === 'between' && Array.isArray(value))
      return value.map((one) => (one === null ? '…' : tell(one))).join(' – ')
    return Array.isArray(value) ? value.map(tell).join(', ') : tell(value)
  }
}

/** The buttons that make a new record from a list. */
export function CreateButtons({ view }: { view: ViewDefinition }) {
  return <CreateMenu forms={(view as TableSettings).create ?? []} />
}

/** One form is a button, several are a menu; forms the reader may not use are left out. */
export function CreateMenu({ forms: keys }: { forms: readonly string[] }) {
  const { release } = useWorkspace()
  const { locale, say } = useSpeech()
  const navigation = useNavigation()
  const forms = keys.flatMap((key) => {
    const form = release.forms[key]?.definition
    return form && release.objects[form.object]?.create ? [form] : []
  })
  const [first, ...others] = forms
  if (!first) return null
  const open = (key: string) => navigation.go(navigation.form(key))
  if (others.length === 0) {
    return (
      <Button leftSection={<IconPlus size={16} />} onClick={() => open(first.key)}>
        {first.purpose === 'create' ? first.title[locale] : `${say('table.new')} · ${first.title[locale]}`}
      </Button>
    )
  }
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<IconPlus size={16} />} rightSection={<IconChevronDown size={16} />}>
          {say('table.new')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {forms.map((form) => (
          <Menu.Item key={form.key} onClick={() => open(form.key)}>
            {form.title[locale]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

function SearchBox({
  value,
  label,
  onChange,
}: {
  value: string
  label: string
  onChange(value: string): void
}) {
  const { say } = useSpeech()
  const [typed, setTyped] = useState(value)
  const [settled] = useDebouncedValue(typed, 300)
  const send = useRef(onChange)
  send.current = onChange
  const sent = useRef(value)
  useEffect(() => {
    if (settled.trim() === sent.current) return
    sent.current = settled.trim()
    send.current(settled.trim())
  }, [settled])
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setTyped(value)
  }, [value])
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={say('table.search')}
      leftSection={<IconSearch size={16} />}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      style={{ flex: '1 1 12rem', maxWidth: '22rem' }}
    />
  )
}

function Filters({
  fields,
  conditions,
  narrow,
  titles,
  onChange,
}: {
  fields: readonly FilterField[]
  conditions: readonly Condition[]
  narrow: boolean
  titles: Readonly<Record<string, string>>
  onChange(conditions: readonly Condition[]): void
}) {
  const { say } = useSpeech()
  const [open, setOpen] = useState(false)
  const active = conditions.filter(isComplete).length
  const button = (
    <Button
      variant="default"
      leftSection={<IconFilter size={16} />}
      rightSection={
        active > 0 ? (
          <Badge size="sm" variant="filled">
            {active}
          </Badge>
        ) : undefined
      }
      onClick={() => setOpen(!open)}
      aria-expanded={open}
      style={{ flex: 'none' }}
    >
      {say('table.filters')}
    </Button>
  )
  const editor = <FilterEditor fields={fields} conditions={conditions} onChange={onChange} titles={titles} />
  if (narrow) {
    return (
      <>
        {button}
        <Drawer
          opened={open}
          onClose={() => setOpen(false)}
          position="bottom"
          size="80%"
          title={say('table.filters')}
          closeButtonProps={{ 'aria-label': say('app.close') }}
        >
          {editor}
          <Button fullWidth mt="lg" onClick={() => setOpen(false)}>
            {say('table.apply')}
          </Button>
        </Drawer>
      </>
    )
  }
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      width={620}
      trapFocus
      shadow="md"
      closeOnClickOutside
    >
      <Popover.Target>{button}</Popover.Target>
      <Popover.Dropdown aria-label={say('table.filters')}>{editor}</Popover.Dropdown>
    </Popover>
  )
}

function writeSort(sorts: readonly Sort[], typeOf: (key: string) => string | undefined): string | undefined {
  const parts = sorts.map(({ field, direction }) => {
    const path = typeOf(field) === 'period' ? `${field}.to` : field
    return direction === 'desc' ? `-${path}` : path
  })
  return parts.length > 0 ? parts.join(',') : undefined
}

/** Whether a saved value is a table's state; addresses come from anywhere. */
export function isSort(value: unknown): value is Sort {
  return (
    isJsonObject(value) &&
    typeof value.field === 'string' &&
    (value.direction === 'asc' || value.direction === 'desc')
  )
}
