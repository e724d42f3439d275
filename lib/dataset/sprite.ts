/** The sprite: one picture that holds a tile for each row of the upload. */

import type { Issue } from '../core/errors.ts'
import type { IssueCode } from '../core/issue-codes.ts'
import type { Images } from '../core/manifest.ts'
import { pictureType } from './picture-type.ts'

type SpriteSetting = Extract<Images, { sprite: string }>

/**
 * The sheet's width and height in pixels, or what is wrong with it: it must be a PNG that holds at
 * least as many whole tiles as the upload has rows.
 */
export function checkSprite(
  bytes: Uint8Array | null,
  { sprite, tile }: SpriteSetting,
  rows: number,
): { readonly sheet: readonly [width: number, height: number] } | { readonly issue: Issue } {
  const wrong = (code: IssueCode, message: string, hint: string) => ({
    issue: { code, message, where: sprite, hint },
  })
  if (bytes === null) {
    return wrong(
      'sprite-missing',
      `The manifest names the sprite ${sprite}, and there is no such file beside the embeddings.`,
      'Upload the picture beside the embeddings, not in a folder, or take images out of the manifest.',
    )
  }
  if (bytes.length < 24 || pictureType(bytes) !== 'png') {
    return wrong(
      'sprite-format',
      `The sprite is no PNG: its first bytes are ${Buffer.from(bytes.subarray(0, 8)).toString('hex')}.`,
      'Save it as PNG.',
    )
  }
  // IHDR comes first: width and height are 4 bytes each, most significant first, from byte 16 on.
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [width, height] = [header.getUint32(16), header.getUint32(20)]
  const tiles = Math.floor(width / tile[0]) * Math.floor(height / tile[1])
  if (tiles < rows) {
    return wrong(
      'sprite-size',
      `The sprite is ${width} × ${height} pixels, room for ${tiles} tiles of ${tile[0]} × ${tile[1]}, and the upload has ${rows} rows.`,
      'Every row needs a tile, in row order, left to right; check tile in the manifest.',
    )
  }
  return { sheet: [width, height] }
}
