/**
 * Amazon's S3, SQS, Lambda, HTTP API, Step Functions and CloudFormation on this machine: ministack (MIT), in a Python
 * environment of its own under `.cache`. `node infra/local-cloud/ministack.mjs install` makes it.
 * It checks no signatures and no policies; versitygw does.
 */

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { run } from '../command.mjs'

const VERSION = '1.5.33'
const cache = fileURLToPath(new URL('../../.cache/', import.meta.url))
const environment = join(cache, `ministack-${VERSION}`)
// pip writes it last.
const program = join(environment, 'bin/ministack')

/** Why it can't run here, or null where it can. @returns {Promise<string | null>} */
export async function ministackProblem() {
  if (existsSync(program)) return null
  return "it isn't installed; install it once with `node infra/local-cloud/ministack.mjs install` (half a minute)"
}

/** Installs it, unless it is there. Needs Python 3 with venv. @returns {Promise<void>} */
async function installMinistack() {
  if (existsSync(program)) return
  await mkdir(cache, { recursive: true })
  const logFile = join(cache, 'ministack.log')
  const source = process.env.PYTHON ?? 'python3'
  try {
    await run(source, ['-m', 'venv', '--clear', environment], {
      says: 'making a Python environment',
      logFile,
    })
    await run(join(environment, 'bin/python'), ['-m', 'pip', 'install', `ministack==${VERSION}`], {
      says: `installing ministack ${VERSION}`,
      logFile,
    })
  } catch (error) {
    // What is half there would look installed.
    await rm(environment, { recursive: true, force: true })
    throw error
  }
}

/**
 * @typedef {object} Ministack
 * @property {string} endpoint
 * @property {number} port
 * @property {NodeJS.ProcessEnv} env what a client of Amazon's needs to be its client
 * @property {string} home its temporary folder, from which the functions run that it starts
 * @property {() => string} output what it wrote so far
 * @property {() => Promise<void>} stop ends it, with the functions that it runs
 */

/** Starts an empty cloud on a free port of 127.0.0.1. @returns {Promise<Ministack>} */
export async function startMinistack() {
  const problem = await ministackProblem()
  if (problem !== null) throw new Error(`ministack can't start: ${problem}`)
  const home = await mkdtemp(join(tmpdir(), 'nearmiss-ministack-'))
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  let output = ''
  const child = spawn(program, [], {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TMPDIR: home,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: String(port),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    // With the functions that it starts it is a group, which ends as one.
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      output += chunk.toString()
    })
  }
  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  const endGroup = (/** @type {NodeJS.Signals} */ signal) => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // The group has ended already.
    }
  }
  const endAtExit = () => endGroup('SIGKILL')
  process.once('exit', endAtExit)
  const stop = async () => {
    endGroup('SIGTERM')
    await Promise.race([ended, sleep(5000)])
    endGroup('SIGKILL')
    await ended
    process.removeListener('exit', endAtExit)
    await rm(home, { recursive: true, force: true })
  }
  try {
    await answering(endpoint, child)
  } catch (error) {
    await stop()
    throw new Error(`ministack did not start; it wrote:\n${output}`, { cause: error })
  }
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
  }
  return { endpoint, port, env, home, output: () => output, stop }
}

/** @param {string} endpoint @param {import('node:child_process').ChildProcess} child */
async function answering(endpoint, child) {
  const deadlineMs = Date.now() + 60_000
  while (Date.now() < deadlineMs && child.exitCode === null) {
    try {
      if ((await fetch(`${endpoint}/_ministack/health`)).ok) return
    } catch {
      // Not listening yet.
    }
    await sleep(200)
  }
  throw new Error('no answer')
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] === 'install') await installMinistack()
  else {
    process.stderr.write('usage: node infra/local-cloud/ministack.mjs install\n')
    process.exitCode = 64
  }
}
