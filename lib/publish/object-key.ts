/** Keys as stores check and order them. */

import { UsageError } from '../core/errors.ts'
import { keyProblem } from '../core/object-key.ts'

/** @throws UsageError `invalid-key` where no store takes the key. */
export function checkKey(key: string): void {
  const problem = keyProblem(key)
  if (problem === null) return
  throw new UsageError('invalid-key', `the key ${JSON.stringify(key)} ${problem}`, {
    hint: 'Keys are relative paths with "/" between their parts, such as uploads/digits/run-1/embeddings.npz.',
  })
}

/**
 * Checks what a listing starts from; part of a name may end it.
 *
 * @throws UsageError `invalid-key` where no key could start with it.
 */
export function checkPrefix(prefix: string): void {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  if (folder !== '') checkKey(folder.slice(0, -1))
}

/** Order of keys by their UTF-8 bytes, which isn't JavaScript's order of strings beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
