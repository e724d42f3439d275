/** The kernel's function that writes a tile of squared distances. */

import {
  accumulators,
  columnAddress,
  doubled,
  multiply,
  norms,
  ROWS,
  rowAddress,
  setFacts,
} from './patch.mjs'

/**
 * squares: writes the squared distances, at least 0, of rows [top, bottom) and columns [left, right),
 * multiples of 4 and 8, to a tile of float32 that starts with row top and column left.
 */
export const squares = `
(func (export "squares")
  (param $panels i32) (param $panelBytes i32) (param $facts i32)
  (param $top i32) (param $bottom i32) (param $left i32) (param $right i32)
  (param $tile i32) (param $width i32)
  (local $i i32) (local $j i32) (local $rowAt i32) (local $columnAt i32) (local $end i32)
  (local $row v128) (local $low v128) (local $high v128) (local $to i32) (local $rowBytes i32) (local $rowFacts i32) (local $columnFacts i32)
  ${accumulators}
  (local.set $rowBytes (i32.shl (local.get $width) (i32.const 2)))
  (local.set $i (local.get $top))
  (block $rowsDone (loop $rows
    (br_if $rowsDone (i32.ge_u (local.get $i) (local.get $bottom)))
    (local.set $j (local.get $left))
    (block $columnsDone (loop $columns
      (br_if $columnsDone (i32.ge_u (local.get $j) (local.get $right)))
      (local.set $rowAt ${rowAddress('panels')})
      (local.set $columnAt ${columnAddress('panels')})
      ${multiply}
      ${setFacts}
      (local.set $to (i32.add (local.get $tile) (i32.add
        (i32.mul (i32.sub (local.get $i) (local.get $top)) (local.get $rowBytes))
        (i32.shl (i32.sub (local.get $j) (local.get $left)) (i32.const 2)))))
      ${Array.from(
        { length: ROWS },
        (_, r) =>
          `${[0, 1]
            .map(
              (h) =>
                `(v128.store offset=${16 * h} (local.get $to) (f32x4.pmax (v128.const f32x4 0 0 0 0)
             (f32x4.sub ${norms(r, h)} ${doubled(r, h, 'scales')})))`,
            )
            .join('\n')}
         (local.set $to (i32.add (local.get $to) (local.get $rowBytes)))`,
      ).join('\n')}
      (local.set $j (i32.add (local.get $j) (i32.const 8)))
      (br $columns)))
    (local.set $i (i32.add (local.get $i) (i32.const 4)))
    (br $rows))))`
