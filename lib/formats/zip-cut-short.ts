/** Where a zip without its closing directory was cut short, told by the headers of its entries. */

import { shortName } from '../core/limits.ts'

const LOCAL_HEADER = 0x04034b50
const DIRECTORY_HEADER = 0x02014b50
const HEADER_BYTES = 30
const ZIP64_EXTRA = 0x0001
const SIZE_IS_IN_EXTRA = 0xffffffff

/**
 * A zip's directory comes last, so that a file which was cut short has none. Each entry also has a
 * header of its own with its length (APPNOTE.TXT 4.3.7): the first that reaches beyond the file names
 * both numbers. Null where the headers don't tell.
 */
export function whereCutShort(bytes: Uint8Array): string | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let offset = 0
  while (offset + HEADER_BYTES <= bytes.length && view.getUint32(offset, true) === LOCAL_HEADER) {
    const nameLength = view.getUint16(offset + 26, true)
    const extraStart = offset + HEADER_BYTES + nameLength
    const extraEnd = extraStart + view.getUint16(offset + 28, true)
    if (extraEnd > bytes.length) break
    const name = new TextDecoder().decode(bytes.subarray(offset + HEADER_BYTES, extraStart))
    const size = compressedSize(view, offset, extraStart, extraEnd)
    if (size === null) return null
    const end = extraEnd + size
    if (end > bytes.length) {
      return `its entry ${shortName(name)} runs to byte ${end}, and the file ends at byte ${bytes.length}`
    }
    offset = end
  }
  const complete = offset + 4 <= bytes.length && view.getUint32(offset, true) === DIRECTORY_HEADER
  return offset === 0 || !complete
    ? null
    : `its directory starts at byte ${offset} and is not complete where the file ends, at byte ${bytes.length}`
}

/** Null where the size only follows after the content. */
function compressedSize(
  view: DataView,
  header: number,
  extraStart: number,
  extraEnd: number,
): number | null {
  const size = view.getUint32(header + 18, true)
  const followsContent = (view.getUint16(header + 6, true) & 8) !== 0
  if (size !== SIZE_IS_IN_EXTRA) return followsContent && size === 0 ? null : size
  for (let at = extraStart; at + 4 <= extraEnd; at += 4 + view.getUint16(at + 2, true)) {
    // Sizes before and after compression, 8 bytes each.
    if (view.getUint16(at, true) === ZIP64_EXTRA && at + 20 <= extraEnd) {
      const stored = Number(view.getBigUint64(at + 12, true))
      return followsContent && stored === 0 ? null : stored
    }
  }
  return null
}
