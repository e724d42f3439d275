/**
 * The columns of `rows.parquet`, in their order: what each holds, and what a missing value means. The
 * writer, every reader, the table of a team's page and `docs/rows.md` are made from this list.
 */

import {
  address,
  type Cell,
  type CellType,
  type Coding,
  coordinate,
  flag,
  flagOr,
  integer,
  number,
  optionalText,
  orNone,
  rank,
  text,
} from './row-cells.ts'
import { nearestOf, neighborsOf, type Rows } from './rows.ts'

type LayoutMap = 'tsne' | 'umap'

export interface RowColumn {
  readonly name: string
  readonly type: CellType
  /** Whether each cell is a list of that type. */
  readonly isList: boolean
  /** What a cell says, as a sentence. */
  readonly says: string
  /** What it means that a cell is null, as a sentence; null where none is. */
  readonly missing: string | null
  /** The map that the column is of: written only for a run that has it. */
  readonly map: LayoutMap | null
  /** One a row. */
  cells(rows: Rows): readonly Cell[]
  /** The part of `Rows` that cells tell; nothing where it follows from other columns. */
  fields(cells: readonly Cell[]): Partial<Rows>
}

const NOT_ASKED = 'The row has no neighbour: it is of a gallery, or all others are of its group.'
const NOT_COMPARED = 'The run was compared with none, or the baseline doesn’t have the row.'
const NOT_ON_MAP = 'The map doesn’t show the row.'

/** A row that was asked nothing is no error. */
const right = flagOr(1)

export const ROW_COLUMNS = [
  field('id', 'id', text, {
    says: 'The row’s id, its number in the upload where that has none, or what stands for the id where the settings hash ids.',
    missing: null,
  }),
  field('label', 'label', text, { says: 'Its label.', missing: null }),
  field('source_row', 'sourceRow', integer, {
    says: 'Its place in the upload, from 0.',
    missing: null,
  }),
  {
    ...field('correct', 'correct', right, {
      says: 'Whether its nearest neighbour has its label.',
      missing: NOT_ASKED,
    }),
    // A row without a neighbour is neither right nor wrong.
    cells: (rows) =>
      right.cells(rows.correct).map((cell, row) => (nearestOf(rows, row) === null ? null : cell)),
  },
  field('correct_in_baseline', 'correctInBaseline', orNone(flag), {
    says: 'The same in the baseline; true also where it had no neighbour there.',
    missing: NOT_COMPARED,
  }),
  field('nearest_label_in_baseline', 'nearestInBaseline', orNone(optionalText), {
    says: 'The label of its nearest neighbour in the baseline, empty where it had none there.',
    missing: NOT_COMPARED,
  }),
  field('neighbor_overlap', 'neighborOverlap', orNone(number), {
    says: 'The share of its neighbours that it had in the baseline too, among the rows of both runs.',
    missing: `${NOT_COMPARED} Or no neighbour is a row of both.`,
  }),
  derived('nearest_id', 'TEXT', {
    says: 'The id of its nearest neighbour.',
    missing: NOT_ASKED,
    cell: (rows, row) => {
      const nearest = nearestOf(rows, row)
      return nearest === null ? null : rows.id[nearest]!
    },
  }),
  derived('nearest_label', 'TEXT', {
    says: 'The label of its nearest neighbour, which is the label that a search would give the row.',
    missing: NOT_ASKED,
    cell: (rows, row) => {
      const nearest = nearestOf(rows, row)
      return nearest === null ? null : rows.label[nearest]!
    },
  }),
  derived('nearest_distance', 'DOUBLE', {
    says: 'Its distance to its nearest neighbour, in the run’s metric.',
    missing: NOT_ASKED,
    cell: (rows, row) =>
      nearestOf(rows, row) === null ? null : rows.distances[row * rows.neighborCount]!,
  }),
  field('neighbor_margin', 'neighborMargin', number, {
    says: 'The distance of its second nearest neighbour less that of its nearest.',
    missing: 'It has no two neighbours.',
  }),
  field('prediction_margin', 'predictionMargin', number, {
    says: 'The distance of the nearest row whose label isn’t its nearest neighbour’s, less that of the neighbour.',
    missing: 'There is no such row, or it has no neighbour.',
  }),
  field('class_margin', 'classMargin', number, {
    says: 'The distance of the nearest row of another class less that of the nearest of its own.',
    missing: 'It has no row of its class to find, or none of another one.',
  }),
  field('first_match_rank', 'firstMatchRank', rank, {
    says: 'The rank, from 1, of the first row of its class among its neighbours.',
    missing: 'There is no other row of its class to be found.',
  }),
  field('silhouette', 'silhouette', number, {
    says: 'Its silhouette, from −1 to 1.',
    missing: null,
  }),
  field('outlier', 'outlier', flagOr(0), {
    says: 'Whether it is one of the report’s outliers.',
    missing: null,
  }),
  field('suggested_label', 'suggestedLabel', optionalText, {
    says: 'The label that its neighbours suggest.',
    missing: 'They don’t contradict its own.',
  }),
  field('x', 'x', coordinate, {
    says: 'Where it lies on the map of the principal components.',
    missing: 'The map isn’t published, since it would be the vectors themselves.',
  }),
  field('y', 'y', coordinate, {
    says: 'The same, upwards.',
    missing: 'The map isn’t published, since it would be the vectors themselves.',
  }),
  layout('tsne_x', 'tsne', 'x', 'Where it lies on the t-SNE map.'),
  layout('tsne_y', 'tsne', 'y', 'The same, upwards.'),
  layout('umap_x', 'umap', 'x', 'Where it lies on the UMAP map.'),
  layout('umap_y', 'umap', 'y', 'The same, upwards.'),
  field('image', 'image', orNone(address), {
    says: 'The address of its picture, as the run’s page reaches it.',
    missing: 'It has none of its own.',
  }),
  {
    ...derived('neighbors', 'TEXT', {
      says: 'The ids of its neighbours, nearest first, 10 at most.',
      missing: null,
      cell: (rows, row) => neighborsOf(rows, row).map((neighbor) => rows.id[neighbor]!),
    }),
    isList: true,
  },
  {
    ...derived('neighbor_distances', 'DOUBLE', {
      says: 'Their distances.',
      missing: null,
      cell: (rows, row) =>
        neighborsOf(rows, row).map((_, place) => rows.distances[row * rows.neighborCount + place]!),
    }),
    isList: true,
  },
] as const satisfies readonly RowColumn[]

