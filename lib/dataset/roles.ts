/** Which rows are held against which: queries against a gallery, and no row against its own group. */

import { candidateCounts } from '../core/candidates.ts'
import type { Dataset } from '../core/dataset.ts'
import { type Issue, someRows } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { partOf } from '../core/words.ts'
import { listed, textsOf } from './columns.ts'
import { hidesIds, mayQuote } from './privacy.ts'
import type { OwnRow } from './shared-rows.ts'
import { GALLERY, QUERY } from './split.ts'

/** As the manifest calls these columns where it says nothing. */
const USUAL = { split: 'split', group: 'group' } as const

/** Rows that are fewer, as a share, don't move what the headline says. */
export const QUALIFYING = 0.01

export type Roles =
  | { readonly issues: readonly Issue[] }
  | Pick<Dataset, 'queries' | 'groups' | 'ownRows'>

/**
 * Reads them from columns that have one entry for each evaluated row.
 *
 * @param pairs queries that are in the gallery too, as evaluated rows
 */
export function rolesOf(
  columns: readonly Column[],
  manifest: Manifest,
  pairs: readonly OwnRow[] = [],
): Roles {
  const { columns: names } = manifest
  const issues = (['split', 'group'] as const).flatMap((part): Issue[] =>
    names[part] === USUAL[part] || columns.some(({ name }) => name === names[part])
      ? []
      : [
          {
            code: `${part}-column-missing`,
            message: `No column is named ${quoted(names[part])}; the columns are ${listed(columns.map(({ name }) => name)) || 'none'}.`,
            where: `nearmiss.yaml, columns.${part}`,
            hint: `Correct columns: { ${part}: NAME } in nearmiss.yaml, or leave it out.`,
          },
        ],
  )
  const split = columns.find(({ name }) => name === names.split)
  const queries = split === undefined ? null : queriesOf(split, mayQuote(split.name, manifest))
  if (queries !== null && 'issue' in queries) issues.push(queries.issue)
  if (issues.length > 0) return { issues }
  const group = columns.find(({ name }) => name === names.group)
  const groups = group === undefined ? null : groupsOf(group)
  const asked = queries !== null && 'rows' in queries ? { queries: queries.rows } : {}
  if (pairs.length === 0) return { ...asked, ...(groups === null ? {} : { groups }) }
  const apart = keptApart(
    columns[0]!.values.length,
    pairs,
    groups,
    group === undefined
      ? null
      : {
          column: group,
          quotes: mayQuote(group.name, manifest),
          hidesIds: hidesIds(manifest),
        },
  )
  return 'issue' in apart ? { issues: [apart.issue] } : { ...asked, ...apart }
}

/** Null where the column is a slice like any other. */
function queriesOf(split: Column, quotes: boolean): { rows: Uint8Array } | { issue: Issue } | null {
  const texts = textsOf(split)
  const values = new Set(texts)
  if (!values.has(QUERY) && !values.has(GALLERY)) return null
  const others = [...values].filter((value) => value !== QUERY && value !== GALLERY)
  if (values.has(QUERY) && values.has(GALLERY) && others.length === 0) {
    return { rows: Uint8Array.from(texts, (value) => (value === QUERY ? 1 : 0)) }
  }
  const counts = [...values].map(
    (value) =>
      `${quotes || value === QUERY || value === GALLERY ? quoted(value) : 'another entry'} in ${texts.filter((text) => text === value).length}`,
  )
  return {
    issue: {
      code: 'split-unclear',
      message: `The column ${split.name} tells query from gallery, but it has ${counts.slice(0, 5).join(', ')} of the ${texts.length} rows that can be evaluated.`,
      where: `column ${split.name}`,
      hint: `Write ${QUERY} or ${GALLERY} in every row, at least once each; for slices use other words, such as train and test.`,
    },
  }
}

function groupsOf(group: Column): Int32Array {
  const numbers = new Map<string, number>()
  return Int32Array.from(
    textsOf(group).map((text) => {
      if (text === '') return -1
      const known = numbers.get(text) ?? numbers.size
      numbers.set(text, known)
      return known
    }),
  )
}

type Apart =
  | { readonly issue: Issue }
  | {
      readonly groups: Int32Array
      readonly ownRows: { readonly queries: number; readonly firstGroup: number }
    }

/**
 * The groups, with a number of its own for each pair that is of none, after those of the upload.
 *
 * @param pairs as rows of `groups`
 * @param group of the upload, where it has one: its entries, and whether they may be quoted
 */
