/** The figures of both samples, against values that numpy, scipy and scikit-learn computed. */

import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import type { Evaluation } from '../../../lib/core/evaluation.ts'
import type { Metric } from '../../../lib/core/manifest.ts'
import type { Backend } from '../../../lib/tensor/backend.ts'
import { openBackend } from '../../../lib/tensor/open-backend.ts'
import { backendProblem } from '../../backends.ts'
import { evaluateSample, sampleFile } from '../../evaluate-sample.ts'
import { missing } from '../../real-part.ts'
import { expectSameValues } from '../../same-values.ts'

const digits = JSON.parse(readFileSync(sampleFile('digits/expected.json'), 'utf8'))
const emoji = JSON.parse(readFileSync(sampleFile('emoji/expected.json'), 'utf8'))
const DIGITS_RUNS = ['pca-8', 'nca-16-small', 'nca-32']
const EMOJI_RUNS = ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64']

/** expected.json is rounded to 9 digits; float32 products may cost a little more. */
const close = (value: number | null | undefined, wanted: number) =>
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThan(1e-4)

describe.each(['wasm', 'tfjs-node'] as const)('sample figures on %s', (name) => {
  const skip = missing(name, backendProblem(name))
  let backend: Backend
  beforeAll(async () => {
    if (!skip) backend = await openBackend(name)
  })
  afterAll(() => backend?.close())

  describe.each(DIGITS_RUNS)('digits %s', (run) => {
    it.skipIf(skip).each<Metric>(['euclidean', 'cosine'])('with %s distance', async (metric) => {
      const manifest = parseManifest(`metric: ${metric}`, 'nearmiss.yaml')
      const found = await evaluateSample(`digits/${run}.npz`, backend, manifest)
      const wanted = digits[`${run}/${metric}`] ?? digits.runs?.[`${run}/${metric}`]
      expect(found.dataset.rows).toBe(wanted.rows)
      expect(found.dataset.dimensions).toBe(wanted.dimensions)
      expect(found.confusion.concentration.errors).toBe(wanted.errors)
      expect(found.confusion.pairs.map(({ a, b, count }) => [a, b, count])).toEqual(
        wanted.confused_pairs,
      )
      expect(found.confusion.counts.filter(([actual, predicted]) => actual !== predicted)).toEqual(
        wanted.confusion,
      )
      for (const { label, rows, accuracy, intraClassDistance } of found.classes) {
        expect(rows).toBe(wanted.classes[label])
        close(accuracy, wanted.per_class_accuracy[label])
        close(intraClassDistance, wanted.mean_distance_within_class[label])
      }
      const { figures } = found
      for (const id of [
        'nearest_neighbor_accuracy',
        'neighbor_margin_error_auc',
        'prediction_margin_error_auc',
        'anti_hub_share_k10',
        'hub_share_k10',
        'precision_at_10',
        'mean_reciprocal_rank',
        'r_precision',
        'map_at_r',
        'hubness_skewness_k10',
        'silhouette',
      ]) {
        close(figures[id]?.value, wanted[id])
      }
      for (const k of [1, 5, 10]) close(figures[`hit_at_${k}`]?.value, wanted.hit_at[k])
      close(figures.neighbor_margin_mean?.value, wanted.neighbor_margin.mean)
      close(figures.neighbor_margin_median?.value, wanted.neighbor_margin.median)
      close(figures.neighbor_margin_low_share?.value, wanted.neighbor_margin.low_share_below_0_05)
      close(figures.class_margin_mean?.value, wanted.class_margin.mean)
      close(figures.class_margin_median?.value, wanted.class_margin.median)
      close(figures.class_margin_negative_share?.value, wanted.class_margin.negative_share)
      close(figures.verification_auc?.value, wanted.verification.auc)
      close(figures.verification_eer?.value, wanted.verification.eer)
      const { neighborhood, dataset } = found
      const nearest = wanted.first_nearest.map((_: string, row: number) => {
        return dataset.ids[neighborhood.neighbors[row * neighborhood.k]!]
      })
      expect(nearest).toEqual(wanted.first_nearest)
    })
  })

  it.skipIf(skip).each(EMOJI_RUNS)('emoji %s', async (run) => {
    const found = await evaluateSample(`emoji/${run}.npz`, backend)
    const wanted = emoji.runs[run]
    const { figures, dataset, classes } = found
    expect(dataset.rows).toBe(wanted.rows)
    expect(dataset.dimensions).toBe(wanted.dimensions)
    expect(dataset.classes.length).toBe(wanted.classes)
    expect(classes.filter(({ rows }) => rows === 1).length).toBe(wanted.singleton_classes)
    expect(found.rows.correct.reduce((sum, right) => sum + right, 0)).toBe(
      wanted.nearest_neighbor_right_rows,
    )
    expect(found.confusion.labelChangingTies).toBe(
      wanted.rows_where_close_first_two_differ_in_label,
    )
    expect(found.confusion.pairs.slice(0, 15).map(({ a, b, count }) => [a, b, count])).toEqual(
      wanted.confused_pairs,
    )
    for (const id of [
      'nearest_neighbor_accuracy',
      'knn_accuracy_5',
      'hit_at_1',
      'hit_at_5',
      'hit_at_10',
      'mean_reciprocal_rank',
      'r_precision',
      'map_at_r',
      'silhouette',
    ]) {
      close(figures[id]?.value, wanted[id])
    }
  })
})

describe('the two backends', () => {
  const skip = missing('tfjs-node', backendProblem('tfjs-node'))
  it
    .skipIf(skip)
    .each([...DIGITS_RUNS.map((r) => `digits/${r}`), ...EMOJI_RUNS.map((r) => `emoji/${r}`)])(
    'find identical neighbours in %s',
    async (run) => {
      const found: Evaluation[] = []
      for (const name of ['wasm', 'tfjs-node'] as const) {
        const backend = await openBackend(name)
        found.push(await evaluateSample(`${run}.npz`, backend))
        await backend.close()
      }
      const [a, b] = found.map(({ neighborhood }) => neighborhood)
      for (const values of ['averagePrecisionAtR', 'distances', 'firstMateRank'] as const) {
        expectSameValues(a![values], b![values], values)
      }
    },
  )
})
