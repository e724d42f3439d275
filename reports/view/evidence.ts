/** Which rows stand behind which finding, and on which page a reader sees them beside their neighbours. */

import { openItems } from '../../lib/core/item.ts'
import { itemSlug } from '../../lib/core/names.ts'
import type { Report } from '../../lib/core/report.ts'
import type { Rows } from '../../lib/core/rows.ts'
import { counted, pairName } from '../words/format.ts'

/** What a group is about; `evidence.href` finds its place. */
export type EvidenceKey =
  | `item:${string}`
  | `pair:${string}`
  | 'broken'
  | 'fixed'
  | 'labels'
  | 'outliers'

export interface EvidenceGroup {
  readonly keys: readonly EvidenceKey[]
  /** Unique in the run: its anchor. */
  readonly anchor: string
  readonly title: string
  /** What was seen, as a sentence; empty where the title says it all. */
  readonly says: string
  /** Rows that are shown, the most telling first. */
  readonly rows: readonly number[]
  /** How many there are. */
  readonly total: number
  /** Where the run's page speaks of it. */
  readonly back: string
}

export interface Evidence {
  /** Groups of one page after another. */
  readonly pages: readonly (readonly EvidenceGroup[])[]
  /** Address from the run's folder; null where the group has no page. */
  readonly href: (key: EvidenceKey) => string | null
}

/** Rows of a group and of a page, and of all pages together: the rest is in rows.parquet. */
const GROUP_ROWS = 60
const PAGE_ROWS = 75
const ALL_ROWS = 5000

/** Neighbours beside a row. */
export const SHOWN_NEIGHBORS = 5

export function pairKey(a: string, b: string): EvidenceKey {
  return `pair:${a < b ? `${a}\0${b}` : `${b}\0${a}`}`
}

/** Address of a page, from the run's folder. */
export function evidencePage(place: number): string {
  return `evidence/${place + 1}.html`
}

export function findEvidence(
  report: Report,
  rows: Omit<Rows, 'image'>,
  rowOf: (id: string) => number | undefined,
): Evidence {
  const pages: EvidenceGroup[][] = []
  const places = new Map<EvidenceKey, string>()
  let left = ALL_ROWS
  let room = 0
  for (const group of groupsOf(report, rows, rowOf)) {
    const keys = group.keys.filter((key) => !places.has(key))
    if (group.rows.length === 0 || group.rows.length > left || keys.length === 0) continue
    if (room < group.rows.length && room < PAGE_ROWS / 2) {
      pages.push([])
      room = PAGE_ROWS
    }
    pages.at(-1)!.push(group)
    room -= group.rows.length
    left -= group.rows.length
    for (const key of keys) places.set(key, `${evidencePage(pages.length - 1)}#${group.anchor}`)
  }
  return { pages, href: (key) => places.get(key) ?? null }
}

/**
 * Every row whose picture some page of the run shows, those that readers are sent to first in front:
 * of each group its rows beside their nearest, then the neighbours further off; last, rows that are
 * counted but not laid out.
 */
export function picturedRows(report: Report, rows: Omit<Rows, 'image'>): ReadonlySet<number> {
  const byId = new Map(rows.id.map((id, row) => [id, row]))
  const rowOf = (id: string) => byId.get(id)
  const pictured = new Set<number>()
  const add = (shown: Iterable<number>, from: number, to: number) => {
    for (const row of shown) {
      if (from === 0) pictured.add(row)
      for (let place = from; place < Math.min(to, rows.neighborCount); place++) {
        const neighbor = rows.neighbors[row * rows.neighborCount + place]!
        if (neighbor >= 0) pictured.add(neighbor)
      }
    }
  }
  for (const group of findEvidence(report, rows, rowOf).pages.flat()) {
    add(group.rows, 0, 1)
    add(group.rows, 1, SHOWN_NEIGHBORS)
  }
  const { items, comparison } = report
  const counted = [
    ...items.flatMap(({ evidence }) => evidence),
    ...(comparison ? [...comparison.broken, ...comparison.fixed] : []),
    ...rows.id.filter((_, row) => rows.outlier[row] === 1),
  ]
  add(
    counted.map(rowOf).filter((row) => row !== undefined),
    0,
    1,
  )
  return pictured
}

