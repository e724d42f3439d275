/** What the values of a column mean, where hyparquet doesn't say it or rounds them. */

import type { SchemaTree } from 'hyparquet'
import { decimalOf } from '../decimals.ts'
import { timeOfDay } from '../times.ts'

type Element = SchemaTree['element']

/** What hyparquet leaves as it is written, or rounds; null for all else. */
export function parserOf(element: Element): ((raw: unknown) => unknown) | null {
  // As doubles the ids that warehouses write so would be rounded.
  if (isDecimal(element)) return (raw) => decimalOf(raw, element.scale ?? 0)
  const digits = timeDigits(element)
  return digits === null ? null : (raw) => timeOfDay(BigInt(raw as number | bigint), digits)
}

export function withoutMeaning({
  converted_type: _converted,
  logical_type: _logical,
  ...element
}: Element): Element {
  return element
}

export function isDecimal({ converted_type, logical_type }: Element): boolean {
  return converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL'
}

/** Digits of a second's fraction that times of a day are counted in; null for anything else. */
function timeDigits({ type, converted_type, logical_type }: Element): number | null {
  if (type !== 'INT32' && type !== 'INT64') return null
  if (logical_type?.type === 'TIME') {
    return { MILLIS: 3, MICROS: 6, NANOS: 9 }[logical_type.unit]
  }
  return converted_type === 'TIME_MILLIS' ? 3 : converted_type === 'TIME_MICROS' ? 6 : null
}

/** Whether moments are told without their zone; INT96, which says nothing of it, is read so by its tools. */
export function isLocal({ type, logical_type }: Element): boolean {
  if (logical_type?.type === 'TIMESTAMP') return !logical_type.isAdjustedToUTC
  return type === 'INT96'
}
