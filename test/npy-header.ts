/** The header of a plain array of NumPy, for tests and benches. */

import { InputError } from '../lib/core/errors.ts'
import { type NpyHeader, readNpyMembers } from '../lib/formats/npy-header.ts'

export function readNpyHeader(bytes: Uint8Array, byteLength: number, where: string): NpyHeader {
  const [{ header, problem }] = readNpyMembers(bytes, byteLength, where) as [
    ReturnType<typeof readNpyMembers>[number],
  ]
  if (header === null) throw new InputError(problem!)
  return header
}
