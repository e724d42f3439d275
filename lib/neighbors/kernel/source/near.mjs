/** The kernel's function that finds the pairs below a threshold. */

import {
  accumulators,
  columnAddress,
  doubled,
  each,
  multiply,
  norms,
  ofColumns,
  ofRow,
  rowAddress,
  setFacts,
  threshold,
} from './patch.mjs'

/**
 * near: finds the pairs of rows [top, bottom) and columns [left, right), multiples of 4 and 8, whose
 * squared distance is below the threshold of the row or of the column. Each group of four columns with
 * such a pair becomes a hit: row, first column and four bits, and the four squared distances.
 *
 * Before a patch is multiplied in full, its rows' coordinates on the principal axes are multiplied, which
 * are few. What the axes leave of two rows has an inner product of at most the product of its lengths
 * (Cauchy-Schwarz). Where even that leaves all of the patch's pairs beyond their thresholds, the full
 * multiplication is skipped. `$passed` counts the patches that were multiplied in full.
 */
export const near = `
(global $passed (export "passed") (mut i32) (i32.const 0))
(func (export "near")
  (param $panels i32) (param $fullBytes i32) (param $axes i32) (param $axisBytes i32)
  (param $facts i32)
  (param $rowThresholds i32) (param $columnThresholds i32)
  (param $top i32) (param $bottom i32) (param $left i32) (param $right i32)
  (param $triangle i32)      ;; 1: only panels that reach beyond the row's own number
  (param $hits i32)
  (result i32)
  (local $i i32) (local $j i32) (local $rowAt i32) (local $columnAt i32) (local $end i32)
  (local $panelBytes i32) (local $first i32) (local $rowFacts i32) (local $columnFacts i32)
  (local $rowLimits i32) (local $columnLimits i32)
  (local $row v128) (local $low v128) (local $high v128) (local $any v128) (local $squared v128)
  (local $below v128)
  ${accumulators}
  (local.set $first (local.get $hits))
  (local.set $i (local.get $top))
  (block $rowsDone (loop $rows
    (br_if $rowsDone (i32.ge_u (local.get $i) (local.get $bottom)))
    (local.set $j (local.get $left))
    (if (i32.and (local.get $triangle) (i32.lt_u (local.get $left) (local.get $i)))
      (then (local.set $j (i32.and (local.get $i) (i32.const -8)))))
    (block $columnsDone (loop $columns
      (br_if $columnsDone (i32.ge_u (local.get $j) (local.get $right)))
      (block $next
        ${setFacts}
        (local.set $rowLimits (i32.add (local.get $rowThresholds) (i32.shl (local.get $i) (i32.const 2))))
        (local.set $columnLimits (i32.add (local.get $columnThresholds) (i32.shl (local.get $j) (i32.const 2))))
        (if (local.get $axisBytes) (then
          (local.set $panelBytes (local.get $axisBytes))
          (local.set $rowAt ${rowAddress('axes')})
          (local.set $columnAt ${columnAddress('axes')})
          ${multiply}
          (local.set $any (v128.const i32x4 0 0 0 0))
          ${each(
            (r, h) =>
              `(local.set $any (v128.or (local.get $any) (f32x4.lt
               (f32x4.sub (f32x4.sub ${norms(r, h)} ${doubled(r, h, 'axisScales')})
                 (f32x4.mul ${ofRow('rests', r)} ${ofColumns('rests', h)}))
               ${threshold(r, h)})))`,
          )}
          (br_if $next (i32.eqz (v128.any_true (local.get $any))))))
        (global.set $passed (i32.add (global.get $passed) (i32.const 1)))
        (local.set $panelBytes (local.get $fullBytes))
        (local.set $rowAt ${rowAddress('panels')})
        (local.set $columnAt ${columnAddress('panels')})
        ${multiply}
        ${each(
          (r, h) =>
            `(local.set $squared (f32x4.sub ${norms(r, h)} ${doubled(r, h, 'scales')}))
           (local.set $below (f32x4.lt (local.get $squared) ${threshold(r, h)}))
           (if (v128.any_true (local.get $below)) (then
             (i32.store (local.get $hits) (i32.add (local.get $i) (i32.const ${r})))
             (i32.store offset=4 (local.get $hits) (i32.add (local.get $j) (i32.const ${4 * h})))
             (i32.store offset=8 (local.get $hits) (i32x4.bitmask (local.get $below)))
             (v128.store offset=16 (local.get $hits) (local.get $squared))
             (local.set $hits (i32.add (local.get $hits) (i32.const 32)))))`,
        )})
      (local.set $j (i32.add (local.get $j) (i32.const 8)))
      (br $columns)))
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (br $rows)))
  (i32.shr_u (i32.sub (local.get $hits) (local.get $first)) (i32.const 5)))`
