/** What a reader should know about the rows that doesn't stop their evaluation. */

import { type Dataset, isZeroRow } from '../core/dataset.ts'
import { someRows } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, partOf } from '../core/words.ts'
import { listed } from './columns.ts'
import { QUALIFYING, roleWarnings } from './roles.ts'

type Rows = Omit<Dataset, 'warnings' | 'setAside' | 'inputRows'>

/** Those that may turn the headline over come first. */
export function datasetWarnings(rows: Rows, manifest: Manifest): readonly Warning[] {
  return [
    ...groupWarnings(rows),
    ...vectorWarnings(rows, manifest),
    ...classWarnings(rows),
    ...columnWarnings(rows, manifest),
    ...roleWarnings(rows, manifest),
  ]
}

function vectorWarnings(dataset: Rows, manifest: Manifest): Warning[] {
  const { rows, dimensions, vectors } = dataset
  const warnings: Warning[] = []
  const zeroIds: string[] = []
  let identical = true
  for (let row = 0; row < rows; row += 1) {
    for (let d = 0; d < dimensions; d += 1) {
      if (vectors[row * dimensions + d] !== vectors[d]) identical = false
    }
    if (isZeroRow(dataset, row)) zeroIds.push(dataset.ids[row]!)
  }
  if (identical) {
    warnings.push({
      code: 'identical-vectors',
      message: `All ${rows.toLocaleString('en-US')} vectors are identical, so no figure tells anything about the model`,
    })
  }
  const zeroRows = zeroIds.length
  if (zeroRows > 0) {
    const some = someRows(zeroIds)
    const one = zeroRows === 1
    const zero = `${partOf(zeroRows, rows, 'vectors')} ${one ? 'is' : 'are'} all zeros`
    const encoder = 'as where an encoder failed'
    if (manifest.metric === 'cosine') {
      const order = one ? 'its nearest neighbour is' : 'their nearest neighbours are'
      warnings.push({
        code: 'zero-vectors',
        message: `${zero}, ${encoder}; under cosine ${one ? 'it is' : 'they are'} at distance 1 from every row, so ${order} a matter of order`,
        headline: `${zero}: ${one ? 'it has' : 'they have'} no direction, so ${one ? 'its nearest neighbour means' : 'their nearest neighbours mean'} nothing`,
        ...some,
      })
    } else if (one) {
      warnings.push({
        code: 'zero-vectors',
        message: `${zero}, ${encoder}; its neighbours are the rows that are nearest to the origin`,
        ...some,
      })
    } else {
      const order = 'they are equal, so which of them is the nearest is a matter of order'
      warnings.push({
        code: 'zero-vectors',
        message: `${zero}, ${encoder}; ${order}`,
        headline: `${zero}: ${order}`,
        ...some,
      })
    }
  }
  return warnings
}

function classWarnings({ rows, classes, labels, queries, ids }: Rows): Warning[] {
  const warnings: Warning[] = []
  const sizes = new Int32Array(classes.length)
  for (const label of labels) sizes[label] = sizes[label]! + 1
  if (classes.length === 1) {
    warnings.push({
      code: 'one-class',
      message: `All ${countOf(rows, 'row')} have one label, ${quoted(classes[0]!)}: nothing can be confused with anything`,
    })
  }
  const singletons = classes.filter((_, index) => sizes[index] === 1)
  // Against a gallery it is told which queries have no match.
  if (singletons.length > 0 && queries === undefined) {
    const alone = `${partOf(singletons.length, classes.length, 'classes')} ${singletons.length === 1 ? 'has' : 'have'} one row`
    warnings.push({
      code: 'singleton-classes',
      message: `${alone}, which has no match to find: ${listed(singletons)}`,
      ...(singletons.length < QUALIFYING * rows
        ? {}
        : { headline: `${alone}, which has no match to find and counts as missed` }),
      ...someRows(ids.filter((_, row) => sizes[labels[row]!] === 1)),
    })
  }
  return warnings
}

