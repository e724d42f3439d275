/** How the readers' keys are written into their secret. */

import { z } from 'zod'
import { UsageError } from '../../lib/core/errors.ts'
import type { ReaderKeys } from './keys.ts'

const shape = z.strictObject({
  keys: z.array(
    z.strictObject({
      kid: z.string().regex(/^[\w-]{1,64}$/),
      key: z.string().min(32),
      madeAt: z.iso.datetime(),
    }),
  ),
})

export function keysText(keys: ReaderKeys): string {
  return JSON.stringify({ keys })
}

/** @throws UsageError where it isn't what `keysText` writes */
export function parseKeys(text: string): ReaderKeys {
  try {
    return shape.parse(JSON.parse(text)).keys
  } catch (error) {
    throw new UsageError('reader-keys-damaged', "the secret with the readers' keys is damaged", {
      hint: 'Delete its value and deploy again: new keys are made, and readers sign in once more.',
      cause: error,
    })
  }
}
