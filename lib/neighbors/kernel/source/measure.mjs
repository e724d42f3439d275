/** The kernel's function that measures pairs one by one. */

/**
 * measure: writes the squared distances of pairs of float32 rows, from the rows' differences. Norms and
 * products would cancel; differences are good to a few units in the last place. Dimensions are padded to
 * a multiple of 16.
 */
export const measure = `
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
