;; The inner loop over a block of a tile of products, four pairs at a time. See `scan.ts`.
;;
;; For row i and column j of the block: squared = max(0, norm[i] + norm[j] − 2 × product), and the
;; distance is its root, or half of it with cosine. Distances are summed by row and by column and
;; counted in the histogram; a group of four in which a pair is below the threshold of its row or of
;; its column is written to the hits as (offset of its first product in the tile) × 16 + four bits.
(module
  (import "env" "memory" (memory 1 65536 shared))
  (func (export "scan")
    (param $products i32)      ;; float32, tile rows × width
    (param $width i32)
    (param $rowStart i32) (param $rowEnd i32)  ;; of the block, within the tile
    (param $columnStart i32) (param $columnEnd i32)
    (param $diagonal i32)      ;; 1: only columns beyond the row's own number
    (param $rowNorms i32) (param $columnNorms i32)  ;; float32, of the tile's rows and columns
    (param $rowThresholds i32) (param $columnThresholds i32)  ;; float32, likewise
    (param $rowSums i32)       ;; float64, one a row of the tile: written
    (param $columnSums i32)    ;; float32, one a column of the tile: added to
    (param $histogram i32)     ;; int32
    (param $firstBin i32)      ;; bits of a float32 distance, shifted by 12, that bin 0 starts at
    (param $cosine i32)
    (param $hits i32)          ;; int32
    (result i32)               ;; how many hits were written
    (local $row i32) (local $column i32) (local $left i32) (local $at i32) (local $hitsStart i32)
    (local $norm v128) (local $threshold v128) (local $sum v128)
    (local $squared v128) (local $distance v128) (local $bins v128) (local $below v128)
    (local $bin i32) (local $lanes v128)

    (local.set $hitsStart (local.get $hits))
    (local.set $row (local.get $rowStart))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_s (local.get $row) (local.get $rowEnd)))
        (local.set $column (local.get $columnStart))
        (if (i32.and (local.get $diagonal) (i32.le_s (local.get $column) (local.get $row)))
          (then (local.set $column (i32.add (local.get $row) (i32.const 1)))))
        (local.set $norm (v128.load32_splat
          (i32.add (local.get $rowNorms) (i32.shl (local.get $row) (i32.const 2)))))
        (local.set $threshold (v128.load32_splat
          (i32.add (local.get $rowThresholds) (i32.shl (local.get $row) (i32.const 2)))))
        (local.set $sum (v128.const f32x4 0 0 0 0))
        (block $rowDone
          (loop $columns
            (local.set $left (i32.sub (local.get $columnEnd) (local.get $column)))
            (br_if $rowDone (i32.le_s (local.get $left) (i32.const 0)))
            (local.set $at (i32.add (i32.mul (local.get $row) (local.get $width)) (local.get $column)))
            (local.set $squared (f32x4.pmax (v128.const f32x4 0 0 0 0)
              (f32x4.sub
                (f32x4.add (local.get $norm) (v128.load
                  (i32.add (local.get $columnNorms) (i32.shl (local.get $column) (i32.const 2)))))
                (f32x4.mul (v128.const f32x4 2 2 2 2) (v128.load
                  (i32.add (local.get $products) (i32.shl (local.get $at) (i32.const 2))))))))
            (local.set $below (f32x4.lt (local.get $squared)
              (f32x4.pmax (local.get $threshold) (v128.load
                (i32.add (local.get $columnThresholds) (i32.shl (local.get $column) (i32.const 2)))))))
            (if (local.get $cosine)
              (then (local.set $distance
                (f32x4.mul (local.get $squared) (v128.const f32x4 0.5 0.5 0.5 0.5))))
              (else (local.set $distance (f32x4.sqrt (local.get $squared)))))
            ;; The last group may reach beyond the block: those lanes count as distance 0, no hit.
            (if (i32.lt_s (local.get $left) (i32.const 4))
              (then
                (local.set $lanes (i32x4.lt_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $left))))
                (local.set $distance (v128.and (local.get $distance) (local.get $lanes)))
                (local.set $below (v128.and (local.get $below) (local.get $lanes)))
                (i32.store (local.get $histogram) (i32.sub (i32.load (local.get $histogram))
                  (i32.sub (i32.const 4) (local.get $left))))))
            (local.set $sum (f32x4.add (local.get $sum) (local.get $distance)))
            (local.set $bin (i32.add (local.get $columnSums) (i32.shl (local.get $column) (i32.const 2))))
            (v128.store (local.get $bin)
              (f32x4.add (v128.load (local.get $bin)) (local.get $distance)))
            (local.set $bins (i32x4.shl (i32x4.max_s (v128.const i32x4 0 0 0 0)
              (i32x4.sub (i32x4.shr_u (local.get $distance) (i32.const 12))
                (i32x4.splat (local.get $firstBin)))) (i32.const 2)))
            (local.set $bin (i32.add (local.get $histogram) (i32x4.extract_lane 0 (local.get $bins))))
            (i32.store (local.get $bin) (i32.add (i32.load (local.get $bin)) (i32.const 1)))
            (local.set $bin (i32.add (local.get $histogram) (i32x4.extract_lane 1 (local.get $bins))))
            (i32.store (local.get $bin) (i32.add (i32.load (local.get $bin)) (i32.const 1)))
            (local.set $bin (i32.add (local.get $histogram) (i32x4.extract_lane 2 (local.get $bins))))
            (i32.store (local.get $bin) (i32.add (i32.load (local.get $bin)) (i32.const 1)))
            (local.set $bin (i32.add (local.get $histogram) (i32x4.extract_lane 3 (local.get $bins))))
            (i32.store (local.get $bin) (i32.add (i32.load (local.get $bin)) (i32.const 1)))
            (if (v128.any_true (local.get $below))
              (then
                (i32.store (local.get $hits) (i32.or (i32.shl (local.get $at) (i32.const 4))
                  (i32x4.bitmask (local.get $below))))
                (local.set $hits (i32.add (local.get $hits) (i32.const 4)))))
            (local.set $column (i32.add (local.get $column) (i32.const 4)))
            (br $columns)))
        (f64.store (i32.add (local.get $rowSums) (i32.shl (local.get $row) (i32.const 3)))
          (f64.promote_f32 (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $sum)) (f32x4.extract_lane 1 (local.get $sum)))
            (f32.add (f32x4.extract_lane 2 (local.get $sum)) (f32x4.extract_lane 3 (local.get $sum))))))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $rows)))
    (i32.shr_u (i32.sub (local.get $hits) (local.get $hitsStart)) (i32.const 2)))

  ;; The same hits alone, where nothing is summed or counted.
  (func (export "find")
    (param $products i32)
    (param $width i32)
    (param $rowStart i32) (param $rowEnd i32)
    (param $diagonal i32)
    (param $rowNorms i32) (param $columnNorms i32)
    (param $rowThresholds i32) (param $columnThresholds i32)
    (param $hits i32)
    (result i32)
    (local $row i32) (local $column i32) (local $left i32) (local $at i32) (local $hitsStart i32)
    (local $norm v128) (local $threshold v128) (local $below v128)

    (local.set $hitsStart (local.get $hits))
    (local.set $row (local.get $rowStart))
    (block $done
      (loop $rows
        (br_if $done (i32.ge_s (local.get $row) (local.get $rowEnd)))
        (local.set $column (if (result i32) (local.get $diagonal)
          (then (i32.add (local.get $row) (i32.const 1)))
          (else (i32.const 0))))
        (local.set $norm (v128.load32_splat
          (i32.add (local.get $rowNorms) (i32.shl (local.get $row) (i32.const 2)))))
        (local.set $threshold (v128.load32_splat
          (i32.add (local.get $rowThresholds) (i32.shl (local.get $row) (i32.const 2)))))
        (block $rowDone
          (loop $columns
            (local.set $left (i32.sub (local.get $width) (local.get $column)))
            (br_if $rowDone (i32.le_s (local.get $left) (i32.const 0)))
            (local.set $at (i32.add (i32.mul (local.get $row) (local.get $width)) (local.get $column)))
            (local.set $below (f32x4.lt
              (f32x4.sub
                (f32x4.add (local.get $norm) (v128.load
                  (i32.add (local.get $columnNorms) (i32.shl (local.get $column) (i32.const 2)))))
                (f32x4.mul (v128.const f32x4 2 2 2 2) (v128.load
                  (i32.add (local.get $products) (i32.shl (local.get $at) (i32.const 2))))))
              (f32x4.pmax (local.get $threshold) (v128.load
                (i32.add (local.get $columnThresholds) (i32.shl (local.get $column) (i32.const 2)))))))
            (if (i32.lt_s (local.get $left) (i32.const 4))
              (then (local.set $below (v128.and (local.get $below)
                (i32x4.lt_s (v128.const i32x4 0 1 2 3) (i32x4.splat (local.get $left)))))))
            (if (v128.any_true (local.get $below))
              (then
                (i32.store (local.get $hits) (i32.or (i32.shl (local.get $at) (i32.const 4))
                  (i32x4.bitmask (local.get $below))))
                (local.set $hits (i32.add (local.get $hits) (i32.const 4)))))
            (local.set $column (i32.add (local.get $column) (i32.const 4)))
            (br $columns)))
        (local.set $row (i32.add (local.get $row) (i32.const 1)))
        (br $rows)))
    (i32.shr_u (i32.sub (local.get $hits) (local.get $hitsStart)) (i32.const 2))))
