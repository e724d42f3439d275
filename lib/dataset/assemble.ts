/** Vectors, labels and metadata → checked rows, ready to be evaluated. */

import type { Dataset, SetAside } from '../core/dataset.ts'
import type { Issue } from '../core/errors.ts'
import { LONGEST_CLASSES, LONGEST_LABEL, shortName, textTooLong } from '../core/limits.ts'
import type { Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import type { Pseudonyms } from '../core/pseudonyms.ts'
import type { Column, Table, Vectors } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { everyRow } from './align.ts'
import { labelsTooLong, noVectors, tooFewRows } from './assembly-issues.ts'
import { columnChoices, idColumn, missingColumns, pickRows } from './columns.ts'
import { dimensionWarnings } from './dimensions.ts'
import { fractionLabels } from './fraction-labels.ts'
import { rowImages } from './images.ts'
import { joinTables, type UploadTables } from './join.ts'
import { type Aligned, labelColumns } from './label-columns.ts'
import { cleanLabels, noLabel, shownLabel } from './label-forms.ts'
import { agreedLabels } from './labels.ts'
import { narrow } from './narrow.ts'
import {
  contactWarnings,
  hidesIds,
  publishedColumns,
  ruleProblems,
  takesPseudonyms,
} from './privacy.ts'
import { rolesOf } from './roles.ts'
import { seenFiles } from './seen.ts'
import { withUsualIds } from './usual-columns.ts'
import { datasetWarnings } from './warnings.ts'

/** As the manifest calls these columns where it says nothing; they needn't be there. */
const USUAL_COLUMNS = { id: 'id', image: 'image', time: 'time' } as const

export type Assembly = { readonly dataset: Dataset } | { readonly issues: readonly Issue[] }

/**
 * Joins the tables and sets aside the rows that can't be evaluated. Never throws for what an upload
 * holds: whatever is wrong comes back as issues, all that were found at once.
 *
 * @param pseudonyms stand for what the manifest hashes; null only where it hashes nothing
 * @example
 * const result = assembleDataset({ vectors, labels: null, metadata }, manifest)
 * if ('issues' in result) …
 */
export function assembleDataset(
  uploaded: UploadTables,
  manifest: Manifest,
  pseudonyms: Pseudonyms | null = null,
): Assembly {
  if (pseudonyms === null && takesPseudonyms(manifest)) {
    throw new Error('the manifest hashes ids or columns, and there is no key')
  }
  const usual = withUsualIds({ ...uploaded }, manifest)
  const { tables } = usual
  const { vectors } = tables.vectors
  if (vectors === null || vectors.rows === 0 || vectors.dimensions === 0) {
    return { issues: [noVectors(tables.vectors)] }
  }
  const joined = joinTables(tables, manifest, pseudonyms)
  if ('issues' in joined) return joined
  const { aligned, ids, plainIds } = joined
  const hasIds = plainIds !== null
  const hidden = hasIds && hidesIds(manifest)

  const given = labelColumns(aligned, tables.labels, manifest)
  if ('issues' in given) return given
  const { sources, used } = given
  const named = aligned.map(({ table }) => table)
  const missing = missingColumns(named, manifest.columns, USUAL_COLUMNS)
  if (missing.length > 0) return { issues: missing }
  const classNames = given.hidden ? pseudonyms : null
  const agreed = agreedLabels(sources, ids, hidden, {
    shown: shownLabel(classNames),
    isNoLabel: noLabel(manifest),
  })
  if ('issues' in agreed) return agreed

  const clean = cleanLabels(agreed.labels, ids, manifest, classNames)
  const fractions = fractionLabels(
    agreed.labels.filter((_, row) => clean.labels[row] !== ''),
    `${sources[0]!.source}, column ${shortName(sources[0]!.column.name)}`,
  )
  if (fractions.issue !== null) return { issues: [fractions.issue] }
  // The rows may be put together in the vectors' place.
  const odd = dimensionWarnings(tables.vectors, clean.labels)
  const { kept, setAside } = setRowsAside(vectors, clean.labels, ids)
  if (kept.length < 2)
    return { issues: [tooFewRows(tables.vectors, kept.length, setAside, hidden)] }

  const { columns, warnings } = otherColumns(aligned, used, manifest)
  const picked = columns.map(({ column, rows: places }) =>
    pickRows(
      column,
      kept.map((row) => places[row]!),
    ),
  )
  const placeOf = new Map(Array.from(kept, (row, place) => [row, place]))
  const pairs = joined.pairs.flatMap(({ id, query, gallery }) => {
    const places = [placeOf.get(query), placeOf.get(gallery)]
    return places.includes(undefined) ? [] : [{ id, query: places[0]!, gallery: places[1]! }]
  })
  const roles = rolesOf(picked, manifest, pairs)
  if ('issues' in roles) return roles

  const narrowed = narrow(vectors, kept, manifest.metric, tables.vectors.source)
  if ('issues' in narrowed) return narrowed

  const labels = ofRows(clean.labels, kept)
  const rowIds = ofRows(ids, kept)
  const rules = ruleProblems(
    picked.map(({ name }) => name),
    manifest,
  )
  if (rules.issues.length > 0) return { issues: rules.issues }
  const keptIds = plainIds && ofRows(plainIds, kept)
  const published = publishedColumns(picked, keptIds, manifest, pseudonyms, {
    // Of float32 rows only the kept ones may be there still.
    ...(vectors.values instanceof Float32Array
      ? { values: narrowed.vectors, rows: everyRow(kept.length) }
      : { values: vectors.values, rows: kept }),
    dimensions: vectors.dimensions,
  })
  const pictures = rowImages(
    {
      uploaded: picked,
      published,
      ids: rowIds,
      plainIds: keptIds,
      labels,
      sourceRows: kept,
    },
    manifest,
  )
  if ('issues' in pictures) return pictures
  const labelPlace = sources
    .map(({ source, column }) => `${source}, column ${column.name}`)
    .join(' and ')
  const classes = [...new Set(labels)].sort(compareText)
  const longest = classes.reduce((most, name) => Math.max(most, name.length), 0)
  if (longest > LONGEST_LABEL) {
    const { source, column } = sources[0]!
    return { issues: textTooLong(column.name, longest, LONGEST_LABEL, source, true).issues }
  }
  const characters = classes.reduce((sum, name) => sum + name.length, 0)
  if (characters > LONGEST_CLASSES) {
    return { issues: [labelsTooLong(classes.length, characters, tables.vectors.source)] }
  }
  const classIndex = new Map(classes.map((name, index) => [name, index]))
  const rows = {
    rows: kept.length,
    dimensions: vectors.dimensions,
    vectors: narrowed.vectors,
    ...(narrowed.narrowing && { narrowing: narrowed.narrowing }),
    ids: rowIds,
    hasIds,
    ...(hidden ? { idKey: pseudonyms!.keyName } : {}),
    labels: Int32Array.from(labels, (label) => classIndex.get(label)!),
    classes,
    ...roles,
    sourceRows: kept,
    images: pictures.images,
    ...(pictures.hidden ? { imagesHidden: true as const } : {}),
    metadata: published.columns.filter(({ name }) => name !== manifest.columns.image),
  }
  return {
    dataset: {
      ...rows,
      inputRows: vectors.rows,
      setAside,
      warnings: [
        ...named.flatMap((table) => [...table.warnings, ...columnChoices(table, manifest.columns)]),
        ...usual.warnings,
        ...joined.warnings,
        ...[...given.warnings, ...clean.warnings, ...fractions.warnings].map((warning) => ({
          where: labelPlace,
          ...warning,
        })),
        ...warnings,
        ...rules.warnings,
        ...published.warnings,
        ...contactWarnings(labels, keptIds, manifest),
        ...pictures.warnings,
        ...narrowed.warnings,
        ...odd,
        ...datasetWarnings(rows, manifest),
      ],
      seen: seenFiles(named, used, idColumns(named, manifest), manifest),
    },
  }
}

/** What rows are named and joined by. */
function idColumns(tables: readonly Table[], { columns }: Manifest): ReadonlySet<Column> {
  return new Set(tables.flatMap((table) => idColumn(table, columns) ?? []))
}

function setRowsAside(
  { values, rows, dimensions }: Vectors,
  labels: readonly string[],
  ids: readonly string[],
): { readonly kept: Int32Array; readonly setAside: readonly SetAside[] } {
  const reasons = new Map<string, number[]>([
    ['vector holds NaN or infinity', []],
    ['no label', []],
  ])
  const [notFinite, unlabelled] = [...reasons.values()]
  const kept = new Int32Array(rows)
  let count = 0
  for (let row = 0; row < rows; row += 1) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions)
    if (!vector.every(Number.isFinite)) notFinite!.push(row)
    else if (labels[row] === '') unlabelled!.push(row)
    else kept[count++] = row
  }
  const setAside = [...reasons]
    .filter(([, set]) => set.length > 0)
    .map(([reason, set]) => ({
      reason,
      count: set.length,
      rows: set.slice(0, 20).map((row) => ids[row]!),
    }))
  return { kept: kept.slice(0, count), setAside }
}

