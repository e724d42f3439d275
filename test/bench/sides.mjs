/** Which sides there are, and their rounds: all alternately on the same data. */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { run } from '../../infra/command.mjs'
import { startSide } from './child.mjs'
import { cache, program, python, scripts } from './places.mjs'

export const K = 10
const CHECKED_ROWS = 500
/** Threads that wait for more work spin for a while; the next side isn't to pay for that. */
const PAUSE_MS = 200

/**
 * @typedef {object} SideKind
 * @property {string} name
 * @property {'neighbors' | 'evaluation' | 'product' | 'faiss' | 'scikit-learn' | 'numpy'} work
 * @property {string | null} backend
 * @property {boolean} finds whether it finds neighbours, which can be compared
 */

/**
 * @typedef {object} Measured
 * @property {SideKind} kind
 * @property {string} version
 * @property {number[]} seconds of each round
 * @property {number} peakBytes of its process after the first round
 * @property {number} lastPeakBytes after the last
 * @property {{ fraction: number, seconds: number }[]} marks of the first round
 */

/**
 * @typedef {object} Agreement
 * @property {number} places
 * @property {number} wrongRows
 * @property {number} different
 * @property {number} beyondFloat32
 * @property {number} largestGap
 * @property {number | null} largestDistanceError
 */

/** @param {SideKind['work']} work @param {string | null} backend @returns {SideKind} */
export function sideKind(work, backend = null) {
  const names = {
    neighbors: `nearmiss, ${backend}`,
    evaluation: `nearmiss with all figures by class, ${backend}`,
    product: `bare matrix product, ${backend}`,
    faiss: 'faiss IndexFlatL2',
    'scikit-learn': 'scikit-learn brute force',
    numpy: 'matrix product, numpy',
  }
  const finds = ['neighbors', 'evaluation', 'faiss', 'scikit-learn'].includes(work)
  return { name: names[work], work, backend, finds }
}

/** @param {SideKind} kind @param {import('./places.mjs').Data} data */
export function openSide({ work, backend }, { vectors, labels }) {
  if (backend === null) {
    return startSide(python, [join(scripts, 'side.py'), work, vectors, String(K)])
  }
  const side = join(program, 'nearmiss-side.js')
  return startSide(process.execPath, [side, work, backend, vectors, labels, String(K)])
}

/**
 * Measures the sides in rounds, each of which starts with another side, and compares what they found.
 * @param {readonly SideKind[]} kinds
 * @param {import('./places.mjs').Data} data
 * @param {number} rounds
 * @param {(line: string) => void} say
 * @returns {Promise<{ sides: Measured[], agreement: Record<string, Agreement> }>}
 */
export async function measure(kinds, data, rounds, say) {
  const title = `${data.rows} × ${data.dimensions} ${data.kind}`
  /** @type {import('./child.mjs').Side[]} */
  const open = []
  try {
    for (const kind of kinds) open.push(await openSide(kind, data))
    /** @type {Measured[]} */
    const sides = kinds.map((kind, at) => ({
      kind,
      version: open[at]?.version ?? '',
      seconds: [],
      peakBytes: 0,
      lastPeakBytes: 0,
      marks: [],
    }))
    for (let round = 0; round < rounds; round++) {
      for (let turn = 0; turn < kinds.length; turn++) {
        const at = (round + turn) % kinds.length
        const [side, child] = [sides[at], open[at]]
        if (side === undefined || child === undefined) continue
        await sleep(PAUSE_MS)
        const { seconds, peakBytes, marks = [] } = await child.run()
        side.seconds.push(seconds)
        side.lastPeakBytes = peakBytes
        if (round === 0) Object.assign(side, { peakBytes, marks })
        say(`${title}, round ${round + 1} of ${rounds}: ${side.kind.name} ${seconds.toFixed(2)} s`)
      }
    }
    return { sides, agreement: await compare(kinds, open, data) }
  } finally {
    await Promise.all(open.map((side) => side.end()))
  }
}

/**
 * @param {readonly SideKind[]} kinds
 * @param {readonly import('./child.mjs').Side[]} open
 * @param {import('./places.mjs').Data} data
 * @returns {Promise<Record<string, Agreement>>}
 */
async function compare(kinds, open, data) {
  const folder = join(cache, 'found')
  await mkdir(folder, { recursive: true })
  const count = Math.min(CHECKED_ROWS, data.rows)
  const rows = Array.from({ length: count }, (_, at) => Math.floor((at * data.rows) / count))
  /** @type {Record<string, string>} */
  const sides = {}
  for (const [at, kind] of kinds.entries()) {
    if (!kind.finds) continue
    const file = join(folder, `${at}.json`)
    await open[at]?.save(file, rows)
    sides[kind.name] = file
  }
  const [request, answer] = [join(folder, 'request.json'), join(folder, 'answer.json')]
  await writeFile(request, JSON.stringify({ vectors: data.vectors, rows, k: K, sides, answer }))
  await run(python, [join(scripts, 'check.py'), request], {
    says: 'comparing with double precision',
    logFile: join(cache, 'check.log'),
  })
  return JSON.parse(await readFile(answer, 'utf8'))
}
