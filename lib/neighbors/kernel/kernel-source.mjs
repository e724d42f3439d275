/**
 * The source of `kernel.wasm`: the loops over pairs of rows, in WebAssembly text. It is a module rather
 * than a .wat file because the innermost loops are unrolled over registers, and a loop in JavaScript
 * writes that best. `node infra/kernel.mjs` assembles it. What it calls a row is the row at a position.
 *
 * Rows are whole numbers of 16 bits, quantised with a scale of their own, in panels of eight rows: the
 * numbers of dimensions 2k and 2k + 1 of a panel's eight rows lie side by side, 32 bytes in all. One
 * operand of a multiplication is a vector register with such number pairs of four rows, the other holds
 * one row's number pair in every lane, and `i32x4.dot_i16x8_s` adds to four inner products at once. The
 * scales are chosen so that sums stay below 2³¹. A patch of 4 × 8 pairs of rows is as much as 16
 * registers hold without spilling.
 */

const ROWS = 4
const HALVES = 2

/** @param {(row: number, half: number) => string} text of one vector of four pairs */
const each = (text) =>
  Array.from({ length: ROWS * HALVES }, (_, at) => text(Math.floor(at / HALVES), at % HALVES)).join(
    '\n',
  )

const accumulators = each((r, h) => `(local $dot${r}${h} v128)`)
const clear = each((r, h) => `(local.set $dot${r}${h} (v128.const i32x4 0 0 0 0))`)

/**
 * The inner products of a patch: four rows from $rowAt on with the eight of the panel at $columnAt. It
 * isn't unrolled further, because the compiler would load everything first and run out of registers.
 */
const multiply = `
  ${clear}
  (local.set $end (i32.add (local.get $columnAt) (local.get $panelBytes)))
  (loop $pairs
    (local.set $low (v128.load (local.get $columnAt)))
    (local.set $high (v128.load offset=16 (local.get $columnAt)))
    ${Array.from(
      { length: ROWS },
      (_, r) =>
        `(local.set $row (v128.load32_splat offset=${4 * r} (local.get $rowAt)))
       ${['low', 'high']
         .map(
           (half, h) =>
             `(local.set $dot${r}${h} (i32x4.add (local.get $dot${r}${h})
            (i32x4.dot_i16x8_s (local.get $row) (local.get $${half}))))`,
         )
         .join('\n')}`,
    ).join('\n')}
    (local.set $rowAt (i32.add (local.get $rowAt) (i32.const 32)))
    (local.set $columnAt (i32.add (local.get $columnAt) (i32.const 32)))
    (br_if $pairs (i32.lt_u (local.get $columnAt) (local.get $end))))`

/** Address of the four rows' first pairs: half a panel. */
const rowAddress = (/** @type {string} */ panels) => `
  (i32.add (i32.add (local.get $${panels}) (i32.mul (i32.shr_u (local.get $i) (i32.const 3)) (local.get $panelBytes)))
    (i32.shl (i32.and (local.get $i) (i32.const 4)) (i32.const 2)))`
const columnAddress = (/** @type {string} */ panels) => `
  (i32.add (local.get $${panels}) (i32.mul (i32.shr_u (local.get $j) (i32.const 3)) (local.get $panelBytes)))`

/** The facts of a panel, float32: eight norms, eight scales, eight scales on the axes, eight rests. */
const FACTS = { norms: 0, scales: 32, axisScales: 64, rests: 96 }
const setFacts = `
  (local.set $rowFacts (i32.add (i32.add (local.get $facts) (i32.shl (i32.shr_u (local.get $i) (i32.const 3)) (i32.const 7)))
    (i32.shl (i32.and (local.get $i) (i32.const 4)) (i32.const 2))))
  (local.set $columnFacts (i32.add (local.get $facts) (i32.shl (i32.shr_u (local.get $j) (i32.const 3)) (i32.const 7))))`

/** One row's fact in every lane. @param {keyof typeof FACTS} fact @param {number} r */
const ofRow = (fact, r) => `(v128.load32_splat offset=${FACTS[fact] + 4 * r} (local.get $rowFacts))`
/** Four columns' facts. @param {keyof typeof FACTS} fact @param {number} h */
const ofColumns = (fact, h) => `(v128.load offset=${FACTS[fact] + 16 * h} (local.get $columnFacts))`

/** Twice the inner product; each row's scale holds a √2. @param {number} r @param {number} h @param {'scales' | 'axisScales'} scales */
const doubled = (r, h, scales) =>
  `(f32x4.mul (f32x4.convert_i32x4_s (local.get $dot${r}${h}))
     (f32x4.mul ${ofRow(scales, r)} ${ofColumns(scales, h)}))`

/** @param {number} r @param {number} h */
const threshold = (r, h) =>
  `(f32x4.pmax (v128.load32_splat offset=${4 * r} (local.get $rowLimits)) (v128.load offset=${16 * h} (local.get $columnLimits)))`

/** @param {number} r @param {number} h */
const norms = (r, h) => `(f32x4.add ${ofRow('norms', r)} ${ofColumns('norms', h)})`

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
const near = `
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

/**
 * squares: writes the squared distances, at least 0, of rows [top, bottom) and columns [left, right),
 * multiples of 4 and 8, to a tile of float32 that starts with row top and column left.
 */
const squares = `
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

