/** A manifest with every default filled in. */

import { type Gate, type Images, LABEL_FORMS, type Manifest } from '../core/manifest.ts'
import { folderUrl } from '../core/names.ts'
import { DEFAULTS } from './defaults.ts'
import type { ManifestInput } from './schema.ts'

/** Fills in whatever a checked manifest leaves out. */
export function withDefaults(input: ManifestInput): Manifest {
  return {
    model: {
      name: textOrNull(input.model?.name),
      version: textOrNull(input.model?.version),
      preprocessing: textOrNull(input.model?.preprocessing),
    },
    metric: input.metric ?? DEFAULTS.metric,
    k: input.k ?? DEFAULTS.k,
    margin: {
      low: input.margin?.low ?? DEFAULTS.margin.low,
      chosen: input.margin?.low !== undefined,
    },
    intervals: { cluster: input.intervals?.cluster ?? DEFAULTS.intervals.cluster },
    duplicates: { near: input.duplicates?.near ?? DEFAULTS.duplicates.near },
    maps: input.maps ?? null,
    ...toBaselines([input.baseline ?? DEFAULTS.baseline].flat().map(String)),
    gates: Object.entries(input.gates ?? DEFAULTS.gates).map(([metric, limit]) =>
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
    ...(input.labels && { labels: toLabels(input.labels) }),
    columns: {
      embeddings: input.columns?.embeddings ?? DEFAULTS.columns.embeddings,
      id: input.columns?.id ?? DEFAULTS.columns.id,
      label: input.columns?.label ?? DEFAULTS.columns.label,
      split: input.columns?.split ?? DEFAULTS.columns.split,
      group: input.columns?.group ?? DEFAULTS.columns.group,
      image: input.columns?.image ?? DEFAULTS.columns.image,
      time: input.columns?.time ?? DEFAULTS.columns.time,
    },
    privacy: {
      images: input.privacy?.images ?? DEFAULTS.privacy.images,
      ids: input.privacy?.ids ?? DEFAULTS.privacy.ids,
      columns: input.privacy?.columns ?? DEFAULTS.privacy.columns,
      centroids: input.privacy?.centroids ?? DEFAULTS.privacy.centroids,
    },
  }
}

function toLabels({
  unlabelled,
  normalise = [],
}: NonNullable<ManifestInput['labels']>): NonNullable<Manifest['labels']> {
  const forms = normalise === true ? LABEL_FORMS : normalise === false ? [] : normalise
  return { normalise: forms, ...(unlabelled && { unlabelled: unlabelled.map(String) }) }
}

/** The first is the one that items and gates are judged by. */
export function toBaselines(
  settings: readonly string[],
): Pick<Manifest, 'baseline' | 'furtherBaselines'> {
  const [baseline = DEFAULTS.baseline, ...further] = new Set(settings)
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