/** Columns that slices can tell nothing by. */
function columnWarnings({ metadata, labels, rows }: Rows, { columns }: Manifest): Warning[] {
  const constant = metadata.filter(
    ({ values }) => rows > 1 && values.every((entry) => Object.is(entry, values[0])),
  )
  // Such as the name of a class beside its number: its slices are the classes again.
  const copies = metadata.filter((column) => repeatsLabels(column, labels))
  const warnings: Warning[] = []
  if (constant.length > 0) {
    const one = constant.length === 1
    warnings.push({
      code: 'columns-constant',
      message: `The ${one ? 'column' : 'columns'} ${listed(constant.map(({ name }) => name))} ${one ? 'has' : 'have'} the same entry in all rows, so there are no slices by ${one ? 'it' : 'them'}`,
    })
  }
  if (copies.length > 0) {
    const one = copies.length === 1
    warnings.push({
      code: 'column-repeats-labels',
      message: `The ${one ? 'column' : 'columns'} ${listed(copies.map(({ name }) => name))} ${one ? 'has' : 'have'} one entry for each class, and ${one ? 'says' : 'say'} the same as ${columns.label}: slices of ${one ? 'it' : 'them'} are the classes again. Where it has the better names, take it for the label: columns: { label: ${copies[0]!.name} }`,
    })
  }
  return warnings
}

/** Whether each class has one entry and each entry one class, in more than one row somewhere. */
function repeatsLabels({ values }: Column, labels: Int32Array): boolean {
  const classOf = new Map<string | number, number>()
  const entryOf = new Map<number, string | number>()
  for (let row = 0; row < values.length; row++) {
    const [entry, label] = [values[row]!, labels[row]!]
    if ((classOf.get(entry) ?? label) !== label) return false
    if (entryOf.has(label) && !Object.is(entryOf.get(label), entry)) return false
    classOf.set(entry, label)
    entryOf.set(label, entry)
  }
  return entryOf.size > 1 && entryOf.size < values.length
}

/**
 * Bursts and sessions (`cam3-0412-001.jpg`, `cam3-0412-002.jpg`): near copies that find each other.
 * Ids that are only numbered, or numbered within their class (`cat_001`), are not taken for them.
 */
function groupWarnings({ rows, ids, hasIds, classes, groups, ownRows }: Rows): Warning[] {
  if (!hasIds || (groups !== undefined && ownRows?.firstGroup !== 0)) return []
  const counts = new Map<string, number>()
  for (const id of ids) {
    const prefix = withoutCounter(id)
    if (prefix.length >= 4) counts.set(prefix, (counts.get(prefix) ?? 0) + 1)
  }
  const bursts = [...counts].filter(([, count]) => count >= 3)
  const grouped = bursts.reduce((sum, [, count]) => sum + count, 0)
  if (bursts.length <= Math.max(2, classes.length) || grouped < rows / 2) return []
  const examples = bursts.sort((a, b) => b[1] - a[1]).map(([prefix]) => prefix)
  const look = `${partOf(grouped, rows, 'ids')} look like frames of ${countOf(bursts.length, 'burst')} or sessions`
  return [
    {
      code: 'ids-look-grouped',
      message: `${look} (${listed(examples)}), whose rows find each other. Name the group column, which tells them apart, in nearmiss.yaml: columns: { group: NAME }; until then these figures may be too high`,
      headline: `${look}. Name the group column; until then these figures may be too high`,
      ...someRows(ids.filter((id) => (counts.get(withoutCounter(id)) ?? 0) >= 3)),
    },
  ]
}

/** `cam3-0412-001.jpg` → `cam3-0412-`; empty where no counter ends the name. */
function withoutCounter(id: string): string {
  const name = id.replace(/\.[A-Za-z]{2,5}$/, '')
  let end = name.length
  while (end > 0 && name[end - 1]! >= '0' && name[end - 1]! <= '9') end -= 1
  return end === name.length ? '' : name.slice(0, end)
}