/** What a reader is sent to first comes first: the pages are limited. */
function* groupsOf(
  report: Report,
  rows: Omit<Rows, 'image'>,
  rowOf: (id: string) => number | undefined,
): Generator<EvidenceGroup> {
  const known = (ids: readonly string[]) =>
    ids.map(rowOf).filter((row): row is number => row !== undefined)
  const errors = errorsByPair(rows)
  for (const item of openItems(report)) {
    const [a, b] = item.classes
    const isPair = item.kind === 'confusion' && a !== undefined && b !== undefined
    yield {
      keys: isPair ? [`item:${item.id}`, pairKey(a, b)] : [`item:${item.id}`],
      anchor: itemSlug(item.id),
      title: item.title,
      says: item.finding,
      rows: known(item.evidence).slice(0, GROUP_ROWS),
      total: item.evidenceCount,
      back: itemSlug(item.id),
    }
  }
  const { changes, comparison, outliers } = report
  const first = changes?.lookFirst.map(({ id }) => id) ?? []
  const changed = [
    ['broken', 'right before, wrong now', [...new Set([...first, ...(comparison?.broken ?? [])])]],
    ['fixed', 'wrong before, right now', comparison?.fixed ?? []],
  ] as const
  for (const [key, meaning, ids] of changed) {
    yield {
      keys: [key],
      anchor: key,
      title: `${counted(ids.length, 'row')} ${key}: ${meaning}`,
      says: '',
      rows: known(ids).slice(0, GROUP_ROWS),
      total: ids.length,
      back: 'changes',
    }
  }
  const contradicted = report.quality.labelIssues.rows
  yield {
    keys: ['labels'],
    anchor: 'labels',
    title: `${counted(contradicted.length, 'contradicted label')}, the strongest first`,
    says: '',
    rows: known(contradicted.map(({ id }) => id)).slice(0, GROUP_ROWS),
    total: contradicted.length,
    back: 'labels',
  }
  const farthest = [...outliers].sort(
    (a, b) => b.meanDistance / b.threshold - a.meanDistance / a.threshold,
  )
  yield {
    keys: ['outliers'],
    anchor: 'outliers',
    title: `${counted(outliers.length, 'outlier')}, the farthest first`,
    says: '',
    rows: known(farthest.map(({ id }) => id)).slice(0, GROUP_ROWS),
    total: outliers.length,
    back: 'spread',
  }
  for (const [place, { a, b, count }] of report.confusion.pairs.entries()) {
    const key = pairKey(a, b)
    const blatant = [...(errors.get(key) ?? [])].sort(
      (one, other) => rows.classMargin[one]! - rows.classMargin[other]!,
    )
    yield {
      keys: [key],
      anchor: `pair-${place + 1}`,
      title: `${pairName(a, b)}: ${counted(count, 'error')}`,
      says: '',
      rows: blatant.slice(0, GROUP_ROWS),
      total: blatant.length,
      back: 'confusion',
    }
  }
}

/** Rows whose nearest neighbour has another label, by the pair of both. */
function errorsByPair(rows: Omit<Rows, 'image'>): Map<EvidenceKey, number[]> {
  const found = new Map<EvidenceKey, number[]>()
  for (const [row, label] of rows.label.entries()) {
    const neighbor = rows.neighbors[row * rows.neighborCount] ?? -1
    if (rows.correct[row] === 1 || neighbor < 0) continue
    const key = pairKey(label, rows.label[neighbor]!)
    const group = found.get(key)
    if (group) group.push(row)
    else found.set(key, [row])
  }
  return found
}
