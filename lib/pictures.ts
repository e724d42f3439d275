/** Pictures of rows: the sprite, or the single pictures of those rows that the page shows. */

import type { Comparison } from './core/changes.ts'
import type { Context } from './core/context.ts'
import type { Warning } from './core/dataset.ts'
import type { Item } from './core/item.ts'
import type { ReportImages } from './core/report.ts'
import type { Rows } from './core/rows.ts'
import { countOf } from './core/words.ts'
import { listed } from './dataset/columns.ts'
import { pictureType } from './dataset/picture-type.ts'
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
    const href = await publishPicture(site, project, 'png', sprite.bytes)
    return { kind: 'sprite', href, tile: sprite.tile, sheet: sprite.sheet }
  }
  return dataset.images === null || manifest.privacy.images === 'none' ? null : { kind: 'links' }
}

type ShownRows = Pick<Rows, 'id' | 'outlier' | 'neighbors' | 'neighborCount'>

export interface RowPictures {
  /** The address of each row's picture, empty for none; null where the rows have no pictures. */
  readonly addresses: readonly string[] | null
  readonly warnings: readonly Warning[]
}

/**
 * Pictures by row: https addresses as they are, files beside the upload published where the page
 * shows the row and the manifest allows thumbnails. An upload is not trusted: of its files only
 * pictures by name and by content are published, whatever its rows name.
 */
export async function pictures(
  context: Context,
  upload: Upload,
  { dataset, manifest, sprite }: ReadUpload,
  rows: ShownRows,
  shown: { readonly items: readonly Item[]; readonly comparison: Comparison | null },
): Promise<RowPictures> {
  const { images } = dataset
  if (images === null || sprite !== null || manifest.privacy.images === 'none') {
    return { addresses: null, warnings: [] }
  }
  const addresses = images.map((address) => (address.startsWith('https://') ? address : ''))
  if (manifest.privacy.images !== 'thumbnails') return { addresses, warnings: [] }
  const uploaded = new Set(upload.parts?.pictures)
  const refused = new Set(
    images.filter((name, row) => name !== addresses[row] && !uploaded.has(name)),
  )
  let published = 0
  for (const row of shownRows(rows, shown)) {
    const name = images[row]!
    if (name === addresses[row] || refused.has(name) || published === MOST_PICTURES) continue
    const stored = await context.uploads.get(uploadKey(upload.project, upload.run, name))
    if (stored === null || stored.byteLength > LARGEST_PICTURE) continue
    const type = pictureType(stored.body)
    if (type === null) {
      refused.add(name)
      continue
    }
    addresses[row] = await publishPicture(context.site, upload.project, type, stored.body)
    published++
  }
  return { addresses, warnings: refused.size === 0 ? [] : [refusedFiles([...refused])] }
}

function refusedFiles(names: readonly string[]): Warning {
  return {
    code: 'image-refused',
    message: `${countOf(names.length, 'file')} that rows name as pictures are left out, since no such file was uploaded or it is no PNG, JPEG, WebP, GIF or AVIF: ${listed(names)}`,
  }
}

/** Rows that are evidence of anything, and the nearest neighbour of each. */
function shownRows(
  rows: ShownRows,
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
