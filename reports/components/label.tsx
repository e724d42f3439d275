/** Names that come from an upload: any script, any length, either direction. */

import { shortened } from '../format.ts'

/** A class or row name; the whole of a long one is its tooltip. */
export function Label({ text, limit = 48 }: { text: string; limit?: number }) {
  const short = shortened(text, limit)
  if (text === '') return <bdi class="none">(empty)</bdi>
  return short === text ? <bdi>{text}</bdi> : <bdi title={text}>{short}</bdi>
}
