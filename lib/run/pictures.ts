/** Pictures of rows: the sprite, or the single pictures of those rows that the page shows. */

import type { Context } from '../core/context.ts'
import type { ReportImages } from '../core/images.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'
import { listed } from '../dataset/columns.ts'
import { pictureType } from '../dataset/picture-type.ts'
import { inTurns } from '../publish/key-lists.ts'
import { uploadKey } from '../publish/keys.ts'
import { type Picture, pictureOf } from '../site/pictures.ts'
import { UploadChangedError } from '../upload/change.ts'
import type { Upload } from '../upload/content.ts'
import type { ReadUpload } from '../upload/rows.ts'

/** Pictures beside the upload that one report shows at most, and their size: a page must stay a page. */
const MOST_PICTURES = 2000
const LARGEST_PICTURE = 512 * 1024
/** Pictures that are fetched at a time: a store far away answers each of them late. */
const AT_A_TIME = 16

/** How a report refers to pictures, and the sprite; null where the rows have none. */
export function reportImages(
  { dataset, manifest, sprite }: ReadUpload,
  project: string,
): { readonly images: ReportImages | null; readonly pictures: readonly Picture[] } {
  if (sprite !== null) {
    const { bytes, tile, sheet } = sprite
    const picture = pictureOf(project, 'png', bytes, async () => bytes)
    return { images: { kind: 'sprite', href: picture.address, tile, sheet }, pictures: [picture] }
  }
  const hasLinks = dataset.images !== null && manifest.privacy.images !== 'none'
  return { images: hasLinks ? { kind: 'links' } : null, pictures: [] }
}

export interface RowPictures {
  /** The address of each row's picture, empty for none; null where the rows have no pictures. */
  readonly addresses: readonly string[] | null
  readonly pictures: readonly Picture[]
  readonly warnings: readonly Warning[]
}

/**
 * Pictures by row: https addresses as they are, files beside the upload for the rows that are shown,
 * in that order, where the manifest allows thumbnails. An upload is not trusted: of its files only
 * pictures by name and by content are taken, whatever its rows name.
 */
export async function rowPictures(
  { uploads }: Pick<Context, 'uploads'>,
  upload: Upload,
  { dataset, manifest, sprite }: ReadUpload,
  shown: Iterable<number>,
): Promise<RowPictures> {
  const { images } = dataset
  if (images === null || sprite !== null || manifest.privacy.images === 'none') {
    return { addresses: null, pictures: [], warnings: [] }
  }
  const addresses = images.map((address) => (address.startsWith('https://') ? address : ''))
  if (manifest.privacy.images !== 'thumbnails') return { addresses, pictures: [], warnings: [] }
  const uploaded = new Set(upload.parts?.pictures)
  const refused = new Set(
    images.filter((name, row) => name !== addresses[row] && !uploaded.has(name)),
  )
  const pictures: Picture[] = []
  const wanted = [...shown]
    .filter((row) => images[row] !== addresses[row] && !refused.has(images[row]!))
    .slice(0, MOST_PICTURES)
  await inTurns(
    wanted,
    async (row) => {
      const name = images[row]!
      const key = uploadKey(upload.project, upload.run, name)
      const stored = await uploads.get(key)
      if (stored === null || stored.byteLength > LARGEST_PICTURE) return
      const type = pictureType(stored.body)
      if (type === null) {
        refused.add(name)
        return
      }
      const { etag } = stored
      const picture = pictureOf(upload.project, type, stored.body, async () => {
        const again = await uploads.get(key)
        if (again?.etag === etag) return again.body
        throw new UploadChangedError(`${key} changed while its upload was evaluated`)
      })
      pictures.push(picture)
      addresses[row] = picture.address
    },
    AT_A_TIME,
  )
  if (refused.size === 0) return { addresses, pictures, warnings: [] }
  const row = (name: string) => `row ${dataset.sourceRows[images.indexOf(name)]}`
  const names = [...refused].map((name) => (dataset.imagesHidden ? row(name) : name))
  // Empty frames in place of every picture tell nothing.
  const none = addresses.every((address) => address === '')
  return { addresses: none ? null : addresses, pictures, warnings: [refusedFiles(names)] }
}

function refusedFiles(names: readonly string[]): Warning {
  return {
    code: 'image-refused',
    message: `${countOf(names.length, 'file')} that rows name as pictures ${names.length === 1 ? 'is' : 'are'} left out, since no such file was uploaded or it is no PNG, JPEG, WebP, GIF or AVIF: ${listed(names)}`,
  }
}
