/** Whether an evaluation fits into memory: told before it starts, since a process that runs out says nothing. */

import { totalmem } from 'node:os'
import type { Dataset } from './core/dataset.ts'
import { InputError } from './core/errors.ts'
import { countOf } from './core/words.ts'

/** What may be used of the memory that is there; the rest is for the system and what else runs. */
const USABLE_SHARE = 0.8
/** Vectors as they were read, prepared for the distance, and as the backend's tensors. */
const COPIES_OF_VECTORS = 3
/** Sums of distances, and what is made of them. */
const COPIES_OF_CLASS_SUMS = 2
/** The program itself, the tiles that are worked on, figures and the page. */
const BASE_BYTES = 700e6

type Size = Pick<Dataset, 'rows' | 'dimensions'> & { readonly classes: number }

/** About the most bytes that evaluating this many rows takes at a time. */
export function memoryEstimate({ rows, dimensions, classes }: Size): number {
  const vectors = rows * dimensions * Float32Array.BYTES_PER_ELEMENT * COPIES_OF_VECTORS
  const sums = rows * classes * Float64Array.BYTES_PER_ELEMENT * COPIES_OF_CLASS_SUMS
  return vectors + sums + BASE_BYTES
}

/** Four fifths of the memory that a function or a machine has: this machine's unless given. */
export function usableMemory(bytes: number = totalmem()): number {
  return USABLE_SHARE * bytes
}

/** @throws InputError `too-large` where the evaluation would take more than `limitBytes`. */
export function checkMemory(size: Size, limitBytes: number, file: string): void {
  const bytes = memoryEstimate(size)
  if (bytes <= limitBytes) return
  const { rows, dimensions, classes } = size
  const what = `${countOf(rows, 'row')} of ${countOf(dimensions, 'dimension')} in ${countOf(classes, 'class', 'classes')}`
  const manyClasses = memoryEstimate({ rows, dimensions, classes: 0 }) <= limitBytes
  throw new InputError({
    code: 'too-large',
    message: `${what} take about ${gigabytes(bytes)} of memory to evaluate, and ${gigabytes(limitBytes)} may be used here.`,
    where: file,
    hint: manyClasses
      ? 'Check that the label column holds classes rather than a value of its own for each row; else evaluate a sample of the classes, or give the machine or function more memory.'
      : 'Evaluate a sample of the rows, or give the machine or function more memory.',
  })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`
}
