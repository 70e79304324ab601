import { Button, Chip, Group, Indicator, Popover, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback, useMediaQuery } from '@mantine/hooks'
import { IconFilter, IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'
import { PersonPicker } from '../flows/PeoplePicker.tsx'
import { type InboxState, isAmount, isFiltered, unfiltered } from './boxes.ts'

/** How long something waits at least, in days. */
const waits = [1, 3, 7, 30] as const

/**
 * What narrows the list: the name of the record, the flow, who applied, how much it is about, what has been waiting long, what is
 * late.
 */
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
  const applied = useRef(state.search)
  const apply = useDebouncedCallback((next: string) => {
    applied.current = next.trim()
    onChange({ ...state, search: applied.current })
  }, 300)
  useEffect(() => {
    // Typing goes on while what was typed before comes back: only what somebody else has set is taken over.
    if (state.search === applied.current) return
    applied.current = state.search
    setSearch(state.search)
  }, [state.search])
  const byTask = state.box === 'todo' || state.box === 'copied'
  const clear = () => {
    apply.cancel()
    setSearch('')
    onChange(unfiltered(state))
  }
  const { release } = useWorkspace()
  const hasAmounts = Object.values(release.flows).some(({ amount }) => amount !== undefined)
  const more = [
    state.flow,
    state.applicant,
    state.overdue || null,
    state.waiting,
    state.from ?? state.to,
  ].filter((one) => one !== null).length
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
      {hasAmounts && (
        <AmountRange
          key={`${state.from} ${state.to}`}
          from={state.from}
          to={state.to}
          onChange={(range) => onChange({ ...state, ...range })}
        />
      )}
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

/** How much a case is about, from and to: taken when the field is left or with Enter. */
function AmountRange({
  from,
  to,
  onChange,
}: {
  from: string | null
  to: string | null
  onChange(range: { from: string | null; to: string | null }): void
}) {
  const { say } = useSpeech()
  const [typed, setTyped] = useState({ from: from ?? '', to: to ?? '' })
  // As people write amounts: grouped, or with the digits of an input method.
  const read = (text: string) => text.normalize('NFKC').replace(/[\s,]/g, '')
  const isWrong = (text: string) => read(text) !== '' && !isAmount(read(text))
  const apply = () => {
    const next = { from: read(typed.from) || null, to: read(typed.to) || null }
    if (isWrong(typed.from) || isWrong(typed.to)) return
    if (next.from !== from || next.to !== to) onChange(next)
  }
  return (
    <Group gap="xs" wrap="nowrap" grow>
      {(['from', 'to'] as const).map((end) => {
        const label = say(end === 'from' ? 'inbox.amountFrom' : 'inbox.amountTo')
        return (
          <TextInput
            key={end}
            aria-label={label}
            placeholder={label}
            inputMode="decimal"
            value={typed[end]}
            error={isWrong(typed[end])}
            onChange={({ currentTarget }) => setTyped((was) => ({ ...was, [end]: currentTarget.value }))}
            onBlur={apply}
            onKeyDown={({ key }) => key === 'Enter' && apply()}
          />
        )
      })}
    </Group>
  )
}
