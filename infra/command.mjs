/** Runs the commands of the installers: their output goes to a log, a person sees that it goes on. */

import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** A command ended with an error, took too long, or isn't there. */
export class CommandError extends Error {
  /**
   * @param {string} message
   * @param {string} output what it wrote to stdout and stderr, in order
   */
  constructor(message, output) {
    super(message)
    this.name = 'CommandError'
    this.output = output
  }
}

/**
 * Runs a command without a shell and without input; resolves to what it wrote.
 * Throws `CommandError`. Past two seconds a line on stderr says what it is waiting for, and every ten
 * seconds how long.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{
 *   cwd?: string
 *   env?: NodeJS.ProcessEnv
 *   timeoutMs?: number
 *   says?: string
 *   logFile?: string
 *   signal?: AbortSignal
 * }} [options] `says`: what a person reads while it runs
 * @returns {Promise<string>}
 */
export function run(command, args, options = {}) {
  const { cwd, env, timeoutMs = 0, says, logFile, signal } = options
  const startMs = Date.now()
  const teller = says === undefined ? null : tellProgress(says, startMs)
  return new Promise((resolve, reject) => {
    let output = ''
    let late = false
    // A group of its own, so that a compiler started by a build tool ends with it.
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const timer =
      timeoutMs > 0
        ? setTimeout(() => {
            late = true
            stop()
          }, timeoutMs)
        : undefined
    const stop = () => {
      if (child.pid === undefined || child.exitCode !== null) return
      try {
        process.kill(-child.pid, 'SIGTERM')
      } catch {
        child.kill()
      }
    }
    signal?.addEventListener('abort', stop, { once: true })
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    const end = (/** @type {string | null} */ problem) => {
      clearTimeout(timer)
      teller?.end()
      signal?.removeEventListener('abort', stop)
      if (logFile !== undefined) {
        mkdirSync(dirname(logFile), { recursive: true })
        appendFileSync(logFile, `$ ${command} ${args.join(' ')}\n${output}\n`)
      }
      if (problem === null) resolve(output)
      else reject(new CommandError(problem, output))
    }
    child.once('error', (error) => end(`${command} can't be started: ${error.message}`))
    child.once('close', (code, killedBy) => {
      if (late) end(`${command} was stopped after ${timeoutMs / 1000} s without an end`)
      else if (code === 0) end(null)
      else end(`${command} ended with ${code === null ? `signal ${killedBy}` : `status ${code}`}`)
    })
  })
}

/** The last lines of a command's output that say something. @param {string} output @param {number} count */
export function lastLines(output, count) {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  return lines.slice(-count).join('\n')
}

/** @param {string} says @param {number} startMs */
function tellProgress(says, startMs) {
  const first = setTimeout(() => process.stderr.write(`${says} …\n`), 2000)
  const again = setInterval(() => {
    process.stderr.write(`${says} … ${Math.round((Date.now() - startMs) / 1000)} s\n`)
  }, 10_000)
  return {
    end() {
      clearTimeout(first)
      clearInterval(again)
    },
  }
}