/** The same list where no row is set aside: of a million rows each one takes eight megabytes and more. */
function ofRows(texts: readonly string[], rows: Int32Array): readonly string[] {
  if (rows.length === texts.length) return texts
  const picked = new Array<string>(rows.length)
  for (const [at, row] of rows.entries()) picked[at] = texts[row]!
  return picked
}

/** Columns that are neither id nor label; of two with one name the first is kept. */
function otherColumns(
  aligned: readonly Aligned[],
  labels: ReadonlySet<Column>,
  manifest: Manifest,
): {
  readonly columns: readonly { readonly column: Column; readonly rows: Int32Array }[]
  readonly warnings: readonly Warning[]
} {
  const columns = new Map<string, { column: Column; rows: Int32Array; source: string }>()
  const warnings: Warning[] = []
  for (const { table, rows } of aligned) {
    const id = idColumn(table, manifest.columns)
    for (const column of table.columns) {
      if (column === id || labels.has(column)) continue
      const before = columns.get(column.name)
      if (before === undefined) columns.set(column.name, { column, rows, source: table.source })
      else {
        warnings.push({
          code: 'column-twice',
          message: `The column ${column.name} of ${table.source} is left out: ${before.source} has one of the same name`,
        })
      }
    }
  }
  return { columns: [...columns.values()], warnings }
}
