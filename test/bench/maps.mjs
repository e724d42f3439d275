/** t-SNE and UMAP: against scikit-learn's t-SNE in alternation, and how their cost grows with the rows. */

import { join } from 'node:path'
import { run } from '../../infra/command.mjs'
import { cache, makeData, program, python, scripts } from './places.mjs'

/**
 * @typedef {object} Laid
 * @property {import('./places.mjs').Data} data
 * @property {'tsne' | 'umap'} method
 * @property {number} seconds
 * @property {number} neighborsSeconds of them, to find the neighbours
 * @property {number} peakBytes
 * @property {number} trustworthiness
 */

/**
 * @typedef {object} Maps
 * @property {string} backend
 * @property {string} version scikit-learn's
 * @property {import('./places.mjs').Data} data that both sides lay out
 * @property {readonly { seconds: number, trustworthiness: number }[]} own by round
 * @property {readonly { seconds: number, trustworthiness: number }[]} theirs by round
 * @property {readonly Laid[]} growth
 */

/**
 * @param {import('./plan.mjs').Plan['maps']} plan
 * @param {string} backend
 * @param {(line: string) => void} say
 * @returns {Promise<Maps>}
 */
export async function measureMaps({ rows, rounds, growth }, backend, say) {
  const data = await makeData('embedding', rows, 64)
  const own = []
  const theirs = []
  let version = ''
  for (let round = 0; round < rounds; round++) {
    // Each round starts with the other side.
    for (const side of round % 2 === 0 ? ['own', 'theirs'] : ['theirs', 'own']) {
      if (side === 'own') {
        const laid = await layOut(data, 'tsne', backend)
        own.push(laid)
        say(`t-SNE of ${rows} rows: ${laid.seconds.toFixed(1)} s`)
      } else {
        const told = await judge(data, [])
        version = told.version
        theirs.push({
          seconds: told.seconds ?? Number.NaN,
          trustworthiness: told.trustworthiness[0] ?? Number.NaN,
        })
        say(`scikit-learn's t-SNE: ${told.seconds?.toFixed(1)} s`)
      }
    }
  }
  const laid = []
  for (const count of growth) {
    const grown = await makeData('embedding', count, 64)
    for (const method of /** @type {const} */ (['tsne', 'umap'])) {
      const one = await layOut(grown, method, backend)
      laid.push(one)
      say(`${method} of ${count} rows: ${one.seconds.toFixed(1)} s`)
    }
  }
  return { backend, version, data, own, theirs, growth: laid }
}

/**
 * @param {import('./places.mjs').Data} data
 * @param {Laid['method']} method
 * @param {string} backend
 * @returns {Promise<Laid>}
 */
async function layOut(data, method, backend) {
  const out = join(cache, `map-${method}.bin`)
  const side = join(program, 'maps-side.js')
  const told = JSON.parse(await run(process.execPath, [side, backend, data.vectors, method, out]))
  const { trustworthiness } = await judge(data, [out])
  return { data, method, ...told, trustworthiness: trustworthiness[0] ?? Number.NaN }
}

/**
 * @param {import('./places.mjs').Data} data
 * @param {readonly string[]} maps none: one by scikit-learn
 * @returns {Promise<{ version: string, seconds: number | null, trustworthiness: number[] }>}
 */
async function judge(data, maps) {
  return JSON.parse(await run(python, [join(scripts, 'maps.py'), data.vectors, ...maps]))
}
