import { Button, Chip, Group, Indicator, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconFilter, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useSpeech } from '../../words/i18n.ts'
import { PersonPicker } from '../flows/PeoplePicker.tsx'
import { emptyInbox, type InboxState, isFiltered } from './boxes.ts'

/** How long something waits at least, in days. */
const waits = [1, 3, 7, 30] as const

/** What narrows the list: the name of the record, the flow, who applied, what has been waiting long, what is late. */
export function InboxFilters({
  state,
  flows,
  onChange,
}: {
  state: InboxState
  /** Flows that were seen in the list. */
  flows: readonly { readonly key: string; readonly title: string }[]
  onChange(state: InboxState): void
}) {
  const { say } = useSpeech()
  const narrow = useMediaQuery('(max-width: 40em)')
  const [search, setSearch] = useState(state.search)
  const apply = useDebouncedCallback((next: string) => onChange({ ...state, search: next.trim() }), 300)
  useEffect(() => setSearch(state.search), [state.search])
  const byTask = state.box === 'todo' || state.box === 'copied'
  const clear = () => onChange({ ...emptyInbox, box: state.box })
  const more = [state.flow, state.applicant, state.overdue || null, state.waiting].filter(
    (one) => one !== null,
  ).length
  const choices = (
    <>
      <Select
        aria-label={say('inbox.filterFlow')}
        placeholder={say('inbox.filterFlow')}
        clearable
        data={flows.map(({ key, title }) => ({ value: key, label: title }))}
        value={state.flow}
        onChange={(flow) => onChange({ ...state, flow })}
        comboboxProps={{ withinPortal: false }}
      />
      {state.box !== 'started' && (
        <PersonPicker
          label={say('inbox.filterApplicant')}
          value={state.applicant}
          onChange={(applicant) => onChange({ ...state, applicant })}
          bare
        />
      )}
      <Select
        aria-label={say('inbox.filterWaiting')}
        placeholder={say('inbox.filterWaiting')}
        clearable
        data={waits.map((days) => ({
          value: String(days),
          label: say('inbox.waitingDays', { count: days }),
        }))}
        value={state.waiting === null ? null : String(state.waiting)}
        onChange={(days) => onChange({ ...state, waiting: days === null ? null : Number(days) })}
        comboboxProps={{ withinPortal: false }}
      />
      {byTask && (
        <Chip
          checked={state.overdue}
          onChange={(overdue) => onChange({ ...state, overdue })}
          color="red"
          size="sm"
        >
          {say('inbox.filterOverdue')}
        </Chip>
      )}
      {isFiltered(state) && (
        <Button variant="subtle" size="compact-sm" onClick={clear}>
          {say('table.clearFilters')}
        </Button>
      )}
    </>
  )
  return (
    <Group gap="xs" className="cw-inbox-filters" wrap="nowrap">
      <TextInput
        id="inbox-search"
        style={{ flex: 1 }}
        aria-label={say('table.search')}
        placeholder={say('inbox.search')}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value)
          apply(event.currentTarget.value)
        }}
      />
      <Popover position="bottom-end" width={narrow ? 280 : 300} trapFocus withinPortal>
        <Indicator label={more} disabled={more === 0} size={16} offset={4}>
          <Popover.Target>
            <Button variant="default" px="sm" aria-label={say('table.filters')}>
              <IconFilter size={16} />
            </Button>
          </Popover.Target>
        </Indicator>
        <Popover.Dropdown>
          <Stack gap="sm" align="stretch">
            {choices}
          </Stack>
        </Popover.Dropdown>
      </Popover>
    </Group>
  )
}
