/** What kind of picture bytes are, by their first ones: raster formats that run nothing in a browser. */

/** As a file's extension. */
export type PictureType = 'png' | 'jpg' | 'webp' | 'gif' | 'avif'

/** Null for everything else, SVG too. */
export function pictureType(bytes: Uint8Array): PictureType | null {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1')
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (start.startsWith('\xff\xd8\xff')) return 'jpg'
  if (start.startsWith('GIF87a') || start.startsWith('GIF89a')) return 'gif'
  if (start.startsWith('RIFF') && start.slice(8) === 'WEBP') return 'webp'
  return ['ftypavif', 'ftypavis'].includes(start.slice(4)) ? 'avif' : null
}
