/** A pair of classes whatever their order, and its place in an id. */

import { compareText } from '../core/names.ts'

export type Pair = readonly [a: string, b: string]

/** The two in code-unit order. */
export function pairOf(one: string, other: string): Pair {
  return compareText(one, other) <= 0 ? [one, other] : [other, one]
}

/** `confusion:3|9`; a `|` or `\` within a label gets a `\` before it, so that no two pairs share an id. */
export function pairId(kind: string, [a, b]: Pair): string {
  return `${kind}:${escapeLabel(a)}|${escapeLabel(b)}`
}

/** The pair that `pairId` made an id of, or null where it is no such id. */
export function parsePairId(kind: string, id: string): Pair | null {
  if (!id.startsWith(`${kind}:`)) return null
  const match = /^((?:[^\\|]|\\.)*)\|((?:[^\\|]|\\.)*)$/s.exec(id.slice(kind.length + 1))
  return match ? [unescapeLabel(match[1]!), unescapeLabel(match[2]!)] : null
}

function escapeLabel(label: string): string {
  return label.replace(/[\\|]/g, '\\$&')
}

function unescapeLabel(text: string): string {
  return text.replace(/\\(.)/gs, '$1')
}
