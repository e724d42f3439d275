/** Conditional writes and reads: what a store that compares etags by itself goes by. */

import { PreconditionFailedError } from '../core/errors.ts'
import type { PutOptions, RangeOptions } from '../core/store.ts'

/**
 * Compares the conditions of a put, or of reading a range, with the etag that is there (null: no object).
 *
 * @throws PreconditionFailedError where they don't hold.
 */
export function checkConditions(
  store: string,
  key: string,
  current: string | null,
  options: PutOptions | RangeOptions,
): void {
  if ('ifAbsent' in options && options.ifAbsent && current !== null) throw existsAlready(store, key)
  if (options.ifMatch !== undefined && current !== options.ifMatch) {
    throw changedMeanwhile(store, key, options.ifMatch, current)
  }
}

export function existsAlready(
  store: string,
  key: string,
  cause?: unknown,
): PreconditionFailedError {
  return new PreconditionFailedError('exists-already', `${key} exists already in ${store}`, {
    cause,
  })
}

/** `current` is undefined where the store doesn't tell. */
export function changedMeanwhile(
  store: string,
  key: string,
  expected: string,
  current: string | null | undefined,
  cause?: unknown,
): PreconditionFailedError {
  const found =
    current === undefined ? 'another one' : current === null ? 'nothing' : `etag ${current}`
  return new PreconditionFailedError(
    'changed-meanwhile',
    `${key} in ${store} changed meanwhile: expected etag ${expected}, found ${found}`,
    { cause },
  )
}
