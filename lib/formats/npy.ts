/** NumPy’s `.npy`: one array, the vectors or the labels. */

import { InputError } from '../core/errors.ts'
import type { Opener } from './contents.ts'
import { npyField } from './npy-field.ts'
import { readNpyHeader } from './npy-header.ts'
import { npyColumn, npyVectors } from './npy-values.ts'

export const openNpy: Opener = async (file, { part, columns }) => {
  const bytes = await file.bytes()
  const source = file.name
  const header = readNpyHeader(bytes, bytes.length, source)
  if (part === 'metadata') {
    throw new InputError({
      code: 'npy-unnamed',
      message: 'A .npy file holds one array, and metadata needs a name for each of its columns.',
      where: source,
      hint: 'Save the columns by name with np.savez("metadata.npz", id=ids, camera=cameras), or as metadata.csv.',
    })
  }
  const name = part === 'vectors' ? columns.embeddings : columns.label
  return {
    source,
    where: source,
    fields: [npyField(name, header)],
    warnings: [],
    read: async ({ matrices, columns: chosen }) => ({
      rows: header.shape[0] ?? null,
      matrices: matrices.map(() => npyVectors(bytes, header, source)),
      columns: chosen.map(({ asText }) => npyColumn(name, bytes, header, asText, source)),
      warnings: [],
    }),
  }
}