/** Which columns of a group of four lie within the part, of whose row $left columns are left. */
const LANES = '(i32x4.lt_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $left)))'

/** Two distances in double precision, rounded to multiples of $rounder's last place. */
const rounded = (/** @type {string} */ pair) =>
  `(f64x2.sub (f64x2.add (f64x2.promote_low_f32x4 ${pair}) (local.get $magic)) (local.get $magic))`

/**
 * scan: goes over a part of a tile of squared distances, four pairs at a time. It adds up the distances
 * (the root; with cosine half of the square) by row and by column, and counts them in the histogram. A
 * group of four in which a pair is below the threshold of its row or of its column becomes a hit:
 * (offset in the tile) × 16 + four bits.
 *
 * Before it is added, a distance is rounded to a multiple of a power of two, by adding and subtracting
 * $rounder. Sums of such numbers are exact in double precision, so they don't depend on any order.
 */
const scan = `
(func (export "scan")
  (param $tile i32) (param $width i32)
  (param $rowStart i32) (param $rowEnd i32) (param $columnStart i32) (param $columnEnd i32)
  (param $triangle i32)      ;; 1: only columns beyond the row's own number
  (param $rowThresholds i32) (param $columnThresholds i32)  ;; float32, of the tile's rows and columns
  (param $rowSums i32)       ;; float64, one a row of the tile: written
  (param $columnSums i32)    ;; float64, one a column of the tile: added to
  (param $histogram i32)     ;; int32
  (param $coarseBits i32)    ;; bits of the float32 distance that coarse bins begin at, of 2^18 each
  (param $fineBits i32) (param $fineShift i32) (param $fineCount i32)  ;; and the fine ones among them
  (param $cosine i32) (param $rounder f64)
  (param $hits i32)          ;; int32
  (result i32)
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
      (local.set $sum (f64x2.add (local.get $sum) (f64x2.add (local.get $one) (local.get $two))))
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
    (f64.store (i32.add (local.get $rowSums) (i32.shl (local.get $row) (i32.const 3)))
      (f64.add (f64x2.extract_lane 0 (local.get $sum)) (f64x2.extract_lane 1 (local.get $sum))))
    (local.set $row (i32.add (local.get $row) (i32.const 1)))
    (br $rows)))
  (i32.shr_u (i32.sub (local.get $hits) (local.get $first)) (i32.const 2)))`

/**
 * measure: writes the squared distances of pairs of float32 rows, from the rows' differences. Norms and
 * products would cancel; differences are good to a few units in the last place. Dimensions are padded to
 * a multiple of 16.
 */
const measure = `
(func (export "measure")
  (param $matrix i32) (param $rowBytes i32)
  (param $pairs i32) (param $count i32)     ;; two int32 numbers of rows each
  (param $squares i32)                      ;; float32, one each: written
  (local $a i32) (local $b i32) (local $end i32) (local $difference v128)
  (local $sum0 v128) (local $sum1 v128) (local $sum2 v128) (local $sum3 v128)
  (block $done (loop $list
    (br_if $done (i32.eqz (local.get $count)))
    (local.set $a (i32.add (local.get $matrix) (i32.mul (i32.load (local.get $pairs)) (local.get $rowBytes))))
    (local.set $b (i32.add (local.get $matrix) (i32.mul (i32.load offset=4 (local.get $pairs)) (local.get $rowBytes))))
    (local.set $end (i32.add (local.get $a) (local.get $rowBytes)))
    ${[0, 1, 2, 3].map((at) => `(local.set $sum${at} (v128.const f32x4 0 0 0 0))`).join('\n')}
    (loop $dimensions
      ${[0, 1, 2, 3]
        .map(
          (at) =>
            `(local.set $difference (f32x4.sub (v128.load offset=${16 * at} (local.get $a)) (v128.load offset=${16 * at} (local.get $b))))
         (local.set $sum${at} (f32x4.add (local.get $sum${at}) (f32x4.mul (local.get $difference) (local.get $difference))))`,
        )
        .join('\n')}
      (local.set $a (i32.add (local.get $a) (i32.const 64)))
      (local.set $b (i32.add (local.get $b) (i32.const 64)))
      (br_if $dimensions (i32.lt_u (local.get $a) (local.get $end))))
    (local.set $sum0 (f32x4.add (f32x4.add (local.get $sum0) (local.get $sum1))
      (f32x4.add (local.get $sum2) (local.get $sum3))))
    (f32.store (local.get $squares) (f32.add
      (f32.add (f32x4.extract_lane 0 (local.get $sum0)) (f32x4.extract_lane 1 (local.get $sum0)))
      (f32.add (f32x4.extract_lane 2 (local.get $sum0)) (f32x4.extract_lane 3 (local.get $sum0)))))
    (local.set $pairs (i32.add (local.get $pairs) (i32.const 8)))
    (local.set $squares (i32.add (local.get $squares) (i32.const 4)))
    (local.set $count (i32.sub (local.get $count) (i32.const 1)))
    (br $list))))`

export const kernelSource = `(module
  (import "env" "memory" (memory 1 65536 shared))
  ${near} ${squares} ${scan} ${measure})`
