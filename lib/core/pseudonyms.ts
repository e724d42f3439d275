/** Names that stand for ids and entries that aren't published: the same for the same text, and no dictionary finds the text. */

import { createHmac } from 'node:crypto'

/** Hex digits of a pseudonym: of a million ids two are alike in one of 37 million sets. */
const DIGITS = 16

export interface Pseudonyms {
  /** Tells one key from another, and says nothing else of it. */
  readonly keyName: string
  /** What stands for a text; an empty one is no entry, and stays empty. */
  of(text: string): string
  /** What stands for a file's hash, as long as that is. */
  digest(hash: string): string
}

/**
 * HMAC-SHA-256 (RFC 2104) over the text's UTF-8. Without the key nobody can try texts out, as they could
 * with a plain hash.
 *
 * @param key whose UTF-8 is the HMAC's key
 */
export function pseudonymsOf(key: string): Pseudonyms {
  const digest = (text: string) => createHmac('sha256', key).update(text).digest('hex')
  return {
    keyName: digest('nearmiss id key').slice(0, DIGITS),
    of: (text) => (text === '' ? '' : digest(text).slice(0, DIGITS)),
    digest,
  }
}
