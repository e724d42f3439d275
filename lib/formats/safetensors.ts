/** safetensors: tensors by name, each read where it lies. */

import type { Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import type { Column, Vectors } from '../core/table.ts'
import type { Field, Opener } from './contents.ts'
import { npyField } from './npy-contents.ts'
import type { NpyHeader } from './npy-header.ts'
import type { NpyType } from './npy-type.ts'
import { npyColumn, npyVectors } from './npy-values.ts'
import { readSafetensorsHeader, type Tensor } from './safetensors-header.ts'

/** As NumPy's types are read, which lie in memory alike. */
const NUMPY_TYPES: Readonly<Record<string, NpyType>> = {
  F64: numpyType('f', 8),
  F32: numpyType('f', 4),
  F16: numpyType('f', 2),
  BF16: numpyType('B', 2),
  I64: numpyType('i', 8),
  I32: numpyType('i', 4),
  I16: numpyType('i', 2),
  I8: numpyType('i', 1),
  U64: numpyType('u', 8),
  U32: numpyType('u', 4),
  U16: numpyType('u', 2),
  U8: numpyType('u', 1),
  BOOL: numpyType('b', 1),
}

export const openSafetensors: Opener = async (file) => {
  const tensors = await readSafetensorsHeader(file)
  const source = file.name
  return {
    source,
    where: source,
    fields: tensors.map((tensor) => fieldOf(tensor, source)),
    warnings: [],
    read: async ({ matrices, columns }) => {
      const vectors: Vectors[] = []
      for (const [place] of matrices) {
        const tensor = tensors[place!]!
        const bytes = await file.slice(tensor.start, tensor.end)
        vectors.push(npyVectors(bytes, headerOf(tensor), whereOf(tensor, source)))
      }
      const read: Column[] = []
      for (const { field, asText } of columns) {
        const tensor = tensors[field]!
        const bytes = await file.slice(tensor.start, tensor.end)
        const where = whereOf(tensor, source)
        read.push(npyColumn(tensor.name, bytes, headerOf(tensor), asText, where))
      }
      return { rows: null, matrices: vectors, columns: read, warnings: [] }
    },
  }
}

function fieldOf(tensor: Tensor, source: string): Field {
  const { name, dtype, start, end } = tensor
  const isKnown = Object.hasOwn(NUMPY_TYPES, dtype)
  return {
    ...npyField(name, headerOf(tensor)),
    type: dtype,
    ...(isKnown ? {} : { kind: 'other', problem: unreadType(tensor, source) }),
    byteLength: end - start,
  }
}

function headerOf({ dtype, shape }: Tensor): NpyHeader {
  const type = Object.hasOwn(NUMPY_TYPES, dtype) ? NUMPY_TYPES[dtype]! : numpyType('f', 4)
  return { type, shape, fortranOrder: false, dataOffset: 0 }
}

function numpyType(kind: NpyType['kind'], byteLength: number): NpyType {
  return { kind, byteLength, littleEndian: true, descr: `<${kind}${byteLength}` }
}

function whereOf({ name }: Tensor, source: string): string {
  return `${source}, array ${shortName(name)}`
}

function unreadType(tensor: Tensor, source: string): Issue {
  return {
    code: 'safetensors-type',
    message: `The tensor is of type ${shortName(tensor.dtype)}, which is not read; these are: ${Object.keys(NUMPY_TYPES).join(', ')}.`,
    where: whereOf(tensor, source),
    hint: 'Save it as float32: embeddings.to(torch.float32), or scale what is quantised back first.',
  }
}
