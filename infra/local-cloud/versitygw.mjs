/**
 * S3 on this machine, with real signatures, policies and conditional writes: versitygw (Apache-2.0),
 * built once with Go into `.cache/bin`. `node infra/local-cloud/versitygw.mjs install` builds it.
 */

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { access, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { run } from '../command.mjs'

const VERSION = 'v1.8.0'
const cache = fileURLToPath(new URL('../../.cache/bin/', import.meta.url))
const binary = join(cache, `versitygw-${VERSION}`)

/**
 * Why it can't run here, or null where it can.
 *
 * @returns {Promise<string | null>}
 */
export async function versitygwProblem() {
  if (await exists(binary)) return null
  const remedy = 'build it once with `node infra/local-cloud/versitygw.mjs install`'
  return run('go', ['version']).then(
    () => `it isn't built; ${remedy} (two minutes)`,
    () => `it isn't built and there is no Go; install Go, then ${remedy} (two minutes)`,
  )
}

/**
 * Builds it, unless it is there. Needs Go.
 *
 * @returns {Promise<string>} the program's path
 */
async function installVersitygw() {
  if (await exists(binary)) return binary
  await mkdir(cache, { recursive: true })
  const target = await mkdtemp(join(cache, 'build-'))
  const source = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`
  try {
    await run('go', ['install', '-ldflags=-s -w', source], {
      // One package at a time: a small machine's memory holds no more.
      env: {
        ...process.env,
        GOBIN: target,
        CGO_ENABLED: '0',
        GOTOOLCHAIN: 'local',
        GOFLAGS: '-p=1 -buildvcs=false',
      },
      says: `building versitygw ${VERSION}`,
      logFile: join(cache, 'versitygw.log'),
    })
    await rename(join(target, 'versitygw'), binary)
  } finally {
    await rm(target, { recursive: true, force: true })
  }
  return binary
}

/**
 * @typedef {object} VersitygwOptions
 * @property {string} [webhookUrl] told of every object that is created
 * @property {boolean} [website] serve buckets with a website configuration, as `<bucket>.site.localhost`
 * @property {boolean} [versioning] let buckets keep versions
 *
 * @typedef {object} Versitygw
 * @property {string} endpoint
 * @property {string | null} websiteEndpoint
 * @property {string} region
 * @property {string} accessKeyId
 * @property {string} secretAccessKey
 * @property {string} folder where its buckets lie, as folders
 * @property {() => Promise<void>} stop ends the server and removes its folders
 */

/**
 * Starts a server with empty folders of its own, on free ports of 127.0.0.1.
 *
 * @param {VersitygwOptions} [options]
 * @returns {Promise<Versitygw>}
 */
export async function startVersitygw(options = {}) {
  const problem = await versitygwProblem()
  if (problem !== null) throw new Error(`versitygw can't start: ${problem}`)
  const root = await mkdtemp(join(tmpdir(), 'nearmiss-versitygw-'))
  const folder = join(root, 'buckets')
  const iam = join(root, 'iam')
  const versions = join(root, 'versions')
  for (const path of [folder, iam, versions]) await mkdir(path)
  const accessKeyId = `local${randomBytes(6).toString('hex')}`
  const secretAccessKey = randomBytes(20).toString('hex')
  const [port, websitePort] = await freePorts(2)
  const address = `127.0.0.1:${port}`
  const websiteAddress = `127.0.0.1:${websitePort}`

  const child = spawn(
    binary,
    [
      ...['--port', address, '--iam-dir', iam, '--quiet', '--keep-alive'],
      ...(options.website
        ? ['--website', websiteAddress, '--website-domain', 'site.localhost', '--website-no-tls']
        : []),
      ...(options.webhookUrl ? ['--event-webhook-url', options.webhookUrl] : []),
      'posix',
      ...(options.versioning ? ['--versioning-dir', versions] : []),
      folder,
    ],
    {
      cwd: root,
      env: {
        PATH: process.env.PATH,
        ROOT_ACCESS_KEY: accessKeyId,
        ROOT_SECRET_KEY: secretAccessKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  /** @param {Buffer} chunk */
  const keep = (chunk) => {
    output = `${output}${chunk}`.slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise((settle) => {
    child.once('exit', settle)
    child.once('error', settle)
  })
  const isRunning = () => child.exitCode === null && child.signalCode === null
  // A process that is cut short must not leave its server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)

  async function stop() {
    process.removeListener('exit', kill)
    if (isRunning()) child.kill('SIGTERM')
    const patience = setTimeout(kill, 5_000)
    await ended
    clearTimeout(patience)
    await rm(root, { recursive: true, force: true })
  }

  for (let attempt = 0; ; attempt++) {
    if (await answers(`http://${address}/`)) break
    if (!isRunning() || attempt > 200) {
      await stop()
      throw new Error(`versitygw did not start on ${address}:\n${output}`)
    }
    await sleep(50)
  }
  return {
    endpoint: `http://${address}`,
    websiteEndpoint: options.website ? `http://${websiteAddress}` : null,
    region: 'us-east-1',
    accessKeyId,
    secretAccessKey,
    folder,
    stop,
  }
}

/** @param {string} path */
async function exists(path) {
  return access(path).then(
    () => true,
    () => false,
  )
}

/** @param {string} url */
async function answers(url) {
  return fetch(url).then(
    () => true,
    () => false,
  )
}

/**
 * @param {number} count
 * @returns {Promise<number[]>} ports that were free a moment ago
 */
async function freePorts(count) {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise((ready) => server.listen(0, '127.0.0.1', () => ready(null)))
      return server
    }),
  )
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address()
      await new Promise((closed) => server.close(closed))
      if (address === null || typeof address === 'string') throw new Error('no port was given')
      return address.port
    }),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== 'install') {
    process.stderr.write('usage: node infra/local-cloud/versitygw.mjs install\n')
    process.exitCode = 64
  } else {
    process.stdout.write(`${await installVersitygw()}\n`)
  }
}
