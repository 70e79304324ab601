import type { CalendarDefinition } from '@channelwright/runtime/definition/calendar.ts'
import { dateOfDay, dayNumber, daysInMonth, formatDate } from '@channelwright/runtime/logic/calendar.ts'
import {
  type WorkCalendar,
  weekdays,
  workCalendar,
} from '@channelwright/runtime/logic/calendars/work-calendar.ts'
import { Group, List, Paper, SegmentedControl, SimpleGrid, Stack, Text, Title, Tooltip } from '@mantine/core'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocale } from '../hooks.ts'
import type { PreviewProps } from './previews.ts'

/** A year of the calendar, month by month, as rules reckon with it. */
export function CalendarPreview({ definition }: PreviewProps) {
  const { t } = useTranslation('builder')
  const calendar = useMemo(() => workCalendar(definition as unknown as CalendarDefinition), [definition])
  const first = Number(calendar.from.slice(0, 4))
  const years = Array.from({ length: Number(calendar.to.slice(0, 4)) - first + 1 }, (_, at) =>
    String(first + at),
  )
  const [chosen, setChosen] = useState('')
  const year = years.includes(chosen) ? chosen : years.at(-1)!
  const worked = useMemo(() => new Set(calendar.workdays), [calendar])
  const count = calendar.workdays.filter((day) => day.startsWith(year)).length
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <SegmentedControl data={years} value={year} onChange={setChosen} aria-label={t('calendarYear')} />
        <Text size="sm">{t('calendarWorkdays', { count, zone: calendar.timeZone })}</Text>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, lg: 3 }} spacing="sm">
        {Array.from({ length: 12 }, (_, month) => (
          <Month
            key={formatDate({ year: Number(year), month: month + 1, day: 1 })}
            year={Number(year)}
            month={month + 1}
            calendar={calendar}
            worked={worked}
          />
        ))}
      </SimpleGrid>
      <SpecialDays calendar={calendar} year={year} />
    </Stack>
  )
}

interface MonthProps {
  readonly year: number
  readonly month: number
  readonly calendar: WorkCalendar
  readonly worked: ReadonlySet<string>
}

function Month({ year, month, calendar, worked }: MonthProps) {
  const locale = useLocale()
  const begin = dayNumber({ year, month, day: 1 })
  const show = (options: Intl.DateTimeFormatOptions, day: number) =>
    new Date(`${formatDate(dateOfDay(day))}T00:00:00Z`).toLocaleDateString(locale, {
      ...options,
      timeZone: 'UTC',
    })
  // Cells before the first of the month.
  const empty = begin % weekdays.length
  return (
    <Paper p="sm">
      <Title order={4} size="sm" mb={4}>
        {show({ year: 'numeric', month: 'long' }, begin)}
      </Title>
      <div className="cw-month">
        {weekdays.map((name, at) => (
          <Text key={name} span size="xs" c="dimmed" aria-hidden>
            {show({ weekday: 'narrow' }, begin - empty + at)}
          </Text>
        ))}
        {Array.from({ length: daysInMonth(year, month) }, (_, at) => {
          const date = formatDate({ year, month, day: at + 1 })
          const special = calendar.named.get(date)
          const kind = special ? (special.work ? 'made-up' : 'holiday') : worked.has(date) ? 'worked' : 'off'
          const day = (
            <span key={date} data-kind={kind} style={at === 0 ? { gridColumnStart: empty + 1 } : undefined}>
              {at + 1}
            </span>
          )
          return special ? (
            <Tooltip key={date} label={special.title[locale]}>
              {day}
            </Tooltip>
          ) : (
            day
          )
        })}
      </div>
    </Paper>
  )
}

interface Span {
  readonly from: string
  readonly to: string
  readonly title: string
  readonly work: boolean
}

/** Days on end of one name are told once. */
function joinDays(days: readonly Span[]): Span[] {
  const spans: Span[] = []
  for (const day of days) {
    const last = spans.at(-1)
    const follows = last && Date.parse(day.from) - Date.parse(last.to) === 86_400_000
    if (follows && last.title === day.title && last.work === day.work)
      spans[spans.length - 1] = { ...last, to: day.to }
    else spans.push(day)
  }
  return spans
}

/** In words too: colours alone tell nothing to who can't see them. */
function SpecialDays({ calendar, year }: { readonly calendar: WorkCalendar; readonly year: string }) {
  const { t } = useTranslation('builder')
  const locale = useLocale()
  const spans = joinDays(
    [...calendar.named]
      .filter(([date]) => date.startsWith(year))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([date, { title, work }]) => ({ from: date, to: date, title: title[locale], work })),
  )
  if (spans.length === 0) return null
  return (
    <Paper p="sm">
      <Title order={4} size="sm" mb={4}>
        {t('calendarDays')}
      </Title>
      <List size="sm">
        {spans.map(({ from, to, title, work }) => (
          <List.Item key={from}>
            {from === to ? from : `${from} – ${to}`} · {title} · {t(work ? 'calendarWorked' : 'calendarOff')}
          </List.Item>
        ))}
      </List>
    </Paper>
  )
}
