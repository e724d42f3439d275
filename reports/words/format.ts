/** Numbers and names as a reader sees them: one spelling for each kind of figure. */

import type { Figure, Unit } from '../../lib/core/figure.ts'
import {
  countOf,
  decimal as decimalOf,
  digitsApart,
  pValue as pValueOf,
  rangeOf,
  stakeText as stakeTextOf,
} from '../../lib/core/words.ts'

const NONE = '–'
const MINUS = '\u2212'
/** With a space that doesn't break, as the definitions write it. */
const PERCENT = '\u00a0%'

function signed(text: string): string {
  return text.replaceAll('-', MINUS)
}

/** `12,345`. */
export function count(value: number): string {
  return signed(Math.round(value).toLocaleString('en-US'))
}

/** `1 row`, `12,345 rows`; the plural is the singular with an s unless it is given. */
export const counted = countOf

/** A share of 1 as per cent with one decimal: `53.5 %`; only all is 100 %, and only none 0 %. */
export function share(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE
  if (value > 0.9995 && value < 1) return `> 99.9${PERCENT}`
  if (value > 0 && value < 0.0005) return `< 0.1${PERCENT}`
  return signed(`${(100 * value).toFixed(value === 0 || value === 1 ? 0 : 1)}${PERCENT}`)
}

/** Percentage points: `1.2 points`. */
export function points(value: number): string {
  return `${pointsBare(value)}\u00a0points`
}

/** Percentage points where a heading names the unit: `1.2`. */
export function pointsBare(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.05) return value > 0 ? '< 0.1' : `${MINUS}< 0.1`
  return signed(value.toFixed(1))
}

/** What is at stake in an item: `up to 1.2 points`. */
export function stakeText(item: { readonly gain: number; readonly stake: number }): string {
  return stakeTextOf(item, points)
}

/** A change in its own sign: `+1.2`, `−0.4`, `±0`. */
export function change(value: number, digits = 1): string {
  const text = Math.abs(value).toFixed(digits)
  if (Number(text) === 0) return '±0'
  return `${value > 0 ? '+' : MINUS}${text}`
}

/** A distance, score or mean with three significant digits: `0.0312`. */
export function decimal(value: number | null, digits = 3): string {
  return value === null || !Number.isFinite(value) ? NONE : signed(decimalOf(value, digits))
}

/** `0.312 to 0.498`: as many digits as tell the two apart. */
export function range(low: number, high: number): string {
  return signed(rangeOf(low, high))
}

/** A distance among others: as many digits as tell it from them, `1.00003` where all are about 1. */
export function distanceAmong(
  value: number | null,
  [low, high]: readonly [number, number],
): string {
  return decimal(value, digitsApart(low, high))
}

/** Changes by a smaller part of the value are told as none. */
const NO_CHANGE = 5e-4

/** How a figure that isn't a share changed, in its own scale: `+0.0120`, `−1.50e−6`, `±0`. */
export function changeFrom(before: number, now: number): string {
  const difference = now - before
  const largest = Math.max(Math.abs(before), Math.abs(now))
  if (Math.abs(difference) <= NO_CHANGE * largest) return '±0'
  return `${difference > 0 ? '+' : MINUS}${decimal(Math.abs(difference))}`
}

/** A threshold or setting as a person would write it: `0.05`. */
export function setting(value: number): string {
  return signed(String(Number(value.toPrecision(3))))
}

/** A figure in its unit. */
export function figureText(value: number | null, unit: Unit): string {
  if (value === null) return NONE
  if (unit === 'share') return share(value)
  return unit === 'count' ? count(value) : decimal(value)
}

/** `51.3 to 55.7 %`, in the figure's unit. */
export function interval(range: readonly [number, number] | null, unit: Unit): string {
  if (range === null) return NONE
  const low = figureText(range[0], unit)
  return `${low.replace(PERCENT, '')} to ${figureText(range[1], unit)}`
}

/** What the order of equal distances gives; null where it changes nothing that is shown. */
export function tieText({ ties, unit }: Pick<Figure, 'ties' | 'unit'>): string | null {
  if (ties === undefined || figureText(ties[0], unit) === figureText(ties[1], unit)) return null
  return interval(ties, unit)
}