function keptApart(
  rows: number,
  pairs: readonly OwnRow[],
  groups: Int32Array | null,
  group: { readonly column: Column; readonly quotes: boolean; readonly hidesIds: boolean } | null,
): Apart {
  const apart = groups === null ? new Int32Array(rows).fill(-1) : groups.slice()
  const firstGroup = apart.reduce((most, number) => Math.max(most, number), -1) + 1
  let next = firstGroup
  for (const { id, query, gallery } of pairs) {
    const [own, other] = [apart[query]!, apart[gallery]!]
    if (own !== other) {
      const { column, quotes, hidesIds } = group!
      const texts = textsOf(column)
      const entry = (row: number) =>
        texts[row] === '' ? 'none' : quotes ? JSON.stringify(texts[row]) : 'another'
      return {
        issue: {
          code: 'queries-differ-in-gallery',
          message: `The row ${hidesIds ? `${query} (counted from 0)` : JSON.stringify(id)} is of ${column.name} ${entry(query)} as a query and of ${entry(gallery)} in the gallery.`,
          where: `column ${column.name}`,
          hint: `A row and itself are of one ${column.name}: write it for both, or for neither.`,
        },
      }
    }
    if (own >= 0) continue
    apart[query] = next
    apart[gallery] = next
    next++
  }
  return { groups: apart, ownRows: { queries: pairs.length, firstGroup } }
}

/** What follows from the roles that a reader of the figures has to know. */
export function roleWarnings(
  dataset: Omit<Dataset, 'warnings' | 'setAside' | 'inputRows'>,
  { columns }: Manifest,
): Warning[] {
  const { rows, ids, labels, classes, queries, groups } = dataset
  if (queries === undefined && groups === undefined) return []
  const warnings: Warning[] = []
  const { candidates, mates } = candidateCounts(dataset)
  const unmatchedIds = ids.filter((_, row) => mates[row] === 0 && candidates[row]! > 0)
  const unmatched = unmatchedIds.length
  const aloneIds = ids.filter((_, row) => candidates[row] === 0 && queries?.[row] !== 0)
  const alone = aloneIds.length
  const asked = queries === undefined ? rows : queries.reduce((sum, one) => sum + one, 0)
  const many = queries === undefined ? 'rows' : 'queries'
  const hasGroups = groups !== undefined && dataset.ownRows?.firstGroup !== 0
  const whereOf = (count: number) =>
    [
      ...(queries === undefined ? [] : ['in the gallery']),
      ...(hasGroups
        ? [`outside of ${count === 1 ? 'its' : 'their'} ${columns.group}`]
        : dataset.ownRows === undefined
          ? []
          : [`besides ${count === 1 ? 'itself' : 'themselves'}`]),
    ].join(' ')
  if (unmatched > 0) {
    const one = unmatched === 1
    const lack = `${partOf(unmatched, asked, many)} ${one ? 'has' : 'have'} no row of ${one ? 'its' : 'their'} class ${whereOf(unmatched)}`
    warnings.push({
      code: 'no-match-possible',
      message: `${lack}: ${one ? 'it counts' : 'they count'} as missed in the nearest-neighbour accuracy, and in no other figure of retrieval`,
      ...(unmatched < QUALIFYING * asked
        ? {}
        : { headline: `${lack} and ${one ? 'counts' : 'count'} as missed` }),
      ...someRows(unmatchedIds),
    })
  }
  if (alone > 0) {
    const told = `${partOf(alone, asked, many)} ${alone === 1 ? 'has' : 'have'} no row at all ${whereOf(alone)}, and ${alone === 1 ? 'is' : 'are'} not evaluated`
    warnings.push({
      code: 'no-neighbor-possible',
      message: told,
      ...(alone < QUALIFYING * asked ? {} : { headline: told }),
      ...someRows(aloneIds),
    })
  }
  if (queries !== undefined) {
    const asking = new Set(Array.from(labels).filter((_, row) => queries[row] === 1))
    const distracting = classes.filter((_, label) => !asking.has(label))
    if (distracting.length > 0) {
      const one = distracting.length === 1
      warnings.push({
        code: 'gallery-only-classes',
        message: `${partOf(distracting.length, classes.length, 'classes')} ${one ? 'is' : 'are'} in the gallery alone, where ${one ? 'it' : 'they'} can only distract: ${listed(distracting)}`,
      })
    }
  }
  return warnings
}