export type RowColumnName = (typeof ROW_COLUMNS)[number]['name']

/** What a metadata column's name starts with in the file. */
export const METADATA_PREFIX = 'meta_'

/** The columns that a run's file has, metadata left out. */
export function writtenColumns(rows: Rows): readonly RowColumn[] {
  const maps = new Set(rows.maps.map(({ method }) => method))
  return ROW_COLUMNS.filter(({ map }) => map === null || maps.has(map))
}

/** A column that is a field of `Rows`; of a field that is null every cell is. */
function field<Name extends string, Field extends keyof Rows>(
  name: Name,
  key: Field,
  coding: Coding<NonNullable<Rows[Field]>, Rows[Field]>,
  { says, missing }: Pick<RowColumn, 'says' | 'missing'>,
): RowColumn & { readonly name: Name } {
  return {
    name,
    type: coding.type,
    isList: false,
    says,
    missing,
    map: null,
    cells: (rows) => {
      const values = rows[key]
      return values === null || values === undefined
        ? rows.id.map(() => null)
        : coding.cells(values as NonNullable<Rows[Field]>)
    },
    fields: (cells) => ({ [key]: coding.values(cells) }),
  }
}

/** A column that follows from the row's neighbours. */
function derived<Name extends string>(
  name: Name,
  type: CellType,
  {
    says,
    missing,
    cell,
  }: Pick<RowColumn, 'says' | 'missing'> & {
    readonly cell: (rows: Rows, row: number) => Cell
  },
): RowColumn & { readonly name: Name } {
  return {
    name,
    type,
    isList: false,
    says,
    missing,
    map: null,
    cells: (rows) => rows.id.map((_, row) => cell(rows, row)),
    fields: () => ({}),
  }
}

function layout<Name extends string>(
  name: Name,
  map: LayoutMap,
  axis: 'x' | 'y',
  says: string,
): RowColumn & { readonly name: Name } {
  return {
    name,
    type: coordinate.type,
    isList: false,
    says: `${says} Only where the run has it.`,
    missing: NOT_ON_MAP,
    map,
    cells: ({ maps }) => coordinate.cells(maps.find(({ method }) => method === map)![axis]),
    fields: () => ({}),
  }
}
