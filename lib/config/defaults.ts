/** The one place where a manifest's defaults are written. */

import type { Gate, Images, Manifest } from '../core/manifest.ts'
import { folderUrl } from '../core/names.ts'
import type { ManifestInput } from './schema.ts'

/** The usual service levels. */
const DEFAULT_GATES: Readonly<Record<string, number>> = {
  knn_accuracy_5: 0.75,
  hit_at_10: 0.8,
  mean_reciprocal_rank: 0.6,
}

const LOW_MARGIN = 0.05
/** As cleanlab has it. */
const NEAR_DUPLICATE = 0.13

/** Fills in whatever a checked manifest leaves out. */
export function withDefaults(input: ManifestInput): Manifest {
  return {
    model: {
      name: textOrNull(input.model?.name),
      version: textOrNull(input.model?.version),
      preprocessing: textOrNull(input.model?.preprocessing),
    },
    metric: input.metric ?? 'euclidean',
    k: input.k ?? 20,
    margin: {
      low: input.margin?.low ?? LOW_MARGIN,
      chosen: input.margin?.low !== undefined,
    },
    // Rows of one burst or patient are no independent draws, and naming the group says that they are such.
    intervals: { cluster: input.intervals?.cluster ?? 'group' },
    duplicates: { near: input.duplicates?.near ?? NEAR_DUPLICATE },
    maps: input.maps ?? null,
    ...toBaselines([input.baseline ?? 'previous'].flat().map(String)),
    gates: Object.entries(input.gates ?? DEFAULT_GATES).map(([metric, limit]) =>
      toGate(metric, limit),
    ),
    owners: input.owners ?? {},
    images: toImages(input.images),
    tracker: input.tracker ?? null,
    notes: input.notes ?? {},
    effort: input.effort ?? {},
    tickets: input.tickets ?? {},
    siteUrl: input.site_url === undefined ? null : folderUrl(input.site_url),
    known: (input.known ?? []).map((item) => ({ ...item, until: item.until ?? null })),
    ...(input.upload?.ready && { ready: input.upload.ready }),
    columns: {
      embeddings: input.columns?.embeddings ?? 'embeddings',
      id: input.columns?.id ?? 'id',
      label: input.columns?.label ?? 'label',
      split: input.columns?.split ?? 'split',
      group: input.columns?.group ?? 'group',
      image: input.columns?.image ?? 'image',
      time: input.columns?.time ?? 'time',
    },
    privacy: {
      images: input.privacy?.images ?? 'thumbnails',
      ids: input.privacy?.ids ?? 'plain',
      columns: input.privacy?.columns ?? {},
      centroids: input.privacy?.centroids ?? 'kept',
    },
  }
}

/** The first is the one that items and gates are judged by. */
export function toBaselines(
  settings: readonly string[],
): Pick<Manifest, 'baseline' | 'furtherBaselines'> {
  const [baseline = 'previous', ...further] = new Set(settings)
  return { baseline, furtherBaselines: further }
}

function textOrNull(value: string | number | undefined): string | null {
  return value === undefined ? null : String(value)
}

function toGate(metric: string, limit: NonNullable<ManifestInput['gates']>[string]): Gate {
  if (typeof limit !== 'number') {
    return {
      metric,
      limit: null,
      minimum: limit.minimum ?? null,
      maximum: limit.maximum ?? null,
      noWorseThanBaselineBy: limit.no_worse_than_baseline_by ?? null,
    }
  }
  return { metric, limit, minimum: null, maximum: null, noWorseThanBaselineBy: null }
}

function toImages(images: ManifestInput['images']): Images | null {
  if (images === undefined) return null
  return typeof images === 'string' ? { template: images } : images
}
