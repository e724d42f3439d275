/** What all figures together cost beside the join, without maps. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { evaluateInto, withFolder } from './end-to-end.mjs'
import { makeData } from './places.mjs'

/** The stages that make figures out of neighbours; maps, pages and files are none. */
export const STAGES = ['structure', 'trade-off', 'metrics', 'drift', 'findings']

/**
 * @typedef {object} Figures
 * @property {import('./places.mjs').Data} data
 * @property {readonly { backend: string, rounds: readonly Record<string, number>[] }[]} sides seconds by stage
 */

/**
 * The backends in turn, in each round. Each evaluation has a baseline, the one before it, so that drift
 * is among the figures.
 *
 * @param {import('./plan.mjs').Size & { rounds: number }} size
 * @param {readonly string[]} backends
 * @param {(line: string) => void} say
 * @returns {Promise<Figures>}
 */
export async function measureFigures({ rows, dimensions, rounds }, backends, say) {
  const data = await makeData('embedding', rows, dimensions)
  return withFolder(async (folder) => {
    const manifest = join(folder, 'nearmiss.yaml')
    await writeFile(manifest, 'maps: [pca]\n')
    /** @type {{ backend: string, rounds: Record<string, number>[] }[]} */
    const sides = backends.map((backend) => ({ backend, rounds: [] }))
    for (let round = 0; round <= rounds; round++) {
      for (const side of sides) {
        const site = join(folder, side.backend)
        const options = ['--manifest', manifest]
        const told = await evaluateInto(site, `run-${round}`, data, side.backend, options)
        // The first one is the baseline of the second.
        if (round === 0) continue
        side.rounds.push(told.stageSeconds)
        say(`figures, ${side.backend}, round ${round} of ${rounds}`)
      }
    }
    return { data, sides }
  })
}
