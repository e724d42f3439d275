/** Whole evaluations by the command, from its start to its end, by stage. */

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cache, peakHook, program } from './places.mjs'

/**
 * @typedef {object} Evaluation
 * @property {number} rows
 * @property {number} dimensions
 * @property {number} classes
 * @property {string} backend
 * @property {number} wallSeconds of the whole process
 * @property {number} peakBytes
 * @property {Record<string, number>} stageSeconds
 */

/**
 * @param {import('./places.mjs').Data} data
 * @param {string} backend
 * @returns {Promise<Evaluation>}
 */
export async function evaluate(data, backend) {
  return withFolder((folder) => evaluateInto(folder, 'run', data, backend))
}

/**
 * A folder for sites, which is gone afterwards.
 *
 * @template T
 * @param {(folder: string) => Promise<T>} use
 */
export async function withFolder(use) {
  const folder = await mkdtemp(join(cache, 'report-'))
  try {
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * As a run of the site in a folder, after the runs that are there.
 *
 * @param {string} folder
 * @param {string} run
 * @param {import('./places.mjs').Data} data
 * @param {string} backend
 * @param {readonly string[]} options further ones of the command
 * @returns {Promise<Evaluation>}
 */
export async function evaluateInto(
  folder,
  run,
  { vectors, rows, dimensions, classes },
  backend,
  options = [],
) {
  const peakFile = join(folder, 'peak')
  const named = ['--project', 'bench', '--run', run, '--backend', backend]
  const start = performance.now()
  await ended(
    process.execPath,
    [
      ...['--import', peakHook, join(program, 'cli.js')],
      ...['report', dirname(vectors), '--out', folder, ...named, ...options],
    ],
    { ...process.env, PEAK_FILE: peakFile },
  )
  const wallSeconds = (performance.now() - start) / 1000
  const report = JSON.parse(await readFile(join(folder, `bench/runs/${run}/report.json`), 'utf8'))
  /** @type {[string, { elapsedMs: number }][]} */
  const timings = Object.entries(report.timings)
  return {
    rows,
    dimensions,
    classes,
    backend: report.backend.name,
    wallSeconds,
    peakBytes: Number(await readFile(peakFile, 'utf8')),
    stageSeconds: Object.fromEntries(timings.map(([stage, t]) => [stage, t.elapsedMs / 1000])),
  }
}

/** @param {string} command @param {string[]} args @param {NodeJS.ProcessEnv} env */
function ended(command, args, env) {
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
      let said = ''
      child.stderr.on('data', (chunk) => {
        said += chunk
      })
      child.once('error', reject)
      child.once('close', (status) => {
        if (status === 0) resolve()
        else reject(new Error(`${args.join(' ')} ended with ${status}:\n${said}`))
      })
    })
  )
}
