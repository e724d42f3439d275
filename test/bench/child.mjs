/** The processes of the benchmark: one a side, alive as long as its data set is measured. */

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/**
 * @typedef {object} Side
 * @property {string} version what it runs on, in words
 * @property {() => Promise<Run>} run
 * @property {(file: string, rows: readonly number[]) => Promise<void>} save the neighbours of rows
 * @property {() => Promise<void>} end
 */

/**
 * @typedef {object} Run
 * @property {number} seconds
 * @property {number} peakBytes of the process, since it started
 * @property {{ fraction: number, seconds: number }[]} [marks] how far it was, and when
 */

/**
 * Starts a side, and resolves once it has loaded its data and warmed up. Throws with what it wrote on
 * stderr where it ends by itself.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<Side>}
 */
export async function startSide(command, args) {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000)
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const failed = new Promise((_, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => {
      reject(new Error(`${command} ${args.join(' ')} ended with ${signal ?? status}:\n${said}`))
    })
  })
  failed.catch(() => {})
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  /** Libraries write lines of their own. @returns {Promise<any>} */
  const answer = async () => {
    for (;;) {
      const { value, done } = await Promise.race([lines.next(), failed])
      if (done) await failed
      if (value?.startsWith('{')) return JSON.parse(value)
    }
  }
  /** @param {object} request */
  const ask = (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`)
    return answer()
  }
  const { version } = await answer()
  return {
    version,
    run: () => ask({ do: 'run' }),
    save: (file, rows) => ask({ do: 'save', file, rows }),
    async end() {
      child.stdin.end()
      await ended
    },
  }
}
