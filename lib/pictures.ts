/** Pictures of rows: the sprite, or the single pictures of those rows that the page shows. */

import type { Context } from './core/context.ts'
import type { Comparison, Item, ReportImages, Rows } from './core/report.ts'
import { uploadKey } from './publish/keys.ts'
import { publishPicture } from './site.ts'
import type { ReadUpload, Upload } from './upload.ts'

/** Pictures beside the upload that one report shows at most, and their size: a page must stay a page. */
const MOST_PICTURES = 1000
const LARGEST_PICTURE = 512 * 1024

/** Publishes the sprite; null where the rows have no pictures. */
export async function publishedImages(
  { site }: Context,
  { dataset, manifest, sprite }: ReadUpload,
  project: string,
): Promise<ReportImages | null> {
  if (sprite !== null) {
    const href = await publishPicture(site, project, 'sprite.png', sprite.bytes)
    return { kind: 'sprite', href, tile: sprite.tile, sheet: sprite.sheet }
  }
  return dataset.images === null || manifest.privacy.images === 'none' ? null : { kind: 'links' }
}

/**
 * The address of each row's picture, empty for none: https addresses as they are, files beside the
 * upload published where the page shows the row and the manifest allows thumbnails.
 */
export async function pictures(
  context: Context,
  upload: Upload,
  { dataset, manifest, sprite }: ReadUpload,
  rows: Rows,
  shown: { readonly items: readonly Item[]; readonly comparison: Comparison | null },
): Promise<readonly string[] | null> {
  const { images } = dataset
  if (images === null || sprite !== null || manifest.privacy.images === 'none') return null
  const addresses = images.map((address) => (address.startsWith('https://') ? address : ''))
  if (manifest.privacy.images !== 'thumbnails') return addresses
  let published = 0
  for (const row of shownRows(rows, shown)) {
    const name = images[row]!
    if (name === '' || addresses[row] !== '' || published === MOST_PICTURES) continue
    const stored = await context.uploads.get(uploadKey(upload.project, upload.run, name))
    if (stored === null || stored.byteLength > LARGEST_PICTURE) continue
    addresses[row] = await publishPicture(context.site, upload.project, name, stored.body)
    published++
  }
  return addresses
}

/** Rows that are evidence of anything, and the nearest neighbour of each. */
function shownRows(
  rows: Rows,
  {
    items,
    comparison,
  }: { readonly items: readonly Item[]; readonly comparison: Comparison | null },
): Set<number> {
  const rowOf = new Map(rows.id.map((id, row) => [id, row]))
  const ids = [
    ...items.flatMap(({ evidence }) => evidence),
    ...(comparison ? [...comparison.broken, ...comparison.fixed] : []),
    ...rows.id.filter((_, row) => rows.outlier[row] === 1),
  ]
  const shown = new Set<number>()
  for (const id of ids) {
    const row = rowOf.get(id)
    if (row === undefined) continue
    shown.add(row)
    const nearest = rows.neighbors[row * rows.neighborCount]
    if (nearest !== undefined && nearest >= 0) shown.add(nearest)
  }
  return shown
}
