/** The kernel's functions that sum and count the distances of a part of a tile. */

/** Which columns of a group of four lie within the part, whose row has $left columns to go. */
const LANES = '(i32x4.lt_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $left)))'

/** Two distances in double precision, rounded to multiples of $rounder's last place. */
const rounded = (/** @type {string} */ pair) =>
  `(f64x2.sub (f64x2.add (f64x2.promote_low_f32x4 ${pair}) (local.get $magic)) (local.get $magic))`

/** Stores the sum of a row. */
const rowSum = `
    (f64.store (i32.add (local.get $rowSums) (i32.shl (local.get $row) (i32.const 3)))
      (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))`

/** Adds up a row's line from class to class. */
const classSums = `
    (local.set $column (local.get $columnStart))
    (if (i32.and (local.get $triangle) (i32.le_s (local.get $column) (local.get $row)))
      (then (local.set $column (i32.add (local.get $row) (i32.const 1)))))
    (local.set $class (local.get $ends))
    (local.set $bin (i32.add (local.get $rowSums)
      (i32.shl (i32.mul (local.get $row) (local.get $stride)) (i32.const 3))))
    (block $lineDone (loop $classes
      (br_if $lineDone (i32.ge_s (local.get $column) (local.get $columnEnd)))
      (local.set $end (i32.load (local.get $class)))
      (local.set $total (f64.const 0))
      (block $classDone (loop $within
        (br_if $classDone (i32.ge_s (local.get $column) (local.get $end)))
        (local.set $total (f64.add (local.get $total)
          (f64.load (i32.add (local.get $line) (i32.shl (local.get $column) (i32.const 3))))))
        (local.set $column (i32.add (local.get $column) (i32.const 1)))
        (br $within)))
      (f64.store (local.get $bin) (f64.add (f64.load (local.get $bin)) (local.get $total)))
      (local.set $bin (i32.add (local.get $bin) (i32.const 8)))
      (local.set $class (i32.add (local.get $class) (i32.const 4)))
      (br $classes)))`

/**
 * scan: goes over a part of a tile of squared distances, four pairs at a time. It adds up the distances
 * (the root; with cosine half of the square) by row and by column, and counts them in the histogram. A
 * group of four in which a pair is below the threshold of its row or of its column becomes a hit:
 * (offset in the tile) × 16 + four bits.
 *
 * Before it is added, a distance is rounded to a multiple of a power of two, by adding and subtracting
 * $rounder. Sums of such numbers are exact in double precision, so they don't depend on any order.
 *
 * scanClasses: the same for a part whose columns are of several classes, with a sum a row and class. A row's
 * rounded distances are kept in a line, and then added up from class to class.
 */
