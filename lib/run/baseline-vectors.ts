/** The vectors of the baseline's rows: of its upload, where that still lies where this run's was read. */

import type { Context } from '../core/context.ts'
import { InputError } from '../core/errors.ts'
import { whyOtherSpace } from '../history/space.ts'
import { sampleVectors, type VectorsAtHand } from '../history/vector-sample.ts'
import type { Baseline } from '../site/runs.ts'
import { fetchUpload } from '../upload/fetch.ts'
import { memoryEstimate } from '../upload/memory-limit.ts'
import { type ReadUpload, readUpload } from '../upload/rows.ts'

/**
 * Read before the evaluation begins, and only where it then takes no more memory than that will: of what
 * is read only the sample stays. Nothing of it is published but how far the runs' rows are apart.
 *
 * @param baselineRow for each row of this run the baseline's, −1 without; null where none can be matched
 */
export async function readBaselineVectors(
  context: Pick<Context, 'uploads' | 'vault' | 'idKey' | 'random'>,
  project: string,
  { dataset, manifest }: ReadUpload,
  baseline: Baseline,
  baselineRow: Int32Array | null,
): Promise<VectorsAtHand> {
  const { run } = baseline.space
  const other = whyOtherSpace({ ...manifest, dimensions: dataset.dimensions }, baseline.space)
  if (other !== null) return { note: other }
  if (manifest.privacy.centroids === 'none' || baseline.space.centroids === null) {
    const keeps = manifest.privacy.centroids === 'none' ? 'This run' : run
    return { note: `${keeps} keeps nothing of its vectors for other runs.` }
  }
  const byteLength = baseline.files.reduce((sum, file) => sum + file.byteLength, 0)
  const components = baseline.rows.inputRows * baseline.space.dimensions
  const here = dataset.vectors.byteLength
  const classes = dataset.classes.length
  if (here + byteLength + 8 * components > memoryEstimate({ ...dataset, classes, mapRows: 0 })) {
    return { note: `The upload of ${run} is too large to be read beside this one.` }
  }
  const upload = await fetchUpload(context, project, run)
  if (upload === null || upload.parts?.vectors === null) {
    return { note: `The upload of ${run} is not where this run’s was read from.` }
  }
  const idKey = upload.plainContentId === undefined ? null : (upload.pseudonyms?.keyName ?? null)
  if (idKey !== (baseline.rows.idKey ?? null)) {
    return {
      note: `The ids of ${run} were hashed with another key than its upload’s would be now.`,
    }
  }
  const hashes = new Map(upload.files.map(({ name, sha256 }) => [name, sha256]))
  if (baseline.files.some(({ name, sha256 }) => hashes.get(name) !== sha256)) {
    return { note: `The upload of ${run} was changed since it was evaluated.` }
  }
  const read = await readUpload(upload, { metric: manifest.metric }).catch((error: unknown) => {
    if (error instanceof InputError) return null
    throw error
  })
  if (read === null) return { note: `The upload of ${run} can’t be read any more.` }
  const before = read.dataset
  const there = placesIn(before.sourceRows, baseline.rows.sourceRows, baselineRow)
  return { sample: sampleVectors(dataset, before, there, manifest.metric, context.random) }
}

/**
 * For each row of this run its row in the baseline's upload, which may hold others than the baseline
 * kept where another version reads it.
 */
function placesIn(
  uploaded: Int32Array,
  kept: ArrayLike<number>,
  baselineRow: Int32Array | null,
): Int32Array | null {
  if (baselineRow === null) return null
  const rowOf = new Map(Array.from(uploaded, (place, row) => [place, row]))
  return baselineRow.map((row) => (row < 0 ? -1 : (rowOf.get(kept[row]!) ?? -1)))
}
