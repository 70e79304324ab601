import type { Clock } from '@channelwright/runtime/ports.ts'

/** The clock of a case: stands still until the case moves it, and never goes back. */
export interface CaseClock extends Clock {
  readonly virtual: true
  moveTo(instant: string): void
}

export function createCaseClock(start: string): CaseClock {
  let at = Date.parse(start)
  return {
    virtual: true,
    now: () => new Date(at).toISOString(),
    moveTo(instant) {
      at = Math.max(at, Date.parse(instant))
    },
  }
}

const durationPattern =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/

/**
 * The instant after an ISO 8601 duration. Years to days are steps of the calendar in the time zone, so that a day stays
 * a day when clocks change; hours to seconds are exact. The last day of a shorter month stands in for a missing one.
 */
export function addDuration(instant: string, duration: string, timeZone: string): string {
  const match = durationPattern.exec(duration)
  if (match === null) throw new RangeError(`not a duration: ${duration.slice(0, 40)}`)
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0))
  let at = Date.parse(instant)
  if (years || months || weeks || days) {
    const wall = wallTime(at, timeZone)
    const month = wall.month - 1 + (years ?? 0) * 12 + (months ?? 0)
    const lastDay = new Date(Date.UTC(wall.year, month + 1, 0)).getUTCDate()
    const day = Math.min(wall.day, lastDay) + (weeks ?? 0) * 7 + (days ?? 0)
    at = fromWall(
      Date.UTC(wall.year, month, day, wall.hour, wall.minute, wall.second) + wall.milliseconds,
      timeZone,
    )
  }
  at += (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000
  return new Date(at).toISOString()
}

/** A date moved by `+30d`, `-2m`, `+1y` and the like. */
export function shiftDate(date: string, shift: string): string {
  const match = /^([+-])(\d+)([dmy])$/.exec(shift)
  if (match === null) throw new RangeError(`not a shift of days, months or years: ${shift.slice(0, 40)}`)
  const count = Number(match[2]) * (match[1] === '-' ? -1 : 1)
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number)
  if (match[3] === 'd') return isoDate(Date.UTC(year, month - 1, day + count))
  const target = month - 1 + count * (match[3] === 'y' ? 12 : 1)
  const lastDay = new Date(Date.UTC(year, target + 1, 0)).getUTCDate()
  return isoDate(Date.UTC(year, target, Math.min(day, lastDay)))
}

function isoDate(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}

function wallTime(at: number, timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0)
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    hour: read('hour'),
    minute: read('minute'),
    second: read('second'),
    milliseconds: ((at % 1000) + 1000) % 1000,
  }
}

/** The instant at which clocks of the zone show this wall time, given as if it were UTC. */
function fromWall(wall: number, timeZone: string): number {
  const offset = (at: number) => {
    const { year, month, day, hour, minute, second, milliseconds } = wallTime(at, timeZone)
    return Date.UTC(year, month - 1, day, hour, minute, second) + milliseconds - at
  }
  const guess = wall - offset(wall)
  return wall - offset(guess)
}
