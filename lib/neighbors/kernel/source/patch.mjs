/** What `near` and `squares` share: how a patch is multiplied, and how its squared distances are made. */

/** A patch is four rows by two halves of a panel. */
export const ROWS = 4
const HALVES = 2

/** Code for all of a patch. @param {(row: number, half: number) => string} text of four pairs, a vector */
export const each = (text) =>
  Array.from({ length: ROWS * HALVES }, (_, at) => text(Math.floor(at / HALVES), at % HALVES)).join(
    '\n',
  )

export const accumulators = each((r, h) => `(local $dot${r}${h} v128)`)
const clear = each((r, h) => `(local.set $dot${r}${h} (v128.const i32x4 0 0 0 0))`)

/**
 * The inner products of a patch: four rows from $rowAt on with the eight of the panel at $columnAt. It
 * isn't unrolled further, because the compiler would load everything first and run out of registers.
 */
export const multiply = `
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

/** Addresses of the first numbers of the four rows at $i, which are half a panel, and of the panel at $j. */
export const rowAddress = (/** @type {string} */ panels) => `
  (i32.add (i32.add (local.get $${panels}) (i32.mul (i32.shr_u (local.get $i) (i32.const 3)) (local.get $panelBytes)))
    (i32.shl (i32.and (local.get $i) (i32.const 4)) (i32.const 2)))`
export const columnAddress = (/** @type {string} */ panels) => `
  (i32.add (local.get $${panels}) (i32.mul (i32.shr_u (local.get $j) (i32.const 3)) (local.get $panelBytes)))`

/** The facts of a panel, float32: eight norms, eight scales, eight scales on the axes, eight rests. */
const FACTS = { norms: 0, scales: 32, axisScales: 64, rests: 96 }
export const setFacts = `
  (local.set $rowFacts (i32.add (i32.add (local.get $facts) (i32.shl (i32.shr_u (local.get $i) (i32.const 3)) (i32.const 7)))
    (i32.shl (i32.and (local.get $i) (i32.const 4)) (i32.const 2))))
  (local.set $columnFacts (i32.add (local.get $facts) (i32.shl (i32.shr_u (local.get $j) (i32.const 3)) (i32.const 7))))`

/** One row's fact in every lane. @param {keyof typeof FACTS} fact @param {number} r */
export const ofRow = (fact, r) =>
  `(v128.load32_splat offset=${FACTS[fact] + 4 * r} (local.get $rowFacts))`
/** Four columns' facts. @param {keyof typeof FACTS} fact @param {number} h */
export const ofColumns = (fact, h) =>
  `(v128.load offset=${FACTS[fact] + 16 * h} (local.get $columnFacts))`

/** Twice the inner product; each row's scale holds a √2. @param {number} r @param {number} h @param {'scales' | 'axisScales'} scales */
export const doubled = (r, h, scales) =>
  `(f32x4.mul (f32x4.convert_i32x4_s (local.get $dot${r}${h}))
     (f32x4.mul ${ofRow(scales, r)} ${ofColumns(scales, h)}))`

/** The larger one of a row's and four columns' thresholds. @param {number} r @param {number} h */
export const threshold = (r, h) =>
  `(f32x4.pmax (v128.load32_splat offset=${4 * r} (local.get $rowLimits)) (v128.load offset=${16 * h} (local.get $columnLimits)))`

/** The sums of a row's and four columns' norms. @param {number} r @param {number} h */
export const norms = (r, h) => `(f32x4.add ${ofRow('norms', r)} ${ofColumns('norms', h)})`
