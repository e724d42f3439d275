/** Pictures of rows: the sprite, or the single pictures of those rows that the page shows. */

import type { Context } from '../core/context.ts'
import type { ReportImages } from '../core/images.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'
import { listed } from '../dataset/columns.ts'
import { pictureType } from '../dataset/picture-type.ts'
import { uploadKey } from '../publish/keys.ts'
import { publishPicture } from '../site/site.ts'
import type { Upload } from '../upload/content.ts'
import type { ReadUpload } from '../upload/rows.ts'

/** Pictures beside the upload that one report shows at most, and their size: a page must stay a page. */
const MOST_PICTURES = 2000
const LARGEST_PICTURE = 512 * 1024
/** Pictures that are fetched at a time: a store far away answers each of them late. */
const AT_A_TIME = 16

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

export interface RowPictures {
  /** The address of each row's picture, empty for none; null where the rows have no pictures. */
  readonly addresses: readonly string[] | null
  readonly warnings: readonly Warning[]
}

/**
 * Pictures by row: https addresses as they are, files beside the upload published for the rows that
 * are shown, in that order, where the manifest allows thumbnails. An upload is not trusted: of its
 * files only pictures by name and by content are published, whatever its rows name.
 */
export async function pictures(
  context: Context,
  upload: Upload,
  { dataset, manifest, sprite }: ReadUpload,
  shown: Iterable<number>,
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
  const publish = async (row: number) => {
    const name = images[row]!
    const stored = await context.uploads.get(uploadKey(upload.project, upload.run, name))
    if (stored === null || stored.byteLength > LARGEST_PICTURE) return
    const type = pictureType(stored.body)
    if (type === null) refused.add(name)
    else addresses[row] = await publishPicture(context.site, upload.project, type, stored.body)
  }
  const wanted = [...shown]
    .filter((row) => images[row] !== addresses[row] && !refused.has(images[row]!))
    .slice(0, MOST_PICTURES)
  for (let start = 0; start < wanted.length; start += AT_A_TIME) {
    await Promise.all(wanted.slice(start, start + AT_A_TIME).map(publish))
  }
  if (refused.size === 0) return { addresses, warnings: [] }
  const row = (name: string) => `row ${dataset.sourceRows[images.indexOf(name)]}`
  const names = [...refused].map((name) => (dataset.imagesHidden ? row(name) : name))
  // Empty frames in place of every picture tell nothing.
  const none = addresses.every((address) => address === '')
  return { addresses: none ? null : addresses, warnings: [refusedFiles(names)] }
}

function refusedFiles(names: readonly string[]): Warning {
  return {
    code: 'image-refused',
    message: `${countOf(names.length, 'file')} that rows name as pictures ${names.length === 1 ? 'is' : 'are'} left out, since no such file was uploaded or it is no PNG, JPEG, WebP, GIF or AVIF: ${listed(names)}`,
  }
}
