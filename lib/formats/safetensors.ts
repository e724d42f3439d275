/** safetensors: tensors by name, each read where it lies. */

import type { Issue } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import { shortName } from '../core/limits.ts'
import type { Column, Vectors } from '../core/table.ts'
import type { Field, Opener } from './contents.ts'
import { bfloat16Values } from './half-floats.ts'
import { npyField } from './npy-contents.ts'
import type { NpyHeader } from './npy-header.ts'
import type { NpyType } from './npy-type.ts'
import { npyColumn, npyVectors } from './npy-values.ts'
import { readSafetensorsHeader, type Tensor } from './safetensors-header.ts'

/** As NumPy writes the type; a bfloat16 is read as the float32 that it is half of. */
const NUMPY_TYPES: Readonly<Record<string, NpyType>> = {
  F64: numpyType('f', 8),
  F32: numpyType('f', 4),
  F16: numpyType('f', 2),
  BF16: numpyType('f', 4),
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
        const { bytes, header } = await readTensor(file, tensor)
        vectors.push(npyVectors(bytes, header, whereOf(tensor, source)))
      }
      const read: Column[] = []
      for (const { field, asText } of columns) {
        const tensor = tensors[field]!
        const { bytes, header } = await readTensor(file, tensor)
        read.push(npyColumn(tensor.name, bytes, header, asText, whereOf(tensor, source)))
      }
      return { rows: null, matrices: vectors, columns: read, warnings: [] }
    },
  }
}

function fieldOf(tensor: Tensor, source: string): Field {
  const { name, dtype, start, end } = tensor
  const isKnown = dtype in NUMPY_TYPES
  return {
    ...npyField(name, headerOf(tensor)),
    type: dtype,
    ...(isKnown ? {} : { kind: 'other', problem: unreadType(tensor, source) }),
    byteLength: end - start,
  }
}

async function readTensor(
  file: FileSource,
  tensor: Tensor,
): Promise<{ readonly bytes: Uint8Array; readonly header: NpyHeader }> {
  const bytes = await file.slice(tensor.start, tensor.end)
  const header = headerOf(tensor)
  if (tensor.dtype !== 'BF16') return { bytes, header }
  return { bytes: new Uint8Array(bfloat16Values(bytes).buffer), header }
}

function headerOf({ dtype, shape }: Tensor): NpyHeader {
  const type = NUMPY_TYPES[dtype] ?? numpyType('f', 4)
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