const source = (/** @type {boolean} */ byClass) => `
(func (export "${byClass ? 'scanClasses' : 'scan'}")
  (param $tile i32) (param $width i32)
  (param $rowStart i32) (param $rowEnd i32) (param $columnStart i32) (param $columnEnd i32)
  (param $triangle i32)      ;; 1: only columns beyond the row's own number
  (param $rowThresholds i32) (param $columnThresholds i32)  ;; float32, of the tile's rows and columns
  (param $rowSums i32)       ;; float64, one a row of the tile: written; by class $stride a row: added to
  (param $columnSums i32)    ;; float64, one a column of the tile: added to
  (param $histogram i32)     ;; int32
  (param $coarseBits i32)    ;; bits of the float32 distance that coarse bins begin at, of 2^18 each
  (param $fineBits i32) (param $fineShift i32) (param $fineCount i32)  ;; and the fine ones among them
  (param $cosine i32) (param $rounder f64)
  (param $hits i32)          ;; int32
  ${
    byClass
      ? `
  (param $line i32)          ;; float64, one a column of the tile: written
  (param $ends i32)          ;; int32, the column after the last of each class, from the first column on
  (param $stride i32)`
      : ''
  }
  (result i32)
  (local $class i32) (local $end i32) (local $total f64)
  (local $row i32) (local $column i32) (local $left i32) (local $at i32) (local $first i32)
  (local $threshold v128) (local $sum v128) (local $magic v128) (local $one v128) (local $two v128)
  (local $squared v128) (local $distance v128) (local $bins v128) (local $below v128)
  (local $bin i32) (local $lanes v128)
  (local.set $first (local.get $hits))
  (local.set $magic (f64x2.splat (local.get $rounder)))
  (local.set $row (local.get $rowStart))
  (block $done (loop $rows
    (br_if $done (i32.ge_s (local.get $row) (local.get $rowEnd)))
    (local.set $column (local.get $columnStart))
    (if (i32.and (local.get $triangle) (i32.le_s (local.get $column) (local.get $row)))
      (then (local.set $column (i32.add (local.get $row) (i32.const 1)))))
    (local.set $threshold (v128.load32_splat
      (i32.add (local.get $rowThresholds) (i32.shl (local.get $row) (i32.const 2)))))
    (local.set $sum (v128.const f64x2 0 0))
    (block $rowDone (loop $columns
      (local.set $left (i32.sub (local.get $columnEnd) (local.get $column)))
      (br_if $rowDone (i32.le_s (local.get $left) (i32.const 0)))
      (local.set $at (i32.add (i32.mul (local.get $row) (local.get $width)) (local.get $column)))
      (local.set $squared (v128.load
        (i32.add (local.get $tile) (i32.shl (local.get $at) (i32.const 2)))))
      (local.set $below (f32x4.lt (local.get $squared)
        (f32x4.pmax (local.get $threshold) (v128.load
          (i32.add (local.get $columnThresholds) (i32.shl (local.get $column) (i32.const 2)))))))
      (if (local.get $cosine)
        (then (local.set $distance
          (f32x4.mul (local.get $squared) (v128.const f32x4 0.5 0.5 0.5 0.5))))
        (else (local.set $distance (f32x4.sqrt (local.get $squared)))))
      ;; The last group may reach beyond the part: those lanes count as distance 0, no hit.
      (if (i32.lt_s (local.get $left) (i32.const 4)) (then
        (local.set $lanes ${LANES})
        (local.set $distance (v128.and (local.get $distance) (local.get $lanes)))
        (local.set $below (v128.and (local.get $below) (local.get $lanes)))
        (i32.store (local.get $histogram) (i32.sub (i32.load (local.get $histogram))
          (i32.sub (i32.const 4) (local.get $left))))))
      (local.set $one ${rounded('(local.get $distance)')})
      (local.set $two ${rounded(
        '(i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $distance) (local.get $distance))',
      )})
      ${
        byClass
          ? `
      (local.set $bin (i32.add (local.get $line) (i32.shl (local.get $column) (i32.const 3))))
      (v128.store (local.get $bin) (local.get $one))
      (v128.store offset=16 (local.get $bin) (local.get $two))`
          : `
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.add (local.get $one) (local.get $two))))`
      }
      (local.set $bin (i32.add (local.get $columnSums) (i32.shl (local.get $column) (i32.const 3))))
      (v128.store (local.get $bin) (f64x2.add (v128.load (local.get $bin)) (local.get $one)))
      (v128.store offset=16 (local.get $bin)
        (f64x2.add (v128.load offset=16 (local.get $bin)) (local.get $two)))
      (local.set $bins (i32x4.shl (i32x4.add
        (i32x4.max_s (v128.const i32x4 0 0 0 0) (i32x4.shr_s
          (i32x4.sub (local.get $distance) (i32x4.splat (local.get $coarseBits))) (i32.const 18)))
        (i32x4.min_s (i32x4.splat (local.get $fineCount))
          (i32x4.max_s (v128.const i32x4 0 0 0 0) (i32x4.shr_s
            (i32x4.sub (local.get $distance) (i32x4.splat (local.get $fineBits)))
            (local.get $fineShift)))))
        (i32.const 2)))
      ${[0, 1, 2, 3]
        .map(
          (lane) =>
            `(local.set $bin (i32.add (local.get $histogram) (i32x4.extract_lane ${lane} (local.get $bins))))
         (i32.store (local.get $bin) (i32.add (i32.load (local.get $bin)) (i32.const 1)))`,
        )
        .join('\n')}
      (if (v128.any_true (local.get $below)) (then
        (i32.store (local.get $hits) (i32.or (i32.shl (local.get $at) (i32.const 4))
          (i32x4.bitmask (local.get $below))))
        (local.set $hits (i32.add (local.get $hits) (i32.const 4)))))
      (local.set $column (i32.add (local.get $column) (i32.const 4)))
      (br $columns)))
    ${byClass ? classSums : rowSum}
    (local.set $row (i32.add (local.get $row) (i32.const 1)))
    (br $rows)))
  (i32.shr_u (i32.sub (local.get $hits) (local.get $first)) (i32.const 2)))`

export const scan = source(false)
export const scanClasses = source(true)
