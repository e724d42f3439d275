/** Times in a metadata column: written out, or as seconds since 1970. A time without a zone is UTC. */

import { isNear } from '../../core/edges.ts'
import { type Column, isNamed } from '../../core/table.ts'

/** A date, and a time of day after it, to the minute or finer, with or without a zone. */
const TIME =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?: ?(Z|UTC|GMT|([+-])(\d{2}):?(\d{2})?))?)?$/i

/** Words in the name of a column whose whole numbers are taken for times where they can be. */
const TIME_WORDS = new Set(
  'time timestamp datetime date day epoch ts unix utc taken created captured recorded acquired updated modified uploaded seen shot at'.split(
    ' ',
  ),
)

/** 1973 to 2100, of seconds since 1970: fewer digits are ages, sizes and counts as well. */
const EARLIEST = 1e8
const LATEST = 4_102_444_800
/** Seconds, and thousandths of the one before: milliseconds and microseconds. */
const PER_SECOND = [1, 1e3, 1e6]
/** Nanoseconds are more than a double holds, and so they are text. */
const NANOSECONDS = /^\d{18,19}$/

/** Of the time to the next edge, how much may be cut off an edge: less reads better than the last second. */
const NEAR_ENOUGH = 0.05

/**
 * Milliseconds since 1970 of each row, NaN where it has no entry; null where the column holds no times.
 * Whole numbers are times where the column is named `timeColumn`, or as times are, and all of them lie
 * between 1973 and 2100 as seconds, milliseconds, microseconds or nanoseconds. Years stay numbers.
 */
export function timesOf(column: Column, timeColumn: string): Float64Array | null {
  if (column.type === 'number') {
    return isTimeName(column.name, timeColumn) ? epochTimes(column.values) : null
  }
  const isEpoch =
    isTimeName(column.name, timeColumn) &&
    column.values.every((text) => text === '' || NANOSECONDS.test(text))
  const read = isEpoch ? nanoseconds : milliseconds
  const times = new Float64Array(column.values.length)
  for (const [row, text] of column.values.entries()) {
    times[row] = text === '' ? Number.NaN : read(text)
    if (text !== '' && Number.isNaN(times[row]!)) return null
  }
  return times
}

/** How to write times beside each other: to the day, or as much finer as tells them apart. */
export function timeText(edges: readonly number[]): (time: number) => string {
  const iso = (time: number) => new Date(time).toISOString()
  const finest = iso(0).length - 1
  const length =
    ['2025-01-31', '2025-01-31T18:30', '2025-01-31T18:30:00']
      .map((example) => example.length)
      .find((length) =>
        edges.every((time) =>
          isNear(
            Date.parse(iso(time).slice(0, length) + iso(0).slice(length)),
            time,
            edges,
            NEAR_ENOUGH,
          ),
        ),
      ) ?? finest
  return (time) => {
    const text = iso(time).slice(0, length).replace('T', ' ')
    return length > 10 ? `${text} UTC` : text
  }
}

function isTimeName(name: string, timeColumn: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
  return isNamed(name, timeColumn) || words.some((word) => TIME_WORDS.has(word))
}

function epochTimes(values: Float64Array): Float64Array | null {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (Number.isNaN(value)) continue
    least = Math.min(least, value)
    greatest = Math.max(greatest, value)
  }
  const unit = PER_SECOND.find((per) => least >= EARLIEST * per && greatest <= LATEST * per)
  return unit === undefined ? null : values.map((value) => (value / unit) * 1000)
}

function nanoseconds(text: string): number {
  const time = Number(BigInt(text) / 1_000_000n)
  return time >= EARLIEST * 1000 && time <= LATEST * 1000 ? time : Number.NaN
}

/** NaN for what is no time, such as the 30th of February. */
function milliseconds(text: string): number {
  const parts = TIME.exec(text)
  if (parts === null) return Number.NaN
  const [year, month, day, hour, minute, second] = parts
    .slice(1, 7)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  const isTime = hour < 24 && minute < 60 && second <= 60
  const [sign, zoneHours, zoneMinutes] = [parts[9], Number(parts[10] ?? 0), Number(parts[11] ?? 0)]
  if (!isDay || !isTime || zoneHours > 23 || zoneMinutes > 59) return Number.NaN
  const thousandths = Number((parts[7] ?? '').padEnd(3, '0').slice(0, 3))
  const offset = (zoneHours * 60 + zoneMinutes) * (sign === '-' ? -1 : 1)
  return date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + thousandths
}
