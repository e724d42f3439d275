/** Whether a column looks like ways to reach or name a person, by its entries' form or its own name. */

import type { Column } from '../core/table.ts'
import { textAt } from './columns.ts'
import { type ContactKind, FORMS, hasMail, isCard } from './contact-forms.ts'
import { kindByName } from './contact-names.ts'

/** Entries whose form is looked at, evenly over the rows; for an `@` all are. */
const SAMPLE = 2000
/** From which share of a sample's entries on a form is no coincidence. */
const FEWEST = 0.2
const FEWEST_WEAK = 0.5
/** Longer ones are prose: of these only e-mail addresses are looked for. */
const LONGEST = 120

/** Why the column looks like contacts, as the end of "The column … : "; null: it doesn't. */
export function contactReason(column: Column): string | null {
  const texts = sampleOf(column)
  if (texts.length === 0) return null
  const byValues =
    column.type === 'text'
      ? (mailReason(column.values) ?? formReason(column.name, texts))
      : numberReason(texts)
  return byValues ?? nameReason(column, texts)
}

/** Whether a text by itself has the form of a contact. */
export function isContact(text: string): boolean {
  return hasMail(text) || (text.length <= LONGEST && FORMS.some(({ is }) => is(text.trim())))
}

function sampleOf(column: Column): string[] {
  const count = column.values.length
  const step = Math.max(1, count / SAMPLE)
  const texts: string[] = []
  for (let at = 0; at < count; at += step) {
    const text = textAt(column, Math.floor(at)).trim()
    if (text !== '' && !MISSING.test(text)) texts.push(...leavesOf(text))
  }
  return texts
}

/** Entries that say that there is none. */
const MISSING = /^(?:n\/?a|none|null|nan|unknown|-+|\?)$/i
/** Of a text that is JSON. */
const MOST_LEAVES = 50

/** What a text that is JSON holds, each value by itself; any other text is itself. */
function leavesOf(text: string): readonly string[] {
  if (!/^[[{]/.test(text)) return [text]
  try {
    const leaves: string[] = []
    JSON.parse(text, (_, value: unknown) => {
      if (typeof value === 'string' && leaves.length < MOST_LEAVES) leaves.push(value.trim())
      return value
    })
    return leaves.length > 0 ? leaves : [text]
  } catch {
    return [text]
  }
}

/** One address anywhere is one too many. */
function mailReason(texts: readonly string[]): string | null {
  const count = texts.filter(hasMail).length
  return count === 0 ? null : sentenceOf(count, texts.length, 'e-mail addresses')
}

function formReason(name: string, texts: readonly string[]): string | null {
  const short = texts.filter((text) => text.length <= LONGEST)
  for (const { kind, weak = false, is } of FORMS) {
    // Versions of four parts are written as addresses are.
    if (kind === 'IP addresses' && /version|release|build/i.test(name)) continue
    const count = short.filter(is).length
    const fewest = weak ? FEWEST_WEAK : FEWEST
    if (count < fewest * texts.length || count < Math.min(weak ? 2 : 1, texts.length)) continue
    return sentenceOf(count, texts.length, kind)
  }
  return null
}

/** Of plain numbers only those with a check digit tell what they are: one in ten has the right one. */
function numberReason(texts: readonly string[]): string | null {
  const count = texts.filter(isCard).length
  return count >= 3 && count >= FEWEST_WEAK * texts.length
    ? sentenceOf(count, texts.length, 'card numbers')
    : null
}

function nameReason(column: Column, texts: readonly string[]): string | null {
  const named = kindByName(column.name)
  if (named === null) return null
  const count = texts.filter(named.fits).length
  return count >= FEWEST_WEAK * texts.length ? `its name is that of ${named.kind}` : null
}

function sentenceOf(count: number, of: number, kind: ContactKind): string {
  const share = count === of ? `all ${of}` : `${count} of ${of}`
  return of === 1
    ? `its one entry looks like ${kind}`
    : `${share} entries that were looked at look like ${kind}`
}
