/** What is said of vectors that can't be read, the same in every format. */

import { InputError } from '../core/errors.ts'
import { MOST_DIMENSIONS } from '../core/limits.ts'

/** From here on whole numbers are rounded in a double. */
export const FIRST_ROUNDED = 2 ** 53

export function ragged(size: number, dimensions: number, where: string): InputError {
  return new InputError({
    code: 'vectors-ragged',
    message: `The vector has ${size} numbers, and the first one has ${dimensions}.`,
    where,
    hint: 'Give each row a vector of the same model; leave a row without one empty, and it is set aside.',
  })
}

export function tooManyDimensions(dimensions: number, where: string): InputError {
  return new InputError({
    code: 'too-many-dimensions',
    message: `The vector has ${dimensions} numbers or more; at most ${MOST_DIMENSIONS} are read.`,
    where,
    hint: 'Each row holds one vector: check that lists of several vectors weren’t joined.',
  })
}

export function roundedInteger(value: unknown, where: string): InputError {
  return new InputError({
    code: 'vectors-integers',
    message: `${value} is a whole number of 2^53 or more, which float64 rounds, let alone float32, in which rows are evaluated.`,
    where,
    hint: 'Take away what all rows have in common before saving, for example embeddings - embeddings[0], or scale them.',
  })
}

export function tooLarge(
  rows: number,
  dimensions: number,
  byteLength: number,
  where: string,
): InputError {
  return new InputError({
    code: 'too-large',
    message: `${rows} rows of ${dimensions} dimensions take ${rows * dimensions * byteLength} bytes, more than one array may have.`,
    where,
    hint: 'Evaluate a sample of the rows.',
  })
}
