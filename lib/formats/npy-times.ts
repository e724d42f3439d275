/** NumPy's times as text in ISO 8601: a day, or a moment that says no zone, as datetime64 has none. */

import type { NpyType } from './npy-type.ts'
import { isoDay, isoTime } from './times.ts'

/** NaT, where a time is missing. */
export const NO_TIME = -(2n ** 63n)

/** Seconds of a unit, or parts that a second has. */
const SECONDS: Readonly<Record<string, bigint>> = { h: 3600n, m: 60n, s: 1n }
const DIGITS: Readonly<Record<string, number>> = { ms: 3, us: 6, ns: 9, ps: 12, fs: 15, as: 18 }

/**
 * The first moment or day of what is counted. A number where the array has no unit.
 *
 * @param value since 1970, in units
 */
export function npyTime(value: bigint, unit: NpyType['unit']): string {
  if (value === NO_TIME) return ''
  if (!unit) return String(value)
  const count = value * BigInt(unit.count)
  const seconds = SECONDS[unit.name]
  if (seconds !== undefined) return isoTime(count * seconds, 0, false)
  const digits = DIGITS[unit.name]
  if (digits !== undefined) return isoTime(count, digits, false)
  if (unit.name === 'D') return isoDay(Number(count))
  if (unit.name === 'W') return isoDay(Number(count * 7n))
  const months = unit.name === 'M' ? count : count * 12n
  const first = new Date(0)
  first.setUTCFullYear(1970, Number(months), 1)
  return Number.isNaN(first.getTime()) ? String(value) : isoDay(first.getTime() / 86_400_000)
}
