/** NumPy's `.npy`: one array, the vectors or the labels. */

import { InputError } from '../core/errors.ts'
import { LONGEST_LABEL, textTooLong } from '../core/limits.ts'
import type { Reader } from './format.ts'
import { readNpyHeader, shapeText } from './npy-header.ts'
import { npyColumn, npyVectors, textLength } from './npy-values.ts'

export const readNpy: Reader = async ({ name: source, bytes }, { part, columns }) => {
  const header = readNpyHeader(bytes, bytes.length, source)
  if (part === 'vectors') {
    const vectors = npyVectors(bytes, header, source)
    return { source, vectors, columns: [], rows: vectors.rows, warnings: [] }
  }
  if (part === 'metadata') {
    throw new InputError({
      code: 'npy-unnamed',
      message: 'A .npy file holds one array, and metadata needs a name for each of its columns.',
      where: source,
      hint: 'Save the columns by name with np.savez("metadata.npz", id=ids, camera=cameras), or as metadata.csv.',
    })
  }
  if (header.shape.length !== 1) throw labelsShape(source, header.shape)
  const length = textLength(header.type)
  if (length > LONGEST_LABEL) {
    throw textTooLong(columns.label, length, LONGEST_LABEL, source, true)
  }
  const column = npyColumn(columns.label, bytes, header, true, source)
  return { source, vectors: null, columns: [column], rows: column.values.length, warnings: [] }
}

/** Labels that aren't one a row: a column vector, or one column for each class. */
export function labelsShape(where: string, shape: readonly number[]): InputError {
  return new InputError({
    code: 'labels-shape',
    message: `The labels have ${shape.length} axes, shape ${shapeText(shape)}; they need 1: one label a row.`,
    where,
    hint:
      shape.length === 2 && shape[1] !== 1
        ? 'Turn one column for each class into one label a row: labels.argmax(axis=1).'
        : 'Flatten them: labels.ravel().',
  })
}
