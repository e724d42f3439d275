/** NumPy’s `.npy`: one array, the vectors or the labels, or a structured one, a table. */

import { InputError } from '../core/errors.ts'
import { isUsualId } from '../core/usual-names.ts'
import type { Opener } from './contents.ts'
import { npyContents } from './npy-contents.ts'
import { readNpyMembers } from './npy-header.ts'

export const openNpy: Opener = async (file, { part, columns }) => {
  const bytes = await file.bytes()
  const where = file.name
  // Beside vectors and labels that are arrays too.
  const areIds = part === 'metadata' && isUsualId(where.replace(/\.npy$/i, ''))
  const plainName = part === 'vectors' ? columns.embeddings : areIds ? columns.id : columns.label
  const members = readNpyMembers(bytes, bytes.length, where, plainName)
  if (part === 'metadata' && !areIds && members.some(({ name }) => name === null)) {
    throw new InputError({
      code: 'npy-unnamed',
      message: 'A .npy file holds one array, and metadata needs a name for each of its columns.',
      where,
      hint: 'Save the columns by name with np.savez("metadata.npz", id=ids, camera=cameras), or as metadata.csv.',
    })
  }
  const fields = members.map((member) => ({
    name: member.name ?? plainName,
    member,
    start: bytes,
  }))
  return npyContents(where, [{ where, fields, bytes: async () => bytes }], [])
}
