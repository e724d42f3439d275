/** Every format that is read, and the choice between them. A format is one file and one entry here. */

import { InputError } from '../core/errors.ts'
import type { InputFile, Table } from '../core/table.ts'
import { csv } from './csv.ts'
import type { Format, ReadOptions } from './format.ts'
import { npy } from './npy.ts'
import { npz } from './npz.ts'

export const formats: readonly Format[] = [npz, npy, csv]

/**
 * Reads a file of an upload. Its first bytes choose the format, then its extension does.
 * Throws `InputError` for a file that no format reads or that is damaged.
 *
 * @example await readTable({ name: 'embeddings.npz', bytes }, { part: 'vectors', columns })
 */
export async function readTable(file: InputFile, options: ReadOptions): Promise<Table> {
  const known = formats.flatMap((format) => format.extensions).join(', ')
  if (file.bytes.length === 0) {
    throw new InputError({
      code: 'empty-file',
      message: 'The file has 0 bytes.',
      where: file.name,
      hint: 'The upload was cut short or the file was never written: upload it again.',
    })
  }
  const name = file.name.toLowerCase()
  const format =
    formats.find((candidate) => candidate.matches(file.bytes)) ??
    formats.find(({ extensions }) => extensions.some((extension) => name.endsWith(extension)))
  if (format === undefined) {
    throw new InputError({
      code: 'unknown-format',
      message: `The file's first bytes (${Buffer.from(file.bytes.subarray(0, 8)).toString('hex')}) and its name are of no format that is read: ${known}.`,
      where: file.name,
      hint: 'Save it as .npz: np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids).',
    })
  }
  return format.read(file, options)
}
