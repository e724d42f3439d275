/** A checked data set from bare points. */

import type { Dataset } from '../../../lib/core/dataset.ts'
import type { Column } from '../../../lib/core/table.ts'

/** Rows are named `row 0`, `row 1`, …; without labels they are of two classes in turn. */
export function madeDataset(
  points: readonly (readonly number[])[],
  labels: readonly (string | number)[] = points.map((_, row) => row % 2),
  metadata: readonly Column[] = [],
): Dataset {
  const names = labels.map(String)
  const classes = [...new Set(names)].sort()
  const dimensions = points[0]?.length ?? 0
  const vectors = new Float32Array(new SharedArrayBuffer(points.length * dimensions * 4))
  for (const [row, point] of points.entries()) vectors.set(point, row * dimensions)
  return {
    rows: points.length,
    dimensions,
    vectors,
    ids: points.map((_, row) => `row ${row}`),
    hasIds: true,
    labels: Int32Array.from(names, (name) => classes.indexOf(name)),
    classes,
    sourceRows: Int32Array.from(points.keys()),
    images: null,
    metadata,
    inputRows: points.length,
    setAside: [],
    warnings: [],
  }
}
