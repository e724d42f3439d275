import { readFile } from 'node:fs/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assembleKernel } from '../../../../infra/kernel.mjs'
import { seededRandom } from '../../../../lib/core/random.ts'
import { binEdges, distanceBins } from '../../../../lib/neighbors/distance/bins.ts'
import { namedKernel, openKernel } from '../../../../lib/neighbors/kernel/kernel.ts'
import { kernelSource } from '../../../../lib/neighbors/kernel/kernel-source.mjs'
import { MemoryLayout } from '../../../../lib/neighbors/kernel/memory-layout.ts'
import { panelBytes } from '../../../../lib/neighbors/kernel/panels.ts'
import { kernelNorm, quantizeRow } from '../../../../lib/neighbors/prepare/quantize.ts'

/** Rows laid out for the kernel, and their squared distances as quantised, in plain arithmetic. */
function laid(rows: number, dimensions: number, seed: number) {
  const random = seededRandom(seed)
  const layout = new MemoryLayout()
  const padded = 8 * Math.ceil(rows / 8)
  const at = {
    panels: layout.reserve((padded / 8) * panelBytes(dimensions), 1),
    facts: layout.reserve(padded * 4, 4),
    thresholds: layout.reserve(padded, 4),
    tile: layout.reserve(padded * padded, 4),
    hits: layout.reserve(padded * padded, 8),
    sums: layout.reserve(padded, 8),
    columnSums: layout.reserve(padded, 8),
    classSums: layout.reserve(padded * padded, 8),
    classEnds: layout.reserve(padded, 4),
    line: layout.reserve(padded, 8),
    histogram: layout.reserve(2 ** 16, 4),
    matrix: layout.reserve(rows * 16 * Math.ceil(dimensions / 16), 4),
    pairs: layout.reserve(rows, 8),
  }
  const memory = layout.allocate()
  const panels = new Int16Array(
    memory.buffer,
    at.panels,
    ((padded / 8) * panelBytes(dimensions)) / 2,
  )
  const facts = new Float32Array(memory.buffer, at.facts, padded * 4)
  facts.fill(Number.POSITIVE_INFINITY)
  const width = 16 * Math.ceil(dimensions / 16)
  const matrix = new Float32Array(memory.buffer, at.matrix, rows * width)
  const quantized: number[][] = []
  for (let row = 0; row < rows; row++) {
    const values = matrix.subarray(row * width, row * width + dimensions)
    for (let d = 0; d < dimensions; d++) values[d] = (random() - 0.5) * (row % 5 === 4 ? 1e-3 : 1)
    const { scale, squares, error, length } = quantizeRow(values, panels, row)
    facts[(row - (row % 8)) * 4 + (row % 8)] = kernelNorm(squares, scale)
    facts[(row - (row % 8)) * 4 + 8 + (row % 8)] = scale * Math.SQRT2
    quantized.push(Array.from(values, (value) => Math.round(value / scale) * scale))
    expect(error).toBeLessThanOrEqual(length * 1e-4 * Math.sqrt(dimensions))
  }
  const squared = (i: number, j: number) =>
    quantized[i]!.reduce((sum, value, d) => sum + (value - quantized[j]![d]!) ** 2, 0)
  return { at, memory, rows, padded, width, matrix, squared, kernel: openKernel(memory) }
}

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  dimensions: fc.integer({ min: 1, max: 37 }),
  seed: fc.integer(),
})

