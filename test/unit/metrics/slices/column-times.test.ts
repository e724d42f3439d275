/** Which columns are times, at which instant their entries lie, and how edges of them are written. */

import { describe, expect, it, test } from 'vitest'
import type { Column } from '../../../../lib/core/table.ts'
import { timesOf, timeText } from '../../../../lib/metrics/slices/column-times.ts'
import { groupingOf } from '../../../../lib/metrics/slices/columns.ts'

const text = (name: string, ...values: string[]): Column => ({ name, type: 'text', values })
const number = (name: string, values: readonly number[]): Column => ({
  name,
  type: 'number',
  values: Float64Array.from(values),
})
const read = (entry: string) => timesOf(text('x', entry), 'time')?.[0]

// The instants by Python's datetime, for example
// datetime(2025, 1, 25, 18, 30, tzinfo=timezone.utc).timestamp() * 1000.
test.each([
  ['2025-01-25', 1_737_763_200_000],
  ['2025-01-25 18:30', 1_737_829_800_000],
  ['2025-01-25T18:30:00', 1_737_829_800_000],
  ['2025-01-25 18:30:00.250', 1_737_829_800_250],
  ['2025-01-25 18:30:00.250999', 1_737_829_800_250],
  ['2025-01-25T18:30:00Z', 1_737_829_800_000],
  ['2025-01-25 18:30:00 UTC', 1_737_829_800_000],
  ['2025-01-25T18:30:00+09:00', 1_737_797_400_000],
  ['2025-01-25 18:30:00+0900', 1_737_797_400_000],
  ['2025-01-25 18:30:00-08', 1_737_858_600_000],
  ['2025-01-25 18:30:00+05:45', 1_737_809_100_000],
  ['2024-02-29', 1_709_164_800_000],
  ['1969-12-31T23:59:59', -1000],
  ['0099-01-01', -59_042_995_200_000],
])('%s is at %d', (entry, instant) => {
  expect(read(entry)).toBe(instant)
})

test.each([
  '2025-02-29',
  '2025-13-01',
  '2025-01-25 24:30',
  '2025-01-25 18:61',
  '25-01-2025',
  '2025',
])('%s is no time', (entry) => {
  expect(read(entry)).toBeUndefined()
})

it('each entry has its own zone, and an empty one none', () => {
  const times = timesOf(text('x', '2025-01-25 18:30+09:00', '', '2025-01-25 09:30'), 'time')!
  expect([...times]).toEqual([1_737_797_400_000, Number.NaN, 1_737_797_400_000])
})

describe('whole numbers', () => {
  const seconds = [1_740_000_000, 1_740_086_400]
  test.each([
    ['time', 1],
    ['times', 1],
    ['captured_at', 1],
    ['createdAt', 1000],
    ['timestamp_us', 1e6],
    ['Date taken', 1000],
  ])('%s are times, of %d parts in a second', (name, per) => {
    const times = timesOf(number(name, [...seconds.map((time) => time * per), Number.NaN]), 'time')
    expect([...times!]).toEqual([1_740_000_000_000, 1_740_086_400_000, Number.NaN])
  })

  it('are in the column that is said to hold times', () => {
    expect(timesOf(number('when_shot_x', seconds), 'when_shot_x')).not.toBeNull()
  })

  it('of nanoseconds are text, being more than a double holds', () => {
    const times = timesOf(text('time', '1740000000123456789', ''), 'time')!
    expect([...times]).toEqual([1_740_000_000_123, Number.NaN])
    expect(timesOf(text('code', '1740000000123456789'), 'time')).toBeNull()
  })

  test.each([
    ['size', seconds],
    ['latitude', seconds],
    ['time', [0.5, 12.25]],
    ['time', [2019, 2020]],
    ['time', [99_999_999, 1_740_000_000]],
    ['time', [1_740_000_000, 4_102_444_801]],
    ['date', [1_740_000_000, 1_740_000_000_000]],
  ])('%s %j are numbers', (name, values) => {
    expect(timesOf(number(name, values), 'time')).toBeNull()
  })
})

describe('edges of times', () => {
  const DAY = 86_400_000
  const at = (...days: number[]) => days.map((days) => days * DAY)
  test.each([
    [at(0, 25.75, 50.5), ['1970-01-01', '1970-01-26', '1970-02-20']],
    [at(0, 1, 2), ['1970-01-01', '1970-01-02', '1970-01-03']],
    [at(0, 1.5, 2.5), ['1970-01-01 00:00 UTC', '1970-01-02 12:00 UTC', '1970-01-03 12:00 UTC']],
    [
      [0, 90_000, 150_000],
      ['1970-01-01 00:00:00 UTC', '1970-01-01 00:01:30 UTC', '1970-01-01 00:02:30 UTC'],
    ],
    [
      [0, 250],
      ['1970-01-01 00:00:00.000 UTC', '1970-01-01 00:00:00.250 UTC'],
    ],
  ])('%j are %j', (edges, texts) => {
    expect(edges.map(timeText(edges))).toEqual(texts)
  })
})

describe('quarters', () => {
  const count = (length: number, entryOf: (row: number) => number) =>
    Array.from({ length }, (_, row) => entryOf(row))
  const textsOf = (column: Column) => {
    const grouping = groupingOf(column)
    if ('reason' in grouping) throw new Error(grouping.reason)
    return grouping.groups.map(({ text }) => text)
  }

  it('of near numbers keep what tells them apart', () => {
    expect(
      textsOf(
        number(
          'serial',
          count(100, (row) => 1_740_000_000 + row),
        ),
      ),
    ).toEqual([
      'up to 1740000024',
      'over 1740000024, up to 1740000049',
      'over 1740000049, up to 1740000074',
      'over 1740000074',
    ])
  })

  it('of years are years', () => {
    expect(
      textsOf(
        number(
          'year',
          count(80, (row) => 2000 + (row % 20)),
        ),
      )[1],
    ).toBe('over 2004, up to 2009')
  })

  it('of seconds since 1970 are dates', () => {
    const column = number(
      'timestamp',
      count(100, (row) => 1_735_689_600 + row * 86_400),
    )
    expect(textsOf(column)[1]).toBe('over 2025-01-25, up to 2025-02-19')
  })

  it('of times within an hour are told to the minute', () => {
    const column = text(
      'taken',
      ...count(60, (row) => row).map((row) => `2025-01-01 10:${String(row).padStart(2, '0')}:30`),
    )
    expect(textsOf(column)[0]).toBe('up to 2025-01-01 10:14 UTC')
  })
})
