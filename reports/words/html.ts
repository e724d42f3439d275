/** A page's document as the text of its file. */

import { xmlCharacters } from '../../lib/core/escape.ts'

/** Without the characters that HTML doesn't have: labels may hold any. */
export function htmlPage(document: { toString(): string }): string {
  return `<!doctype html>${xmlCharacters(document.toString())}`
}
