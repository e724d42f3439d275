/** Which rows are held against which: queries against a gallery, and no row against its own group. */

import { candidateCounts } from '../core/candidates.ts'
import type { Dataset } from '../core/dataset.ts'
import type { Issue } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import type { Column } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { partOf } from '../core/words.ts'
import { listed, textsOf } from './columns.ts'
import { mayQuote } from './privacy.ts'

/** The values of the split column that are more than a slice. */
export const QUERY = 'query'
export const GALLERY = 'gallery'

/** As the manifest calls these columns where it says nothing. */
const USUAL = { split: 'split', group: 'group' } as const

/** Rows that are fewer, as a share, don't move what the headline says. */
export const QUALIFYING = 0.01

export type Roles =
  | { readonly issues: readonly Issue[] }
  | { readonly queries?: Uint8Array; readonly groups?: Int32Array }

/** Reads both from columns that have one entry for each evaluated row. */
export function rolesOf(columns: readonly Column[], manifest: Manifest): Roles {
  const { columns: names } = manifest
  const issues = (['split', 'group'] as const).flatMap((part): Issue[] =>
    names[part] === USUAL[part] || columns.some(({ name }) => name === names[part])
      ? []
      : [
          {
            code: `${part}-column-missing`,
            message: `No column is named ${JSON.stringify(names[part])}; the columns are ${listed(columns.map(({ name }) => name)) || 'none'}.`,
            where: 'upload',
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
  return {
    ...(queries !== null && 'rows' in queries ? { queries: queries.rows } : {}),
    ...(groups === null ? {} : { groups }),
  }
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
      `${quotes || value === QUERY || value === GALLERY ? JSON.stringify(value) : 'another entry'} in ${texts.filter((text) => text === value).length}`,
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

/** What follows from the roles that a reader of the figures has to know. */
export function roleWarnings(
  dataset: Omit<Dataset, 'warnings' | 'setAside' | 'inputRows'>,
  { columns }: Manifest,
): Warning[] {
  const { rows, labels, classes, queries, groups } = dataset
  if (queries === undefined && groups === undefined) return []
  const warnings: Warning[] = []
  const { candidates, mates } = candidateCounts(dataset)
  const unmatched = mates.filter((count, row) => count === 0 && candidates[row]! > 0).length
  const alone = candidates.filter((count, row) => count === 0 && queries?.[row] !== 0).length
  const asked = queries === undefined ? rows : queries.reduce((sum, one) => sum + one, 0)
  const many = queries === undefined ? 'rows' : 'queries'
  const whereOf = (count: number) =>
    [
      ...(queries === undefined ? [] : ['in the gallery']),
      ...(groups === undefined
        ? []
        : [`outside of ${count === 1 ? 'its' : 'their'} ${columns.group}`]),
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
    })
  }
  if (alone > 0) {
    const told = `${partOf(alone, asked, many)} ${alone === 1 ? 'has' : 'have'} no row at all ${whereOf(alone)}, and ${alone === 1 ? 'is' : 'are'} not evaluated`
    warnings.push({
      code: 'no-neighbor-possible',
      message: told,
      ...(alone < QUALIFYING * asked ? {} : { headline: told }),
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
