/** Whether an evaluation fits into memory: told before it starts, since a process that runs out says nothing. */

import { totalmem } from 'node:os'
import { MOST_SUMS } from '../core/class-distances.ts'
import type { Dataset } from '../core/dataset.ts'
import { InputError } from '../core/errors.ts'
import { countOf } from '../core/words.ts'

/** What may be used of the memory that is there; the rest is for the system and what else runs. */
const USABLE_SHARE = 0.8
/** Of each component: as it was uploaded, as it is prepared, and in whole numbers of two bytes. */
const BYTES_PER_COMPONENT = 4 + 4 + 2
/** What is kept of a row whatever its class: its nearest, its ranks, its figures. */
const BYTES_PER_ROW = 2048
/** More saves no time. */
const MOST_LIST_BYTES = 640 * 2 ** 20
/** Of a row that a map lays out: its 90 nearest, and their affinities from both sides. */
const BYTES_PER_MAP_ROW = 9000
/** The program itself, the tiles that are worked on, figures and the page. */
const BASE_BYTES = 700e6

export interface EvaluationSize extends Pick<Dataset, 'rows' | 'dimensions'> {
  readonly classes: number
  /** Rows that maps lay out. */
  readonly mapRows: number
}

/** About the most bytes that evaluating this many rows takes at a time, and can't do without. */
export function memoryEstimate({ rows, dimensions, classes, mapRows }: EvaluationSize): number {
  const vectors = rows * dimensions * BYTES_PER_COMPONENT
  const sums = Math.min(rows * classes, MOST_SUMS) * Float64Array.BYTES_PER_ELEMENT
  return vectors + rows * BYTES_PER_ROW + sums + mapRows * BYTES_PER_MAP_ROW + BASE_BYTES
}

/** What is left for lists of each row's nearest, which save a second look at all pairs. */
export function listMemory(size: EvaluationSize, limitBytes: number): number {
  return Math.max(0, Math.min(MOST_LIST_BYTES, limitBytes - memoryEstimate(size)))
}

/** Four fifths of the memory that a function or a machine has: this machine's unless given. */
export function usableMemory(bytes: number = totalmem()): number {
  return USABLE_SHARE * bytes
}

/** @throws InputError `too-large` where the evaluation would take more than `limitBytes`. */
export function checkMemory(size: EvaluationSize, limitBytes: number, file: string): void {
  const bytes = memoryEstimate(size)
  if (bytes <= limitBytes) return
  const { rows, dimensions, classes } = size
  const what = `${countOf(rows, 'row')} of ${countOf(dimensions, 'dimension')} in ${countOf(classes, 'class', 'classes')}`
  const manyClasses = memoryEstimate({ ...size, classes: 0 }) <= limitBytes
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
