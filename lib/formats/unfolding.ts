/** What the parts of a packed file that is read by range may unfold to. */

import type { FileSource } from '../core/file-source.ts'

/** So much in any case, and so many times what the file has. */
const FREE_BYTES = 2 ** 28
const MOST_FOLDS = 200

/** Bytes that they may unfold to still, those that are read twice counted twice. */
export interface Unfolding {
  left: number
  readonly most: number
}

export function unfoldingOf({ byteLength }: Pick<FileSource, 'byteLength'>): Unfolding {
  const most = Math.max(FREE_BYTES, byteLength * MOST_FOLDS)
  return { left: most, most }
}