/** `97.251 to 97.368 %`: as many digits as tell the two apart. */
export function boundsText([low, high]: readonly [number, number], unit: Unit): string {
  const factor = unit === 'share' ? 100 : 1
  return `${range(factor * low, factor * high)}${unit === 'share' ? PERCENT : ''}`
}

/** `p < 0.001`, `p = 0.38`, on one line. */
export function pValue(p: number | null): string {
  return p === null ? 'not tested' : pValueOf(p).replaceAll(' ', '\u00a0')
}

/** Letters of a name that a sentence takes as it is. */
const NAME_LETTERS = 48
/** The same of a title, which has room for two. */
const TITLE_NAME_LETTERS = 32

/**
 * A sentence from a report, with its numbers kept beside their units.
 *
 * @param names that it may hold: those and ids, which are words, are cut where they are long; without it
 * nothing is, since what went wrong is told by its very name
 */
export function sentence(text: string, names?: readonly string[]): string {
  return (names === undefined ? text : cutNames(text, names, NAME_LETTERS))
    .replace(/(\d) (%|points?\b)/g, '$1\u00a0$2')
    .replace(/\bp ([=<]) /g, 'p\u00a0$1\u00a0')
}

/** A title of at most so many letters: names are cut before the words around them. */
export function titleText(
  { title, classes }: { readonly title: string; readonly classes: readonly string[] },
  limit: number,
): string {
  if ([...title].length <= limit) return title
  return shortened(cutNames(title, classes, TITLE_NAME_LETTERS), limit)
}

function cutNames(text: string, names: readonly string[], limit: number): string {
  return names
    .filter((name) => name.length > limit)
    .sort((a, b) => b.length - a.length)
    .reduce((cut, name) => cut.replaceAll(name, named(name, limit)), text)
    .replace(/\S+/g, (word) => shortened(word, limit))
}

/** `155 KB`, in thousands. */
export function bytes(byteLength: number): string {
  if (byteLength < 1000) return counted(byteLength, 'byte')
  const unit = byteLength < 1e6 ? 'KB' : byteLength < 1e9 ? 'MB' : 'GB'
  const value = byteLength / { KB: 1e3, MB: 1e6, GB: 1e9 }[unit]
  return `${value < 10 ? value.toFixed(1) : count(value)} ${unit}`
}

/** `41 ms`, `3.2 s`, `12 min`. */
export function duration(elapsedMs: number): string {
  if (elapsedMs < 1000) return `${Math.round(elapsedMs)} ms`
  if (elapsedMs < 120_000) return `${(elapsedMs / 1000).toFixed(1)} s`
  return `${Math.round(elapsedMs / 60_000)} min`
}

/** `20 Nov 2026, 09:30 UTC`; text that is no date stays as it is. */
export function dateTime(iso: string): string {
  const date = new Date(iso)
  if (Number.isNaN(date.getTime())) return iso
  const [, day, month, year] = date.toUTCString().split(' ')
  return `${Number(day)} ${month} ${year}, ${date.toISOString().slice(11, 16)} UTC`
}

/** `20 Nov 2026`. */
export function day(iso: string): string {
  return dateTime(iso).replace(/,.*/, '')
}

/** Cut in the middle, since names that share a beginning often differ at their end. */
export function shortened(text: string, limit = 40): string {
  const letters = [...text]
  if (letters.length <= limit) return text
  const head = Math.ceil((limit - 1) * 0.6)
  return `${letters.slice(0, head).join('')}…${letters.slice(head + 1 - limit).join('')}`
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name inside a sentence: shortened, and isolated where its direction would turn the sentence's. */
export function named(text: string, limit = 40): string {
  const short = shortened(text === '' ? '(empty)' : text, limit)
  return RIGHT_TO_LEFT.test(short) ? `\u2068${short}\u2069` : short
}

/** `3/9`: the two classes of a pair; longer names get room: `sky & weather / geometric`. */
export function pairName(a: string, b: string): string {
  const slash = a.length + b.length > 8 ? ' / ' : '/'
  return `${named(a, 32)}${slash}${named(b, 32)}`
}

/** Names for an axis: shortened, and told apart by what isn't seen where that made two of them equal. */
export function axisNames(names: readonly string[], limit: number): string[] {
  const taken = new Set<string>()
  return names.map((name) => {
    let short = shortened(name === '' ? '(empty)' : name, limit)
    while (taken.has(short)) short += '\u200b'
    taken.add(short)
    return short
  })
}
