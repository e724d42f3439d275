/** What `docs/manifest.md` takes from the code: the defaults, and the kinds of findings. */

import { DEFAULTS } from '../config/defaults.ts'
import { FINDING_KINDS } from '../core/finding-kind.ts'

/** Keys whose row of the table ends with their default. */
const CELLS: Readonly<Record<string, string | number>> = {
  metric: DEFAULTS.metric,
  k: DEFAULTS.k,
  'margin.low': DEFAULTS.margin.low,
  'intervals.cluster': DEFAULTS.intervals.cluster,
  'duplicates.near': DEFAULTS.duplicates.near,
  baseline: DEFAULTS.baseline,
  'upload.ready': DEFAULTS.upload.ready,
  'privacy.images': DEFAULTS.privacy.images,
  'privacy.ids': DEFAULTS.privacy.ids,
  'privacy.centroids': DEFAULTS.privacy.centroids,
}

const KINDS = /^The kinds are .*$/m
const GATES = /(usual service levels hold:\n\n```yaml\ngates:\n)[^`]*(```)/

/** The page as it stands, with what the code says now; throws where a place for it is gone. */
export function manifestPage(page: string): string {
  const gates = Object.entries(DEFAULTS.gates).map(([metric, limit]) => `  ${metric}: ${limit}\n`)
  const kinds = FINDING_KINDS.map((kind) => `[\`${kind}\`](findings.md#${kind})`)
  const cells = Object.entries(CELLS).map(
    ([key, value]) =>
      [
        new RegExp(`^(\\| \`${key.replace('.', '\\.')}\` \\|.*\\|) [^|]* \\|$`, 'm'),
        `$1 \`${value}\` |`,
      ] as const,
  )
  const places = [
    ...cells,
    [KINDS, `The kinds are ${kinds.join(', ')}.`] as const,
    [GATES, `$1${gates.join('')}$2`] as const,
  ]
  return places.reduce((text, [place, written]) => {
    if (!place.test(text)) throw new Error(`docs/manifest.md has no place like ${place}.`)
    return text.replace(place, written)
  }, page)
}
