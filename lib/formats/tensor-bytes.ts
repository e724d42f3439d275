/** Bare float32, as TensorFlow’s Embedding Projector has it: another file tells their shape. */

import { InputError } from '../core/errors.ts'
import { PROJECTOR_CONFIG } from '../core/formats.ts'
import { MOST_DIMENSIONS } from '../core/limits.ts'
import type { Contents, Opener } from './contents.ts'

const FLOAT_BYTES = 4

/** Rows of float32, little-endian, one after another. */
export const openTensorBytes: Opener = async (file, { tensorShape }): Promise<Contents> => {
  const source = file.name
  const [rows, dimensions] = shapeOf(source, file.byteLength, tensorShape ?? null)
  return {
    source,
    where: source,
    fields: [
      {
        name: 'tensors',
        kind: 'vector',
        type: 'float32',
        shape: [rows, dimensions],
        examples: [],
        isInteger: false,
        problem: null,
        longestText: null,
        byteLength: file.byteLength,
      },
    ],
    warnings: [],
    read: async ({ matrices }) => {
      // Where numbers of four bytes may start.
      const values = new Float32Array(rows * dimensions)
      new Uint8Array(values.buffer).set(await file.bytes())
      return {
        rows,
        matrices: matrices.map(() => ({ values, rows, dimensions })),
        columns: [],
        warnings: [],
      }
    },
  }
}

function shapeOf(
  source: string,
  byteLength: number,
  shape: readonly [number, number] | null,
): readonly [number, number] {
  if (shape === null) {
    throw new InputError({
      code: 'projector-shape',
      message: `The file has ${byteLength} bytes of numbers, and nothing says how many dimensions a row has.`,
      where: source,
      hint: `Put ${PROJECTOR_CONFIG} beside it, with "tensorShape": [rows, dimensions].`,
    })
  }
  const [rows, dimensions] = shape
  if (BigInt(rows) * BigInt(dimensions) * BigInt(FLOAT_BYTES) !== BigInt(byteLength)) {
    throw new InputError({
      code: 'projector-shape',
      message: `The shape (${rows}, ${dimensions}) of ${PROJECTOR_CONFIG} needs ${BigInt(rows) * BigInt(dimensions) * BigInt(FLOAT_BYTES)} bytes, and the file has ${byteLength}.`,
      where: source,
      hint: 'Write both from one array: the vectors as float32 with .tofile(), the shape as tensorShape.',
    })
  }
  if (dimensions > MOST_DIMENSIONS) {
    throw new InputError({
      code: 'too-many-dimensions',
      message: `The vectors have ${dimensions} dimensions; at most ${MOST_DIMENSIONS} are read.`,
      where: source,
      hint: 'Rows come first in tensorShape, dimensions second.',
    })
  }
  return shape
}
