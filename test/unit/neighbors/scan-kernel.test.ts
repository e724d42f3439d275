import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleKernel } from '../../../infra/kernel.mjs'
import { distanceBins } from '../../../lib/neighbors/bins.ts'
import { openScanKernel } from '../../../lib/neighbors/scan-kernel.ts'

describe('the scan kernel', () => {
  it('is what its source says', async () => {
    const committed = await readFile(new URL('../../../lib/neighbors/scan.wasm', import.meta.url))
    // Made anew with `node infra/kernel.mjs`.
    expect(Buffer.from(await assembleKernel()).equals(committed)).toBe(true)
  })

  it('sums, counts and finds what plain arithmetic does, in any block of a tile', () => {
    const side = fc.integer({ min: 1, max: 13 })
    const numbers = fc.array(fc.float({ min: 0, max: 2, noNaN: true }), {
      minLength: 26 * 2 + 169,
      maxLength: 26 * 2 + 169,
    })
    fc.assert(
      fc.property(
        side,
        fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        fc.boolean(),
        fc.boolean(),
        numbers,
        (width, picks, diagonal, cosine, values) => {
          const [rowStart, rowEnd] = range(picks[0], picks[1], width)
          const [columnStart, columnEnd] = range(picks[2], picks[3], width)
          const { count: bins, first } = distanceBins(8)
          const kernel = openScanKernel(2 * width, width, width, bins)
          const norms = values.slice(0, 2 * width)
          const thresholds = values.slice(26, 26 + 2 * width)
          const products = values.slice(52, 52 + width * width).map((value) => value - 1)
          kernel.norms.set(norms)
          kernel.otherThresholds.set(thresholds)
          kernel.products.set(products)
          const count = kernel.scan(
            kernel.products.byteOffset,
            width,
            rowStart,
            rowEnd,
            columnStart,
            columnEnd,
            diagonal ? 1 : 0,
            kernel.norms.byteOffset,
            kernel.norms.byteOffset + 4 * width,
            kernel.otherThresholds.byteOffset,
            kernel.otherThresholds.byteOffset + 4 * width,
            kernel.rowSums.byteOffset,
            kernel.columnSums.byteOffset,
            kernel.otherHistogram.byteOffset,
            first,
            cosine ? 1 : 0,
            kernel.hits.byteOffset,
          )
          const hits = new Set<number>()
          for (const hit of kernel.hits.subarray(0, count)) {
            for (let lane = 0; lane < 4; lane++) if ((hit >> lane) & 1) hits.add((hit >>> 4) + lane)
          }
          const columnSums = new Array<number>(width).fill(0)
          const histogram = new Int32Array(bins)
          const wanted = new Set<number>()
          for (let i = rowStart; i < rowEnd; i++) {
            let sum = 0
            for (
              let j = diagonal ? Math.max(columnStart, i + 1) : columnStart;
              j < columnEnd;
              j++
            ) {
              const f = Math.fround
              const squared = Math.max(
                0,
                f(f(f(norms[i]!) + f(norms[width + j]!)) - 2 * f(products[i * width + j]!)),
              )
              const distance = cosine ? squared / 2 : f(Math.sqrt(squared))
              sum += distance
              columnSums[j]! += distance
              histogram[binOf(distance, first)]!++
              if (squared < Math.max(thresholds[i]!, thresholds[width + j]!))
                wanted.add(i * width + j)
            }
            expect(kernel.rowSums[i]).toBeCloseTo(sum, 4)
          }
          expect(kernel.otherHistogram.every((count, bin) => count === histogram[bin])).toBe(true)
          for (const [j, sum] of columnSums.entries())
            expect(kernel.columnSums[j]).toBeCloseTo(sum, 4)
          expect([...hits].sort()).toEqual([...wanted].sort())
        },
      ),
    )
  })
})

/** The bits of a float32, the lowest 12 dropped. */
function binOf(distance: number, first: number): number {
  return Math.max(0, (new Uint32Array(Float32Array.of(distance).buffer)[0]! >>> 12) - first)
}

function range(a: number, b: number, width: number): [number, number] {
  const [x, y] = [a % (width + 1), b % (width + 1)]
  return [Math.min(x, y), Math.max(x, y)]
}
