/** NumPy's `.npz`: arrays by name, in a zip. */

import { InputError } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Opener } from './contents.ts'
import { MAX_NPY_HEADER_BYTE_LENGTH, type NpyHeader, readNpyHeader } from './npy-header.ts'
import { type NpyPart, npyParts, readParts, unreadablePart } from './npy-parts.ts'
import { openZip, type ZipEntry } from './zip.ts'

interface NamedArray {
  readonly name: string
  readonly where: string
  readonly entry: ZipEntry
  /** What is wrong with the header, where something is; fatal only if the array is needed. */
  readonly header: NpyHeader | InputError
}

export const openNpz: Opener = async (file, { maxInflatedByteLength }) => {
  const source = file.name
  const { arrays, strangers } = await openArrays(await file.bytes(), maxInflatedByteLength, source)
  const parts = arrays.flatMap(partsOf)
  return {
    source,
    where: source,
    fields: parts.map(({ field }) => field),
    warnings: strangers.map((name) => ({
      code: 'array-ignored',
      message: `The array ${shortName(name)} is left out: it is not a .npy array`,
    })),
    read: (selection) => readParts(parts, selection, null, source),
  }
}

function partsOf({ name, header, entry, where }: NamedArray): readonly NpyPart[] {
  if (header instanceof InputError) return [unreadablePart(name, header.issues[0]!)]
  return npyParts({ name, header, where, load: () => entry.read() })
}

async function openArrays(
  bytes: Uint8Array,
  maxInflatedByteLength: number,
  source: string,
): Promise<{ arrays: readonly NamedArray[]; strangers: readonly string[] }> {
  const arrays = new Map<string, NamedArray>()
  const strangers: string[] = []
  for (const entry of await openZip(bytes, maxInflatedByteLength, source)) {
    if (!entry.name.endsWith('.npy')) {
      strangers.push(entry.name)
      continue
    }
    const name = entry.name.slice(0, -'.npy'.length)
    if (arrays.has(name)) {
      throw new InputError({
        code: 'npz-duplicate',
        message: `The file holds two arrays of the name ${shortName(name)}.`,
        where: source,
        hint: 'Save it again with np.savez, each array under a name of its own.',
      })
    }
    const where = `${source}, array ${shortName(name)}`
    // Headers first: an array that isn't used is never unfolded.
    const start = await entry.peek(MAX_NPY_HEADER_BYTE_LENGTH + 12)
    arrays.set(name, { name, where, entry, header: tryHeader(start, entry.byteLength, where) })
  }
  if (arrays.size === 0) {
    throw new InputError({
      code: 'npz-empty',
      message: `The zip holds 0 NumPy arrays${strangers.length > 0 ? ` (${strangers.slice(0, 5).join(', ')})` : ''}.`,
      where: source,
      hint: 'Write it with np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids).',
    })
  }
  return { arrays: [...arrays.values()], strangers }
}

function tryHeader(start: Uint8Array, byteLength: number, where: string): NpyHeader | InputError {
  try {
    return readNpyHeader(start, byteLength, where)
  } catch (error) {
    if (error instanceof InputError) return error
    throw error
  }
}
