/**
 * The source of `kernel.wasm`: the loops over pairs of rows, in WebAssembly text, with a file for each
 * function in `source/`. These are modules rather than .wat files because the innermost loops are unrolled
 * over registers, and a loop in JavaScript writes that best. `node infra/kernel.mjs` assembles them. What
 * they call a row is the row at a position.
 *
 * Rows are whole numbers of 16 bits, quantised with a scale of their own, in panels of eight rows: the
 * numbers of dimensions 2k and 2k + 1 of a panel's eight rows lie side by side, 32 bytes in all. One
 * operand of a multiplication is a vector register with such number pairs of four rows, the other holds
 * one row's number pair in every lane, and `i32x4.dot_i16x8_s` adds to four inner products at once. The
 * scales are chosen so that sums stay below 2³¹. A patch of 4 × 8 pairs of rows is as much as 16
 * registers hold without spilling.
 */

import { measure } from './source/measure.mjs'
import { near } from './source/near.mjs'
import { scan, scanClasses } from './source/scan.mjs'
import { squares } from './source/squares.mjs'

export const kernelSource = `(module
  (import "env" "memory" (memory 1 65536 shared))
  ${near} ${squares} ${scan} ${scanClasses} ${measure})`
