/** Thresholds where many pairs are equally far, and classes and slices that differ or don't. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../lib/core/random.ts'
import type { MetricInput } from '../../../../lib/metrics/metric.ts'
import { worstClasses, worstSlices } from '../../../../lib/metrics/verification/parts.ts'
import type { Backend } from '../../../../lib/tensor/backend.ts'
import { openBackend } from '../../../../lib/tensor/open-backend.ts'
import { datasetOf, evaluateRows } from '../tables.ts'

/** Classes of equal size around centres of their own, the first `spread` times as wide as the others. */
function classesOf(sizes: readonly number[], seed: number, spread: number, noise = 0.9) {
  const random = seededRandom(seed)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const point = (scale: number) => Array.from({ length: 16 }, () => scale * normal())
  const rows = sizes.flatMap((size, label) => {
    const centre = point(1)
    return Array.from({ length: size }, () => ({
      label: `c${String(label).padStart(2, '0')}`,
      point: point(noise * (label === 0 ? spread : 1)).map((value, d) => value + centre[d]!),
      camera: `camera ${Math.floor(4 * random())}`,
    }))
  })
  const cameras = {
    name: 'camera',
    type: 'text' as const,
    values: rows.map(({ camera }) => camera),
  }
  const labels = rows.map(({ label }) => label)
  const points = rows.map(({ point: at }) => at)
  return { points, labels, columns: [cameras] }
}

/** The parts whose rate is worse than that of all pairs at FAR 0.01. */
function named(rows: ReturnType<typeof classesOf>) {
  const { points, labels } = rows
  const same: number[] = []
  const other: number[] = []
  for (const [i, a] of points.entries()) {
    for (let j = 0; j < i; j++) {
      const distance = Math.hypot(...a.map((value, d) => value - points[j]![d]!))
      ;(labels[i] === labels[j] ? same : other).push(distance)
    }
  }
  const threshold = other.sort((a, b) => a - b)[Math.floor(0.01 * other.length) - 1]!
  const frr = same.filter((distance) => distance > threshold).length / same.length
  const input = {
    dataset: datasetOf(rows),
    neighborhood: { metric: 'euclidean' },
    random: seededRandom,
  } as unknown as MetricInput
  const worse = (parts: ReturnType<typeof worstClasses>) =>
    parts.filter(({ adjustedP }) => adjustedP < 0.05).map(({ value }) => value)
  return {
    classes: worse(worstClasses(input, { threshold, frr })),
    slices: worse(worstSlices(input, { threshold, frr })),
  }
}

describe('a threshold for a rate of false accepts', () => {
  /** Whole numbers: many pairs at one distance, identical ones of two classes among them. */
  const lattice = (width: number) => {
    const random = seededRandom(9)
    const labels = Array.from({ length: 300 }, (_, row) => `c${row % 3}`)
    const points = labels.map((_, row) =>
      [0, 1, 2, 3].map((d) => Math.round(width * (random() + random()) + (d === row % 3 ? 2 : 0))),
    )
    return { labels, points }
  }
  let backend: Backend
  beforeAll(async () => {
    backend = await openBackend('wasm')
  })
  afterAll(() => backend.close())

  it.each([3, 6, 12])('accepts what it is said to accept, of numbers up to %i', async (width) => {
    const { labels, points } = lattice(width)
    const { verification, figures } = await evaluateRows({ labels, points }, backend)
    const apart = points.flatMap((a, i) =>
      points.slice(0, i).map((b, j) => ({
        distance: Math.hypot(...a.map((value, d) => value - b[d]!)),
        same: labels[i] === labels[j],
      })),
    )
    const others = apart.filter(({ same }) => !same)
    const identical = others.filter(({ distance }) => distance === 0).length
    for (const { far, threshold, tar, falseAccepts, resolved } of verification!.operatingPoints) {
      const figure = figures[`verification_tar_at_far_${String(far).replace('.', '_')}`]!
      expect(figure.value).toBe(tar)
      if (identical > far * others.length && far * others.length >= 1) {
        expect({ threshold, tar, falseAccepts }).toEqual({
          threshold: null,
          tar: null,
          falseAccepts: 0,
        })
        expect(figure.note).toContain(`${identical} pairs of two classes are identical`)
        continue
      }
      const accepted = apart.filter(({ distance }) => distance <= threshold!)
      const right = accepted.filter(({ same }) => same).length
      expect(falseAccepts).toBe(accepted.length - right)
      expect(falseAccepts).toBeLessThanOrEqual(far * others.length)
      expect(resolved).toBe(falseAccepts >= 30)
      expect(tar).toBeCloseTo(right / (apart.length - others.length), 12)
    }
    const { worst } = verification!
    const accepted = apart.filter(({ distance }) => distance <= worst.threshold)
    const wrong = accepted.filter(({ same }) => !same).length
    expect(worst.far).toBeCloseTo(wrong / others.length, 12)
    expect(1 - worst.frr).toBeCloseTo(
      (accepted.length - wrong) / (apart.length - others.length),
      12,
    )
  })
})

it.each([
  ['8 classes of 40 rows', Array<number>(8).fill(40)],
  // A few rows that lie off reject most pairs of a small class.
  ['20 classes of 8 rows', Array<number>(20).fill(8)],
])('%s that are all alike are hardly ever told apart', (_name, sizes) => {
  const runs = 40
  let [classes, slices] = [0, 0]
  for (let seed = 1; seed <= runs; seed++) {
    const found = named(classesOf(sizes, seed, 1))
    if (found.classes.length > 0) classes++
    if (found.slices.length > 0) slices++
  }
  expect(classes / runs).toBeLessThan(0.1)
  expect(slices / runs).toBeLessThan(0.1)
})

it('a class that is wider than the others is named', () => {
  for (let seed = 1; seed <= 10; seed++) {
    expect(named(classesOf(Array<number>(8).fill(40), seed, 1.3)).classes).toEqual(['c00'])
  }
})
