import { Anchor, CloseButton, Combobox, Group, Loader, Text, TextInput, useCombobox } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import {
  type Candidate,
  type CandidatePage,
  describeInput,
  type FieldWidgetProps,
  useWords,
} from './face.tsx'

interface Found {
  query: string
  rows: readonly Candidate[]
  next: string | null
}

/**
 * Picks one of many by searching: the server finds, page by page. The answer to an older search never replaces the
 * answer to a newer one.
 */
export function RecordPicker({
  search,
  findTitle,
  href,
  ...props
}: FieldWidgetProps & {
  search(query: string, cursor: string | null): Promise<CandidatePage>
  findTitle(id: string): Promise<string | null>
  href?: string
}) {
  const say = useWords()
  const [typed, setTyped] = useState<string | null>(null)
  const [found, setFound] = useState<Found | null>(null)
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState(false)
  const latest = useRef(0)
  const box = useCombobox({
    onDropdownClose: () => {
      box.resetSelectedOption()
      setTyped(null)
    },
  })
  const id = typeof props.value === 'string' ? props.value : null
  const title = useTitle(id, props.titles, findTitle)

  const load = async (query: string, cursor: string | null) => {
    const mine = ++latest.current
    setBusy(true)
    setFailed(false)
    try {
      const page = await search(query, cursor)
      if (mine !== latest.current) return
      setFound((before) => ({
        query,
        rows: cursor && before?.query === query ? [...before.rows, ...page.rows] : page.rows,
        next: page.next,
      }))
    } catch {
      if (mine === latest.current) setFailed(true)
    } finally {
      if (mine === latest.current) setBusy(false)
    }
  }
  const loadNow = useRef(load)
  loadNow.current = load

  const open = box.dropdownOpened
  const query = typed ?? ''
  useEffect(() => {
    if (!open) return
    const timer = setTimeout(() => void loadNow.current(query.trim(), null), query ? 220 : 0)
    return () => clearTimeout(timer)
  }, [open, query])

  const pick = (value: string) => {
    if (value === '$more') {
      if (found?.next) void load(found.query, found.next)
      return
    }
    props.onChange(value)
    box.closeDropdown()
  }
  const input = describeInput(props)

  if (props.readonly) {
    return (
      <TextInput
        {...input}
        readOnly
        value={title ?? ''}
        rightSection={
          href && id ? (
            <Anchor href={href} size="xs" target="_blank">
              {say({ en: 'Open', zh: '查看' })}
            </Anchor>
          ) : undefined
        }
        rightSectionWidth={href ? 52 : undefined}
      />
    )
  }
  return (
    <Combobox store={box} onOptionSubmit={pick} withinPortal>
      <Combobox.Target>
        <TextInput
          {...input}
          placeholder={props.placeholder ?? say({ en: 'Type to search', zh: '输入以搜索' })}
          autoComplete="off"
          value={typed ?? title ?? ''}
          rightSection={
            busy ? (
              <Loader size={16} />
            ) : id && !props.required ? (
              <CloseButton
                size="sm"
                aria-label={say({ en: 'Clear', zh: '清除' })}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => props.onChange(undefined)}
              />
            ) : (
              <IconChevronDown size={16} aria-hidden />
            )
          }
          onClick={() => box.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            box.openDropdown()
            box.resetSelectedOption()
          }}
          onBlur={() => {
            box.closeDropdown()
            props.onBlur?.()
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={props.label} aria-busy={busy}>
          {found?.rows.map((row) => (
            <Combobox.Option key={row.id} value={row.id} active={row.id === id}>
              <Group gap="xs" justify="space-between" wrap="nowrap">
                <span>{row.title}</span>
                {row.note && (
                  <Text size="xs" c="dimmed">
                    {row.note}
                  </Text>
                )}
              </Group>
            </Combobox.Option>
          ))}
          {found?.next && (
            <Combobox.Option value="$more">
              <Text size="sm" c="var(--mantine-primary-color-filled)">
                {say({ en: 'Show more', zh: '显示更多' })}
              </Text>
            </Combobox.Option>
          )}
          {failed && (
            <Combobox.Empty>
              {say({ en: 'Search failed. Try again.', zh: '搜索失败,请重试。' })}
            </Combobox.Empty>
          )}
          {!failed && !busy && found?.rows.length === 0 && (
            <Combobox.Empty>{say({ en: 'Nothing found', zh: '没有匹配项' })}</Combobox.Empty>
          )}
          {busy && !found && <Combobox.Empty>{say({ en: 'Searching…', zh: '搜索中…' })}</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  )
}

/** What an id is called: from the titles at hand, else asked for once. */
function useTitle(
  id: string | null,
  titles: Readonly<Record<string, string>> | undefined,
  findTitle: (id: string) => Promise<string | null>,
): string | null {
  const [asked, setAsked] = useState<{ id: string; title: string | null } | null>(null)
  const known = id ? titles?.[id] : undefined
  const ask = useRef(findTitle)
  ask.current = findTitle
  useEffect(() => {
    if (!id || known !== undefined) return
    let live = true
    ask.current(id).then(
      (title) => live && setAsked({ id, title }),
      () => live && setAsked({ id, title: null }),
    )
    return () => {
      live = false
    }
  }, [id, known])
  if (!id) return null
  return known ?? (asked?.id === id ? asked.title : null)
}
