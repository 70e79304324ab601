import { describe, expect, test } from 'vitest'
import type { CalendarDefinition } from '../definition/calendar.ts'
import { workCalendar } from '../logic/calendars/work-calendar.ts'
import { dueAfter } from './due-time.ts'

const words = { en: 'x', zh: 'x' }
const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri']

function calendar(more: Partial<CalendarDefinition> = {}) {
  return workCalendar({
    kind: 'calendar/1',
    key: 'cn',
    'x-id': 'cn',
    title: words,
    timezone: 'Asia/Shanghai',
    covers: { from: '2026-01-01', to: '2026-12-31' },
    workdays: weekdays,
    hours: [{ from: '09:00', to: '18:00' }],
    days: [],
    ...more,
  } as CalendarDefinition)
}

/** On the wall in Shanghai, which never sets its clocks. */
const wall = (text: string) => new Date(`${text}:00+08:00`).toISOString()
const due = (from: string, after: number, unit: 'workday' | 'workhour' | 'day', cal = calendar()) =>
  dueAfter(wall(from), { after, unit }, cal)

describe('vector 16: due times on a work calendar', () => {
  // 8 May 2026 is a Friday.
  test('one workday from Friday 17:30 is Monday 17:30', () => {
    expect(due('2026-05-08T17:30', 1, 'workday')).toEqual({ at: wall('2026-05-11T17:30'), exact: true })
  })

  test('with Monday closed and Saturday worked it is Saturday 17:30', () => {
    const days = [
      { 'x-id': 'd1', title: words, from: '2026-05-09', work: true },
      { 'x-id': 'd2', title: words, from: '2026-05-11', work: false },
    ]
    expect(due('2026-05-08T17:30', 1, 'workday', calendar({ days })).at).toBe(wall('2026-05-09T17:30'))
  })

  test('four workhours from Friday 16:00 are Monday 11:00', () => {
    expect(due('2026-05-08T16:00', 4, 'workhour').at).toBe(wall('2026-05-11T11:00'))
  })

  test('from outside working hours it is counted from when work begins again', () => {
    expect(due('2026-05-08T20:00', 1, 'workday').at).toBe(wall('2026-05-12T09:00'))
    expect(due('2026-05-09T12:00', 1, 'workday').at).toBe(wall('2026-05-12T09:00'))
    expect(due('2026-05-11T07:00', 1, 'workday').at).toBe(wall('2026-05-12T09:00'))
  })

  test('over a lunch break the day stays the day', () => {
    const hours = [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ]
    expect(due('2026-05-07T12:30', 1, 'workday', calendar({ hours })).at).toBe(wall('2026-05-08T12:30'))
  })

  test('a short day ends when its work does', () => {
    const days = [
      { 'x-id': 'd1', title: words, from: '2026-05-09', work: true, hours: [{ from: '09:00', to: '12:00' }] },
    ]
    expect(due('2026-05-08T17:30', 1, 'workday', calendar({ days })).at).toBe(wall('2026-05-09T12:00'))
  })
})

describe('clocks that are set, calendars that end', () => {
  test('a day leads to the same time on the wall, over the night on which the clock is set', () => {
    const berlin = calendar({ timezone: 'Europe/Berlin' })
    // 29 March 2026: the clock goes from 2:00 to 3:00.
    const { at } = dueAfter('2026-03-28T11:00:00.000Z', { after: 1, unit: 'day' }, berlin)
    expect(at).toBe('2026-03-29T10:00:00.000Z')
    const hours = dueAfter('2026-03-28T11:00:00.000Z', { after: 24, unit: 'hour' }, berlin)
    expect(hours.at).toBe('2026-03-29T11:00:00.000Z')
  })

  test('where nobody has entered the days, days are counted and that is said', () => {
    expect(due('2026-12-31T10:00', 2, 'workday')).toEqual({ at: wall('2027-01-02T10:00'), exact: false })
    expect(dueAfter(wall('2026-05-08T10:00'), { after: 1, unit: 'workday' }, undefined)).toEqual({
      at: wall('2026-05-09T10:00'),
      exact: false,
    })
  })
})
