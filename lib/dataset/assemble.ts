/** Vectors, labels and metadata → checked rows, ready to be evaluated. */

import { sha256 } from '../core/canonical.ts'
import type { Dataset, SetAside, Warning } from '../core/dataset.ts'
import type { Issue } from '../core/errors.ts'
import type { Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import type { Column, Table, Vectors } from '../core/table.ts'
import { alignRows, checkIds, everyRow, type Identified } from './align.ts'
import { findColumn, listed, pickRows, textAt, textsOf } from './columns.ts'
import { checkedImages, fillTemplate, type RowTexts, templateIssues } from './images.ts'
import { agreedLabels, type LabelSource, labelsMissing } from './labels.ts'
import { rolesOf } from './roles.ts'
import { datasetWarnings } from './warnings.ts'

export interface UploadTables {
  readonly vectors: Table
  readonly labels: Table | null
  readonly metadata: Table | null
}

export type Assembly = { readonly dataset: Dataset } | { readonly issues: readonly Issue[] }

/** A table with, for each row of the vectors, its own row. */
interface Aligned {
  readonly table: Table
  readonly rows: Int32Array
}

/**
 * Joins the tables and sets aside the rows that can't be evaluated. Never throws for what an upload
 * holds: whatever is wrong comes back as issues, all that were found at once.
 *
 * @example
 * const result = assembleDataset({ vectors, labels: null, metadata }, manifest)
 * if ('issues' in result) …
 */
export function assembleDataset(tables: UploadTables, manifest: Manifest): Assembly {
  const { vectors } = tables.vectors
  if (vectors === null || vectors.rows === 0 || vectors.dimensions === 0) {
    return { issues: [noVectors(tables.vectors)] }
  }
  const joined = joinTables(tables, manifest)
  if ('issues' in joined) return joined
  const { aligned, ids, hasIds } = joined

  const sources = labelSources(aligned, tables.labels, manifest)
  if (sources.length === 0) {
    const names = aligned.flatMap(({ table }) => table.columns.map(({ name }) => name))
    return {
      issues: [labelsMissing(manifest.columns.label, names, tables.labels?.source ?? null)],
    }
  }
  const agreed = agreedLabels(sources, ids)
  if ('issues' in agreed) return agreed

  const { kept, setAside } = setRowsAside(vectors, agreed.labels, ids)
  if (kept.length < 2) return { issues: [tooFewRows(tables.vectors, kept.length, setAside)] }

  const used = new Set(sources.map(({ column }) => column))
  const { columns, warnings } = otherColumns(aligned, used, manifest)
  const pictures = rowImages(columns, kept, agreed.labels, ids, manifest)
  if ('issues' in pictures) return pictures

  const picked = columns.map(({ column, rows: places }) =>
    pickRows(
      column,
      kept.map((row) => places[row]!),
    ),
  )
  const roles = rolesOf(picked, manifest)
  if ('issues' in roles) return roles

  const labels = Array.from(kept, (row) => agreed.labels[row]!)
  const classes = [...new Set(labels)].sort(compareText)
  const classIndex = new Map(classes.map((name, index) => [name, index]))
  const rows = {
    rows: kept.length,
    dimensions: vectors.dimensions,
    vectors: sharedRows(vectors, kept),
    ids: Array.from(kept, (row) => ids[row]!),
    hasIds,
    labels: Int32Array.from(labels, (label) => classIndex.get(label)!),
    classes,
    ...roles,
    sourceRows: kept,
    images: pictures.images,
    metadata: picked.filter(({ name }) => name !== manifest.columns.image),
  }
  return {
    dataset: {
      ...rows,
      inputRows: vectors.rows,
      setAside,
      warnings: [
        ...aligned.flatMap(({ table }) => table.warnings),
        ...warnings,
        ...pictures.warnings,
        ...datasetWarnings(rows, manifest),
      ],
    },
  }
}

function joinTables(
  { vectors, labels, metadata }: UploadTables,
  manifest: Manifest,
):
  | { readonly issues: readonly Issue[] }
  | { readonly aligned: readonly Aligned[]; readonly ids: readonly string[]; hasIds: boolean } {
  const identify = (table: Table): Identified => {
    const column = findColumn(table, manifest.columns.id)
    if (column === null) return { table, ids: null }
    const texts = textsOf(column)
    return { table, ids: manifest.privacy.ids === 'plain' ? texts : texts.map(hashedId) }
  }
  let whole = identify(vectors)
  const issues: Issue[] = whole.ids === null ? [] : [...checkIds(whole.ids, vectors.source)]
  const aligned: Aligned[] = [{ table: vectors, rows: everyRow(vectors.rows) }]
  for (const table of [labels, metadata]) {
    if (table === null) continue
    const other = identify(table)
    const wrong = other.ids === null ? [] : checkIds(other.ids, table.source)
    const alignment = wrong.length > 0 ? { issues: wrong } : alignRows(whole, other)
    if ('issues' in alignment) {
      issues.push(...alignment.issues)
      continue
    }
    aligned.push({ table, rows: alignment.rows })
    // Joined by row: the ids that this table has are the vectors' from here on.
    if (whole.ids === null && other.ids !== null) whole = { table: vectors, ids: other.ids }
  }
  if (issues.length > 0) return { issues }
  const ids = whole.ids ?? Array.from({ length: vectors.rows }, (_, row) => String(row))
  return { aligned, ids, hasIds: whole.ids !== null }
}

/**
 * Done before anything looks at ids, so that no message can quote one. Equal ids still meet, in the
 * upload's other files and in later runs; an empty one is no id, and stays empty.
 */
function hashedId(id: string): string {
  return id === '' ? '' : sha256(id).slice(0, 16)
}

function labelSources(
  aligned: readonly Aligned[],
  labelsTable: Table | null,
  manifest: Manifest,
): readonly LabelSource[] {
  return aligned.flatMap(({ table, rows }) => {
    const id = findColumn(table, manifest.columns.id)
    const others = table.columns.filter((column) => column !== id)
    // In a labels file the only column besides the id is the label, whatever its name.
    const only = table === labelsTable && others.length === 1 ? others[0]! : null
    const column = findColumn(table, manifest.columns.label) ?? only
    return column === null ? [] : [{ source: table.source, column, rows }]
  })
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
  const kept: number[] = []
  for (let row = 0; row < rows; row += 1) {
    const vector = values.subarray(row * dimensions, (row + 1) * dimensions)
    if (!vector.every(Number.isFinite)) notFinite!.push(row)
    else if (labels[row] === '') unlabelled!.push(row)
    else kept.push(row)
  }
  const setAside = [...reasons]
    .filter(([, set]) => set.length > 0)
    .map(([reason, set]) => ({
      reason,
      count: set.length,
      rows: set.slice(0, 20).map((row) => ids[row]!),
    }))
  return { kept: Int32Array.from(kept), setAside }
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
    const id = findColumn(table, manifest.columns.id)
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

function rowImages(
  columns: readonly { readonly column: Column; readonly rows: Int32Array }[],
  kept: Int32Array,
  labels: readonly string[],
  ids: readonly string[],
  manifest: Manifest,
):
  | { readonly issues: readonly Issue[] }
  | { readonly images: readonly string[] | null; readonly warnings: readonly Warning[] } {
  const byName = new Map(columns.map((entry) => [entry.column.name, entry]))
  const texts: RowTexts = {
    names: ['id', 'label', ...byName.keys()],
    text(name, row) {
      if (name === 'id') return ids[row]!
      if (name === 'label') return labels[row]!
      const { column, rows } = byName.get(name)!
      return textAt(column, rows[row]!)
    },
  }
  if (manifest.images !== null && 'template' in manifest.images) {
    const { template } = manifest.images
    const issues = templateIssues(template, texts.names)
    if (issues.length > 0) return { issues }
    return checkedImages(kept, (row) => fillTemplate(template, row, texts))
  }
  const { image } = manifest.columns
  if (manifest.images !== null || !byName.has(image)) return { images: null, warnings: [] }
  return checkedImages(kept, (row) => texts.text(image, row))
}

/** Worker threads read the rows in place. */
function sharedRows({ values, dimensions }: Vectors, kept: Int32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(kept.length * dimensions * 4))
  kept.forEach((row, place) => {
    shared.set(values.subarray(row * dimensions, (row + 1) * dimensions), place * dimensions)
  })
  return shared
}

function noVectors({ source, vectors }: Table): Issue {
  return {
    code: 'no-vectors',
    message:
      vectors === null
        ? 'The file holds no vectors.'
        : `The file holds ${vectors.rows} vectors of ${vectors.dimensions} dimensions.`,
    where: source,
    hint: 'Check the step that writes the embeddings: one row a sample, one number a dimension.',
  }
}

function tooFewRows({ source, rows }: Table, kept: number, setAside: readonly SetAside[]): Issue {
  const aside = setAside.map(
    ({ reason, count, rows: ids }) => `${count} set aside, ${reason} (${listed(ids)})`,
  )
  return {
    code: 'too-few-rows',
    message: `${kept} of ${rows} rows can be evaluated; at least 2 are needed${aside.length > 0 ? `: ${aside.join('; ')}` : ''}.`,
    where: source,
    hint: 'Each row needs a finite vector and a label.',
  }
}
