/** Parts of objects: which can be asked for, and what is said where an object is shorter. */

import { StoreRefusedError, UsageError } from '../core/errors.ts'

/** @throws UsageError `invalid-range` where no object could have these bytes. */
export function checkRange(key: string, start: number, end: number): void {
  if (Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end) return
  throw new UsageError('invalid-range', `${key}: ${start} to ${end} is no range of bytes`, {
    hint: 'A range is two whole numbers from 0, the smaller one first.',
  })
}

/** @param byteLength undefined where the store doesn't tell */
export function rangePastEnd(
  store: string,
  key: string,
  start: number,
  end: number,
  byteLength: number | undefined,
  cause?: unknown,
): StoreRefusedError {
  const found = byteLength === undefined ? `fewer than ${start + 1}` : `${byteLength}`
  return new StoreRefusedError(
    'range-past-end',
    `bytes ${start} to ${end} of ${key} in ${store} were asked for, and it has ${found}`,
    { hint: 'The object was written in part, or changed meanwhile. Write it again.', cause },
  )
}
