/** What is measured, by the options of the command. */

import { parseArgs } from 'node:util'

/**
 * @typedef {{ rows: number, dimensions: number }} Size
 * @typedef {object} Plan
 * @property {readonly Size[]} sizes
 * @property {number} rounds
 * @property {number} randomRounds fewer: only for whether the data matters
 * @property {Size | null} large
 * @property {readonly number[]} evaluationRows
 * @property {readonly GrowthStep[]} growth
 * @property {boolean} joins nothing but the join is measured
 * @property {'pages' | 'maps' | 'figures' | null} alone nothing else is, and only its section is written
 * @property {{ rows: number, rounds: number, growth: readonly number[] }} maps of 64 dimensions
 * @property {Size & { rounds: number }} figures
 * @property {boolean} quick
 * @property {string} out file of the page
 */

/** @typedef {Size & { by: 'rows' | 'dimensions' | 'classes', classes: number }} GrowthStep */

export const USAGE = `npm run bench -- [options]
  --size ROWSxDIMENSIONS  measure this instead of 20000x512 and 60000x256; may be repeated
  --joins                 the join alone: no whole evaluations, no growth, no large set, no figures, no maps, no pages
  --pages                 the report's pages alone, in a browser; writes their section of the page
  --figures               what all figures cost beside the join, alone; writes their section of the page
  --maps                  t-SNE and UMAP alone; writes their section of the page
  --rounds N              rounds in which all sides run alternately (5)
  --quick                 small sizes and two rounds, to see that it works: two minutes, rather than a quarter of an hour
  --out FILE              where the page is written (docs/benchmarks.md)
`

/** Throws a `TypeError` that says what is wrong. @param {string[]} args @returns {Plan} */
export function readPlan(args) {
  const { values } = parseArgs({
    args,
    options: {
      size: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      joins: { type: 'boolean', default: false },
      pages: { type: 'boolean', default: false },
      maps: { type: 'boolean', default: false },
      figures: { type: 'boolean', default: false },
      out: { type: 'string', default: 'docs/benchmarks.md' },
    },
  })
  const { quick, joins, pages, maps, figures, out } = values
  const rounds = values.rounds === undefined ? (quick ? 2 : 5) : Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError(`--rounds is ${values.rounds}; it needs a whole number from 1`)
  }
  const sizes = values.size ?? (quick ? ['4000x64', '8000x32'] : ['20000x512', '60000x256'])
  const scale = quick ? 0.1 : 1
  return {
    sizes: sizes.map(readSize),
    rounds,
    randomRounds: Math.ceil(rounds / 3),
    large: quick || joins || values.size !== undefined ? null : { rows: 200_000, dimensions: 128 },
    evaluationRows: joins ? [] : quick ? [1000, 4000] : [1000, 10_000, 60_000],
    growth: joins
      ? []
      : [
          ...[10_000, 20_000, 40_000].map((rows) => step('rows', rows * scale, 128, 50)),
          ...[64, 128, 256, 512].map((dimensions) =>
            step('dimensions', 10_000 * scale, dimensions, 50),
          ),
          ...[10, 50, 200, 1000].map((classes) => step('classes', 10_000 * scale, 128, classes)),
        ],
    joins,
    alone: maps ? 'maps' : figures ? 'figures' : pages ? 'pages' : null,
    figures: {
      ...(quick ? { rows: 4000, dimensions: 64 } : { rows: 20_000, dimensions: 512 }),
      rounds,
    },
    maps: quick
      ? { rows: 2000, rounds: 1, growth: [4000] }
      : { rows: 10_000, rounds: 2, growth: [25_000, 50_000, 100_000] },
    quick,
    out,
  }
}

/** @param {string} text @returns {Size} */
function readSize(text) {
  const [, rows, dimensions] = /^(\d+)x(\d+)$/.exec(text) ?? []
  if (Number(rows) >= 1000 && Number(dimensions) >= 1) {
    return { rows: Number(rows), dimensions: Number(dimensions) }
  }
  throw new TypeError(
    `--size is ${text}; it needs rows (at least 1000) and dimensions, as in 20000x512`,
  )
}

/**
 * @param {GrowthStep['by']} by
 * @param {number} rows
 * @param {number} dimensions
 * @param {number} classes
 * @returns {GrowthStep}
 */
function step(by, rows, dimensions, classes) {
  return { by, rows, dimensions, classes }
}
