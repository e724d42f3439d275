/** What the join is to reach, and what it did reach on the sizes that were measured. */

import { medianRatio, remainingError } from './ratios.mjs'

/**
 * @typedef {object} DataSet
 * @property {import('./places.mjs').Data} data
 * @property {import('./sides.mjs').Measured[]} sides
 * @property {Record<string, import('./sides.mjs').Agreement>} agreement
 */

/**
 * @typedef {object} Judged
 * @property {string} work
 * @property {string} target
 * @property {string} reached
 * @property {boolean | null} met null where it wasn't measured
 */

const NOT_MEASURED = { reached: 'not measured', met: null }

/**
 * How many times as fast as another side.
 * @typedef {{ rows: number, dimensions: number, backend: string, against: 'faiss' | 'scikit-learn', atLeast: number }} SpeedTarget
 * @type {readonly SpeedTarget[]}
 */
const SPEED = [
  { rows: 20_000, dimensions: 512, backend: 'tfjs-node', against: 'faiss', atLeast: 2.5 },
  { rows: 20_000, dimensions: 512, backend: 'tfjs-node', against: 'scikit-learn', atLeast: 8 },
  { rows: 60_000, dimensions: 256, backend: 'tfjs-node', against: 'faiss', atLeast: 2 },
  { rows: 60_000, dimensions: 256, backend: 'tfjs-node', against: 'scikit-learn', atLeast: 7 },
  { rows: 20_000, dimensions: 512, backend: 'wasm', against: 'faiss', atLeast: 0.8 },
  { rows: 20_000, dimensions: 512, backend: 'wasm', against: 'scikit-learn', atLeast: 3 },
  { rows: 60_000, dimensions: 256, backend: 'wasm', against: 'faiss', atLeast: 0.8 },
  { rows: 60_000, dimensions: 256, backend: 'wasm', against: 'scikit-learn', atLeast: 3 },
]

const OVER_PRODUCT = [
  { backend: 'tfjs-node', atMost: 2.2 },
  { backend: 'wasm', atMost: 1.4 },
]

const MEMORY = [
  { backend: 'wasm', megabytes: 500 },
  { backend: 'tfjs-node', megabytes: 900 },
]

const BY_CLASS_MORE = 0.4
const LARGE = { seconds: 90, megabytes: 1500, remainingError: 0.25 }
const SIZES = [
  { rows: 20_000, dimensions: 512 },
  { rows: 60_000, dimensions: 256 },
]

/**
 * @param {readonly DataSet[]} sets
 * @param {DataSet | null} large
 * @returns {Judged[]}
 */
export function judge(sets, large) {
  /** @param {{ rows: number, dimensions: number }} size */
  const setOf = ({ rows, dimensions }) =>
    sets.find(
      ({ data }) =>
        data.kind === 'embedding' && data.rows === rows && data.dimensions === dimensions,
    )
  const speed = SPEED.map((target) => {
    const set = setOf(target)
    const own = set && secondsOf(set, 'neighbors', target.backend)
    const other = set && secondsOf(set, target.against)
    const ratio = own && other ? medianRatio(other, own) : null
    return {
      work: `${sizeText(target)}, ${target.backend}`,
      target: `at least ${target.atLeast}× as fast as ${target.against}`,
      ...(ratio === null
        ? NOT_MEASURED
        : { reached: `${ratio.toFixed(2)}×`, met: ratio >= target.atLeast }),
    }
  })
  const products = OVER_PRODUCT.flatMap(({ backend, atMost }) =>
    SIZES.map((size) => {
      const set = setOf(size)
      const ratio = set ? overProduct(set, backend) : null
      return {
        work: `${sizeText(size)}, ${backend}`,
        target: `within ${atMost}× its own product of half the size`,
        ...(ratio === null
          ? NOT_MEASURED
          : { reached: `${ratio.toFixed(2)}×`, met: ratio <= atMost }),
      }
    }),
  )
  const memory = MEMORY.map(({ backend, megabytes }) => {
    const size = { rows: 60_000, dimensions: 256 }
    const peak = sideOf(setOf(size), 'neighbors', backend)?.peakBytes
    return {
      work: `${sizeText(size)}, ${backend}`,
      target: `under ${megabytes} MB`,
      ...(peak === undefined
        ? NOT_MEASURED
        : { reached: `${Math.round(peak / 1e6)} MB`, met: peak < megabytes * 1e6 }),
    }
  })
  const byClass = SIZES.map((size) => {
    const set = setOf(size)
    const whole = set?.sides.find(({ kind }) => kind.work === 'evaluation')
    const own = set && whole && secondsOf(set, 'neighbors', whole.kind.backend)
    const more = whole && own ? medianRatio(whole.seconds, own) - 1 : null
    return {
      work: `${sizeText(size)}${whole ? `, ${whole.kind.backend}` : ''}, with all figures by class`,
      target: `at most ${percent(BY_CLASS_MORE)} more time than neighbours alone`,
      ...(more === null
        ? NOT_MEASURED
        : { reached: `${percent(more)} more`, met: more <= BY_CLASS_MORE }),
    }
  })
  return [...speed, ...products, ...memory, ...byClass, ...judgeLarge(large)]
}

/** @param {DataSet | null} large @returns {Judged[]} */
function judgeLarge(large) {
  const side = large?.sides[0]
  const [seconds] = side?.seconds ?? []
  const error = side && seconds !== undefined ? remainingError(side.marks, seconds) : null
  const work = `200,000 × 128${side ? `, ${side.kind.backend}` : ''}`
  return [
    {
      work,
      target: `under ${LARGE.seconds} s`,
      ...(seconds === undefined
        ? NOT_MEASURED
        : { reached: `${seconds.toFixed(1)} s`, met: seconds < LARGE.seconds }),
    },
    {
      work,
      target: `under ${LARGE.megabytes} MB`,
      ...(side === undefined
        ? NOT_MEASURED
        : {
            reached: `${Math.round(side.peakBytes / 1e6)} MB`,
            met: side.peakBytes < LARGE.megabytes * 1e6,
          }),
    },
    {
      work,
      target: 'remaining time right within a quarter after the first tenth',
      ...(error === null
        ? NOT_MEASURED
        : {
            reached: `${percent(error.first)} off at a tenth, ${percent(error.worst)} at worst`,
            met: error.worst <= LARGE.remainingError,
          }),
    },
  ]
}

/**
 * How many times as long as the backend's own product.
 * @param {DataSet} set
 * @param {string} backend
 */
export function overProduct(set, backend) {
  const own = secondsOf(set, 'neighbors', backend)
  const product = secondsOf(set, 'product', backend)
  return own && product ? medianRatio(own, product) : null
}

/**
 * @param {DataSet | undefined} set
 * @param {import('./sides.mjs').SideKind['work']} work
 * @param {string | null} backend
 */
function sideOf(set, work, backend = null) {
  return set?.sides.find(({ kind }) => kind.work === work && kind.backend === backend)
}

/**
 * @param {DataSet} set
 * @param {import('./sides.mjs').SideKind['work']} work
 * @param {string | null} [backend]
 */
function secondsOf(set, work, backend = null) {
  return sideOf(set, work, backend)?.seconds
}

/** @param {{ rows: number, dimensions: number }} size */
export function sizeText({ rows, dimensions }) {
  return `${rows.toLocaleString('en-US')} × ${dimensions}`
}

/** @param {number} share */
export function percent(share) {
  return `${Math.round(share * 100)} %`
}