describe('the kernel', () => {
  it('is what its source says', async () => {
    const committed = await readFile(
      new URL('../../../../lib/neighbors/kernel/kernel.wasm', import.meta.url),
    )
    // Made anew with `node infra/kernel.mjs`.
    expect(Buffer.from(await assembleKernel()).equals(committed)).toBe(true)
  })

  it('is called with each argument in the place of the parameter of its name', () => {
    const calls: Record<string, number[]> = {}
    const record =
      (name: string) =>
      (...numbers: number[]) => {
        calls[name] = numbers
        return 0
      }
    const kernel = namedKernel({
      near: record('near'),
      squares: record('squares'),
      scan: record('scan'),
      scanClasses: record('scanClasses'),
      measure: record('measure'),
      passed: { value: 0 },
    })
    // Every argument is another number, and rows and columns are whole fours and eights.
    const rows = { panels: 1, panelBytes: 2, axes: 3, facts: 4, matrix: 5, rowBytes: 6 }
    const pairs = { top: 8, bottom: 16, left: 24, right: 32 }
    const bins = { count: 33, coarseBits: 34, fineBits: 35, fineShift: 36, fineCount: 37 }
    const named = { axisBytes: 41, rowThresholds: 42, columnThresholds: 43, hits: 44, tile: 45 }
    const more = { width: 46, rowSums: 47, columnSums: 48, histogram: 49, rounder: 50 }
    const all = { ...named, ...more, rows, pairs, bins, triangle: true, isCosine: true }
    kernel.near(all)
    kernel.squares(all)
    kernel.scan({ ...all, top: 3, left: 7 }, pairs)
    const classes = { ends: 54, sums: 55, stride: 56, line: 57 }
    kernel.scanClasses({ ...all, top: 3, left: 7 }, pairs, classes)
    kernel.measure({ rows, pairs: 51, count: 52, squares: 53 })
    const edges = { rowStart: 8 - 3, rowEnd: 16 - 3, columnStart: 24 - 7, columnEnd: 32 - 7 }
    const flags = { triangle: 1, cosine: 1 }
    const values: Record<string, Record<string, number>> = {
      near: { ...rows, fullBytes: 2, ...pairs, ...named, ...flags },
      squares: { ...rows, ...pairs, ...named, ...more },
      scan: { ...edges, ...bins, ...named, ...more, ...flags },
      scanClasses: { ...edges, ...bins, ...named, ...more, ...flags, ...classes, rowSums: 55 },
      measure: { ...rows, pairs: 51, count: 52, squares: 53 },
    }
    for (const [name, ofName] of Object.entries(values)) {
      const [, rest = ''] = kernelSource.split(`(func (export "${name}")`)
      const [head = ''] = rest.split('(local')
      const parameters = Array.from(head.matchAll(/\(param \$(\w+)/g), (match) => match[1]!)
      expect(calls[name]).toEqual(parameters.map((parameter) => ofName[parameter]))
      expect(parameters.length).toBeGreaterThan(4)
    }
  })

  it('has the squared distances of quantised rows, exactly 0 for equal ones', () => {
    fc.assert(
      fc.property(sizes, ({ rows, dimensions, seed }) => {
        const { at, memory, padded, squared, kernel } = laid(rows, dimensions, seed)
        kernel.squares({
          rows: { panels: at.panels, panelBytes: panelBytes(dimensions), axes: 0, facts: at.facts },
          pairs: { top: 0, bottom: padded, left: 0, right: padded },
          tile: at.tile,
          width: padded,
        })
        const tile = new Float32Array(memory.buffer, at.tile, padded * padded)
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < rows; j++) {
            expect(tile[i * padded + j]!).toBeCloseTo(squared(i, j), 5)
          }
          expect(tile[i * padded + i]).toBe(0)
        }
      }),
      { numRuns: 40 },
    )
  })

  it('finds the pairs below a threshold, and no row past the last', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.double({ min: 0.01, max: 4, noNaN: true }),
        ({ rows, dimensions, seed }, limit) => {
          const { at, memory, padded, squared, kernel } = laid(rows, dimensions, seed)
          new Float32Array(memory.buffer, at.thresholds, padded).fill(limit)
          const count = kernel.near({
            rows: {
              panels: at.panels,
              panelBytes: panelBytes(dimensions),
              axes: 0,
              facts: at.facts,
            },
            axisBytes: 0,
            pairs: { top: 0, bottom: rows, left: 0, right: rows },
            triangle: false,
            rowThresholds: at.thresholds,
            columnThresholds: at.thresholds,
            hits: at.hits,
          })
          const hits = new Int32Array(memory.buffer, at.hits, 8 * count)
          const found = new Set<string>()
          for (let hit = 0; hit < count; hit++) {
            for (let lane = 0; lane < 4; lane++) {
              if ((hits[8 * hit + 2]! >> lane) & 1)
                found.add(`${hits[8 * hit]} ${hits[8 * hit + 1]! + lane}`)
            }
          }
          for (let i = 0; i < padded; i++) {
            for (let j = 0; j < padded; j++) {
              const value = i < rows && j < rows ? squared(i, j) : Number.POSITIVE_INFINITY
              if (Math.abs(value - limit) < 1e-5) continue
              expect(found.has(`${i} ${j}`)).toBe(value < limit)
            }
          }
        },
      ),
      { numRuns: 40 },
    )
  })

  it('sums, counts and finds what plain arithmetic does, in any part of a tile', () => {
    const bins = distanceBins(0.1, 'euclidean')
    const edges = binEdges(bins)
    fc.assert(
      fc.property(
        sizes,
        fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        fc.boolean(),
        fc.boolean(),
        ({ rows, dimensions, seed }, picks, triangle, cosine) => {
          const { at, memory, padded, kernel } = laid(rows, dimensions, seed)
          const [top, bottom] = range(picks[0], picks[1], rows)
          const [left, right] = range(picks[2], picks[3], rows)
          kernel.squares({
            rows: {
              panels: at.panels,
              panelBytes: panelBytes(dimensions),
              axes: 0,
              facts: at.facts,
            },
            pairs: { top: 0, bottom: padded, left: 0, right: padded },
            tile: at.tile,
            width: padded,
          })
          const tile = new Float32Array(memory.buffer, at.tile, padded * padded)
          // Distances of prepared rows are below 2.
          for (let index = 0; index < tile.length; index++) tile[index]! /= dimensions
          new Float32Array(memory.buffer, at.thresholds, padded).fill(0.1)
          const layout = {
            top: 0,
            left: 0,
            tile: at.tile,
            width: padded,
            triangle,
            rowThresholds: at.thresholds,
            columnThresholds: at.thresholds,
            rowSums: at.sums,
            columnSums: at.columnSums,
            histogram: at.histogram,
            bins,
            isCosine: cosine,
            rounder: 1.5 * 2 ** 8,
            hits: at.hits,
          }
          const count = kernel.scan(layout, { top, bottom, left, right })
          const histogram = new Int32Array(memory.buffer, at.histogram, bins.count)
          const sums = new Float64Array(memory.buffer, at.sums, padded)
          const columnSums = new Float64Array(memory.buffer, at.columnSums, padded)
          const hits = new Int32Array(memory.buffer, at.hits, count)
          const expected = {
            bins: new Map<number, number>(),
            rows: new Map<number, number>(),
            columns: new Map<number, number>(),
            hits: 0,
          }
          const add = (map: Map<number, number>, key: number, value: number) =>
            map.set(key, (map.get(key) ?? 0) + value)
          for (let i = top; i < bottom; i++) {
            for (let j = left; j < right; j++) {
              if (triangle && j <= i) continue
              const squared = tile[i * padded + j]!
              const distance = Math.fround(cosine ? squared / 2 : Math.sqrt(squared))
              add(expected.rows, i, distance)
              add(expected.columns, j, distance)
              add(
                expected.bins,
                edges.findLastIndex((edge) => edge <= distance),
                1,
              )
              if (squared < Math.fround(0.1)) expected.hits++
            }
          }
          for (let i = top; i < bottom; i++)
            expect(sums[i]!).toBeCloseTo(expected.rows.get(i) ?? 0, 9)
          for (let j = left; j < right; j++) {
            expect(columnSums[j]!).toBeCloseTo(expected.columns.get(j) ?? 0, 9)
          }
          for (const [bin, pairs] of expected.bins) expect(histogram[bin]).toBe(pairs)
          const bitCount = (bits: number) => [1, 2, 4, 8].filter((bit) => bits & bit).length
          expect(hits.reduce((sum, hit) => sum + bitCount(hit & 15), 0)).toBe(expected.hits)

          // The same with columns of several classes, each of one column or more.
          const first = hits.slice()
          const random = seededRandom(seed)
          const ends = new Int32Array(memory.buffer, at.classEnds, padded)
          let classes = 0
          for (let column = left + 1; column <= right; column++) {
            if (column === right || random() < 0.5) ends[classes++] = column
          }
          const classSums = new Float64Array(memory.buffer, at.classSums, padded * padded).fill(1)
          const ofClasses = {
            ends: at.classEnds,
            sums: at.classSums,
            stride: classes,
            line: at.line,
          }
          const part = { top, bottom, left, right }
          expect(kernel.scanClasses(layout, part, ofClasses)).toBe(count)
          expect(new Int32Array(memory.buffer, at.hits, count)).toEqual(first)
          for (const [bin, pairs] of expected.bins) expect(histogram[bin]).toBe(2 * pairs)
          for (let i = 0; i < padded; i++) {
            for (let c = 0; c < classes && (i + 1) * classes <= padded * padded; c++) {
              let sum = 1
              for (let j = c === 0 ? left : ends[c - 1]!; j < ends[c]!; j++) {
                if (i < top || i >= bottom || (triangle && j <= i)) continue
                const squared = tile[i * padded + j]!
                sum += Math.fround(cosine ? squared / 2 : Math.sqrt(squared))
              }
              expect(classSums[i * classes + c]!).toBeCloseTo(sum, 9)
            }
          }
        },
      ),
      { numRuns: 30 },
    )
  })

  it('measures squared distances of pairs of rows', () => {
    fc.assert(
      fc.property(sizes, ({ rows, dimensions, seed }) => {
        const { at, memory, width, matrix, kernel } = laid(rows, dimensions, seed)
        const pairs = new Int32Array(memory.buffer, at.pairs, 2 * rows)
        for (let index = 0; index < rows; index++) {
          pairs[2 * index] = 0
          pairs[2 * index + 1] = rows - 1 - index
        }
        kernel.measure({
          rows: { matrix: at.matrix, rowBytes: width * 4 },
          pairs: at.pairs,
          count: rows,
          squares: at.tile,
        })
        const squares = new Float32Array(memory.buffer, at.tile, rows)
        for (let index = 0; index < rows; index++) {
          let sum = 0
          for (let d = 0; d < width; d++)
            sum += (matrix[d]! - matrix[pairs[2 * index + 1]! * width + d]!) ** 2
          expect(Math.abs(squares[index]! - sum)).toBeLessThanOrEqual(1e-6 * sum)
        }
      }),
      { numRuns: 30 },
    )
  })
})

function range(a: number, b: number, length: number): readonly [number, number] {
  const [start, end] = [a % (length + 1), b % (length + 1)]
  return start <= end ? [start, end] : [end, start]
}
