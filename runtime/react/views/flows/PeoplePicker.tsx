import { MultiSelect, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PersonName } from '../../../src/api/flows.ts'
import type { Person } from '../../../src/api/records.ts'
import { useSpeech } from '../../words/i18n.ts'
import { useWorkspace } from '../../workspace.tsx'

interface PickerProps {
  readonly id?: string
  readonly label: string
  readonly description?: string
  readonly required?: boolean
  readonly error?: string
  /** In a row of filters: the label is only heard, and shown while nothing is chosen. */
  readonly bare?: boolean
  /** Those who can't be chosen. */
  readonly without?: readonly string[]
  /** Most that can be chosen. */
  readonly most?: number
  /** Only people who may be chosen for a step of a flow. */
  readonly within?: StepRange
  /** What the people are called who were chosen before. */
  readonly known?: readonly PersonName[]
}

/** A step whose people are chosen: at a task of mine, or as a case is started. */
export interface StepRange {
  readonly flow: string
  readonly node: string
  readonly task?: string
}

/** People of the workspace, found by their name. */
export function PersonPicker({
  value,
  onChange,
  ...props
}: PickerProps & { value: string | null; onChange(value: string | null): void }) {
  const people = usePeople(value === null ? [] : [value], props)
  const { say } = useSpeech()
  return (
    <Select
      {...inputOf(props)}
      searchable
      comboboxProps={{ withinPortal: !props.bare }}
      clearable={!props.required}
      nothingFoundMessage={say('flow.nobodyFound')}
      data={people.options}
      filter={({ options }) => options}
      value={value}
      onChange={(next) => onChange(next)}
      searchValue={people.search}
      onSearchChange={people.setSearch}
    />
  )
}

export function PeoplePicker({
  value,
  onChange,
  ...props
}: PickerProps & { value: readonly string[]; onChange(value: string[]): void }) {
  const people = usePeople(value, props)
  const { say } = useSpeech()
  return (
    <MultiSelect
      {...inputOf(props)}
      searchable
      hidePickedOptions
      maxValues={props.most}
      nothingFoundMessage={say('flow.nobodyFound')}
      data={people.options}
      filter={({ options }) => options}
      value={[...value]}
      onChange={onChange}
      searchValue={people.search}
      onSearchChange={people.setSearch}
    />
  )
}

function inputOf({ id, label, description, required, error, bare }: PickerProps) {
  const name = bare ? { 'aria-label': label, placeholder: label } : { label }
  return { id, ...name, description, withAsterisk: required, 'aria-required': required, error }
}

/** Of several of one name each is told by the e-mail as well. */
function labelOf({ name, email }: Person): string {
  return email === undefined ? name : `${name} (${email})`
}

function usePeople(
  chosen: readonly string[],
  { without = [], within, known = [] }: Pick<PickerProps, 'without' | 'within' | 'known'>,
) {
  const { api, key: workspace } = useWorkspace()
  const [search, setSearch] = useState('')
  const [names, setNames] = useState<ReadonlyMap<string, string>>(
    () => new Map(known.flatMap(({ id, name }) => (name === null ? [] : [[id, name] as const]))),
  )
  // What a chosen person is called stands in the box and is not asked for again.
  const asked = [...names.values()].includes(search) ? '' : search
  const [wanted] = useDebouncedValue(asked, 200)
  const found = useQuery({
    queryKey: ['people', workspace, wanted, within ?? null],
    enabled: api !== null,
    placeholderData: (before) => before,
    queryFn: async () => {
      const { people } = await (within
        ? api!.searchPickable(within.flow, within.node, { task: within.task, search: wanted })
        : api!.searchPeople(wanted))
      setNames((known) => new Map([...known, ...people.map((one) => [one.id, labelOf(one)] as const)]))
      return people
    },
  })
  const ids = new Set([...chosen, ...(found.data ?? []).map(({ id }) => id)])
  const options = [...ids]
    .filter((id) => chosen.includes(id) || !without.includes(id))
    .map((id) => ({
      value: id,
      label: names.get(id) ?? found.data?.filter((one) => one.id === id).map(labelOf)[0] ?? id,
    }))
  return { search, setSearch, options }
}
