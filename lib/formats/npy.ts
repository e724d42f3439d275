/** NumPy’s `.npy`: one array, the vectors or the labels. */

import { InputError } from '../core/errors.ts'
import type { Opener } from './contents.ts'
import { readNpyHeader } from './npy-header.ts'
import { npyParts, readParts } from './npy-parts.ts'

export const openNpy: Opener = async (file, { part, columns }) => {
  const bytes = await file.bytes()
  const source = file.name
  const header = readNpyHeader(bytes, bytes.length, source)
  if (part === 'metadata' && header.type.members === undefined) {
    throw new InputError({
      code: 'npy-unnamed',
      message: 'A .npy file holds one array, and metadata needs a name for each of its columns.',
      where: source,
      hint: 'Save the columns by name with np.savez("metadata.npz", id=ids, camera=cameras), or as metadata.csv.',
    })
  }
  const name = part === 'vectors' ? columns.embeddings : columns.label
  const parts = npyParts({ name, header, where: source, load: async () => bytes })
  return {
    source,
    where: source,
    fields: parts.map(({ field }) => field),
    warnings: [],
    read: (selection) => readParts(parts, selection, header.shape[0] ?? null, source),
  }
}
