/** NumPy's `.npz`: arrays by name, in a zip. */

import { InputError, type Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Opener } from './contents.ts'
import { type NpyArray, npyContents } from './npy-contents.ts'
import { MAX_NPY_HEADER_BYTE_LENGTH, type NpyMember, readNpyMembers } from './npy-header.ts'
import { openZip } from './zip.ts'

interface NamedArray extends Omit<NpyArray, 'fields'> {
  readonly name: string
  readonly members: readonly NpyMember[]
  readonly start: Uint8Array
}

export const openNpz: Opener = async (file, { maxInflatedByteLength }) => {
  const source = file.name
  const { arrays, strangers } = await openArrays(await file.bytes(), maxInflatedByteLength, source)
  const named = arrays.map(({ name, members, start, where, bytes }): NpyArray => {
    const fields = members.map((member) => ({
      // Of the only array the columns go by their own names.
      name:
        member.name === null ? name : arrays.length === 1 ? member.name : `${name}.${member.name}`,
      member,
      start,
    }))
    return { where, bytes, fields }
  })
  const warnings = strangers.map((name) => ({
    code: 'array-ignored' as const,
    message: `The array ${shortName(name)} is left out: it is not a .npy array`,
  }))
  return npyContents(source, named, warnings)
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
    const members = tryMembers(start, entry.byteLength, where, name)
    arrays.set(name, { name, where, members, start, bytes: () => entry.read() })
  }
  if (arrays.size === 0) {
    throw new InputError({
      code: 'npz-empty',
      message: `The zip holds 0 NumPy arrays${strangers.length > 0 ? ` (${strangers.slice(0, 5).join(', ')})` : ''}.`,
      where: source,
      hint: 'Write it with np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids)',
    })
  }
  return { arrays: [...arrays.values()], strangers }
}

/** What is wrong with the header is fatal only if the array is needed. */
function tryMembers(
  start: Uint8Array,
  byteLength: number,
  where: string,
  name: string,
): readonly NpyMember[] {
  try {
    return readNpyMembers(start, byteLength, where, name)
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    const problem: Issue = error.issues[0]!
    return [{ name: null, descr: '', shape: [], header: null, problem }]
  }
}
