/**
 * Stops the command at every write of a publication, goes on after it, and counts what was lost.
 *
 *   npm run build && node test/fault/kill.mjs [--cli FILE] [--only report|corrected|serve]
 *
 * For `report`, killed and with Ctrl-C: run v1, then v2 that is stopped at its write n, then v3. For
 * `corrected`: v2 is killed, and then another upload is called v2. For `serve`: it is killed, and
 * started again. Each for every n, until v2 gets through.
 */

import { spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = dirname(fileURLToPath(import.meta.url))
const { values } = parseArgs({
  options: { cli: { type: 'string' }, only: { type: 'string' }, step: { type: 'string' } },
})
const cli = values.cli ?? join(here, '../../dist/cli.js')
const step = Number(values.step ?? 1)
const stopper = join(here, 'stop-at-write.mjs')
const work = await mkdtemp(join(tmpdir(), 'nearmiss-kill-'))
const SERVE_PATIENCE_MS = 60_000

/** @param {number} seed other rows for each */
function csv(seed) {
  const rows = Array.from({ length: 40 }, (_, row) => {
    const side = (row * 7 + seed) % 9 === 0 ? 1 - (row % 2) : row % 2
    return [`r${row}`, row % 2 ? 'b' : 'a', side * 4 + Math.sin(row * seed), Math.cos(row)].join(
      ',',
    )
  })
  return `${['id,label,embedding_0,embedding_1', ...rows].join('\n')}\n`
}

/**
 * @param {string[]} words
 * @param {Record<string, string>} [stop]
 */
function start(words, stop) {
  const options = stop ? ['--import', stopper] : []
  return spawn(process.execPath, [...options, cli, ...words], {
    env: { ...process.env, ...stop },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/**
 * @param {string[]} words
 * @param {Record<string, string>} [stop]
 * @returns {Promise<number | string>} exit status, or the signal that ended it
 */
function run(words, stop) {
  return new Promise((settle) => {
    const child = start(words, stop)
    child.stdout?.resume()
    child.stderr?.resume()
    child.once('exit', (code, signal) => settle(code ?? signal ?? -1))
  })
}

/**
 * @param {string} site
 * @param {string} name
 */
function report(site, name, /** @type {Record<string, string>} */ stop = {}) {
  const file = join(work, `${name}.csv`)
  const words = ['report', file, '--project', 'p', '--run', name, '--out', site]
  return run([...words, '--backend', 'wasm'], Object.keys(stop).length > 0 ? stop : undefined)
}

/** @param {string} path */
async function json(path) {
  return readFile(path, 'utf8').then(JSON.parse, () => null)
}

/** @param {string} folder */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
}

/**
 * Whether a reader could reach a page whose run lacks files that a whole one has.
 *
 * @param {string} site
 * @param {string[]} whole
 */
async function isHalfReachable(site, whole) {
  const folder = join(site, 'p/runs/v2')
  const present = new Set((await filesIn(folder)).map((file) => file.slice(folder.length + 1)))
  return (
    present.has('index.html') && whole.some((name) => name !== 'run.json' && !present.has(name))
  )
}

/** @type {Record<string, Record<string, number>>} */
const totals = {}
/**
 * @param {string} what
 * @param {Record<string, boolean>} faults
 * @param {string} where
 */
function count(what, faults, where) {
  const total = totals[what] ?? { stops: 0 }
  totals[what] = total
  total.stops = (total.stops ?? 0) + 1
  for (const [fault, isSo] of Object.entries(faults)) {
    total[fault] = (total[fault] ?? 0) + Number(isSo)
    if (isSo) process.stdout.write(`${what}: ${fault} at ${where}\n`)
  }
}

/**
 * The site's faults once everything has gone on.
 *
 * @param {string} site
 * @param {string[]} runs
 * @param {any} undisturbed the index as it would be; null: it isn't known
 */
async function faultsOf(site, runs, undisturbed) {
  const index = await json(join(site, 'p/index.json'))
  /** @type {string[]} */
  const complete = []
  for (const name of await readdir(join(site, 'p/runs'))) {
    if (await json(join(site, 'p/runs', name, 'run.json'))) complete.push(name)
  }
  /** @type {string[]} */
  const listed = index?.runs.map((/** @type {any} */ entry) => entry.run) ?? []
  const half = []
  for (const name of await readdir(join(site, 'p/runs'))) {
    if (!complete.includes(name)) half.push(name)
  }
  const strays = (await filesIn(site)).filter((file) =>
    /\/\.nearmiss-|_claims|claim\.json/.test(file),
  )
  const plain = (/** @type {any} */ value) =>
    JSON.stringify({
      items: value?.items,
      runs: value?.runs.map((/** @type {any} */ entry) => ({ ...entry, createdAt: '' })),
    })
  return {
    unlisted: complete.some((name) => !listed.includes(name)),
    lost: runs.some((name) => !complete.includes(name)),
    doubled: complete.some((name) => !runs.includes(name)),
    'half a run': half.length > 0,
    strays: strays.length > 0,
    'other index': undisturbed !== null && plain(index) !== plain(undisturbed),
  }
}

async function stopReports() {
  const base = join(work, 'base')
  await report(base, 'v1')
  const whole = join(work, 'whole')
  await cp(base, whole, { recursive: true })
  const counter = join(work, 'count')
  await report(whole, 'v2', { STOP_FOLDER: whole, STOP_COUNT: counter })
  const writes = Number(await readFile(counter, 'utf8'))
  const folder = join(whole, 'p/runs/v2')
  const names = (await filesIn(folder)).map((file) => file.slice(folder.length + 1))
  await report(whole, 'v3')
  const undisturbed = await json(join(whole, 'p/index.json'))
  // As if v2 had never been begun.
  const without = join(work, 'without')
  await cp(base, without, { recursive: true })
  await report(without, 'v3')
  const undisturbedWithout = await json(join(without, 'p/index.json'))
  process.stdout.write(`a publication has ${writes} writes\n`)
  for (let at = 1; at <= writes; at += step) {
    for (const signal of values.only === 'corrected' ? [] : ['SIGKILL', 'SIGINT']) {
      const site = join(work, 'site')
      await cp(base, site, { recursive: true })
      const stop = {
        STOP_FOLDER: site,
        STOP_AT: String(at),
        STOP_SIGNAL: signal,
        STOP_COUNT: counter,
      }
      await report(site, 'v2', stop)
      const isHalf = await isHalfReachable(site, names)
      await report(site, 'v3')
      const isThere = (await json(join(site, 'p/runs/v2/run.json'))) !== null
      const later = await json(join(site, 'p/runs/v3/report.json'))
      const faults = await faultsOf(
        site,
        isThere ? ['v1', 'v2', 'v3'] : ['v1', 'v3'],
        isThere ? undisturbed : undisturbedWithout,
      )
      const baseline = later?.comparison?.baseline
      count(
        `report, ${signal}`,
        {
          ...faults,
          'wrong baseline': baseline !== (isThere ? 'v2' : 'v1'),
          'half page reachable': isHalf,
          'lost by Ctrl-C': signal === 'SIGINT' && !isThere,
        },
        `write ${at}`,
      )
      await rm(site, { recursive: true })
      await rm(`${site}.vault`, { recursive: true, force: true })
    }
    if (values.only !== 'report') {
      const site = join(work, 'site')
      await cp(base, site, { recursive: true })
      await report(site, 'v2', { STOP_FOLDER: site, STOP_AT: String(at) })
      const isComplete = (await json(join(site, 'p/runs/v2/run.json'))) !== null
      await writeFile(join(work, 'v2.other.csv'), csv(11))
      const words = [
        'report',
        join(work, 'v2.other.csv'),
        '--project',
        'p',
        '--run',
        'v2',
        '--out',
        site,
      ]
      await run([...words, '--backend', 'wasm'])
      const runs = await readdir(join(site, 'p/runs'))
      const record = await json(join(site, 'p/runs/v2/run.json'))
      // Where all files of the first were there it is published, and the second takes another name.
      const other = runs.filter((name) => /^v2-/.test(name))
      const faults = await faultsOf(site, ['v1', 'v2', ...other], null)
      const isRenamed = other.length > 0 && (record === null || runs.length > 3)
      count(
        'corrected',
        {
          ...faults,
          'name lost':
            isRenamed || (other.length > 0 && !isComplete && !(await isWhole(site, names))),
        },
        `write ${at}`,
      )
      await rm(site, { recursive: true })
      await rm(`${site}.vault`, { recursive: true, force: true })
    }
  }
}

/**
 * Whether v2 has all the files that it had undisturbed.
 *
 * @param {string} site
 * @param {string[]} names
 */
async function isWhole(site, names) {
  const folder = join(site, 'p/runs/v2')
  const present = (await filesIn(folder)).map((file) => file.slice(folder.length + 1))
  return names.every((name) => present.includes(name))
}

async function stopServers() {
  const counter = join(work, 'served')
  for (let at = 1, isStopped = true; isStopped; at += step) {
    const bucket = join(work, 'bucket')
    for (const name of ['v1', 'v2']) {
      await mkdir(join(bucket, 'uploads/p', name), { recursive: true })
      await writeFile(join(bucket, 'uploads/p', name, 'embeddings.csv'), csv(Number(name.slice(1))))
    }
    const words = ['serve', '--bucket', bucket, '--port', '0', '--backend', 'wasm']
    const site = join(bucket, 'site')
    const stop = { STOP_FOLDER: site, STOP_AT: String(at), STOP_COUNT: counter }
    isStopped = await untilListed(start(words, stop), site)
    await untilListed(start(words), site)
    count('serve, SIGKILL', await faultsOf(site, ['v1', 'v2'], null), `write ${at}`)
    await rm(bucket, { recursive: true })
  }
}

/**
 * Ends the server once both runs are listed; resolves to whether it ended before.
 *
 * @param {ReturnType<typeof start>} child
 * @param {string} site
 */
async function untilListed(child, site) {
  let isEnded = false
  const ended = new Promise((settle) => {
    child.once('exit', () => {
      isEnded = true
      settle(null)
    })
  })
  child.stdout?.resume()
  child.stderr?.resume()
  const until = Date.now() + SERVE_PATIENCE_MS
  while (!isEnded && Date.now() < until) {
    await sleep(100)
    const index = await json(join(site, 'p/index.json'))
    const claims = await filesIn(join(site, '_claims'))
    if (index?.runs.length >= 2 && claims.length === 0) break
  }
  const wasEnded = isEnded
  if (!isEnded) await sleep(500)
  child.kill('SIGINT')
  await ended
  return wasEnded
}

try {
  for (const [at, name] of ['v1', 'v2', 'v3'].entries()) {
    await writeFile(join(work, `${name}.csv`), csv(at + 1))
  }
  if (values.only !== 'serve') await stopReports()
  if (values.only === undefined || values.only === 'serve') await stopServers()
  process.stdout.write(`${JSON.stringify(totals, null, 2)}\n`)
  const isWrong = (/** @type {[string, number]} */ [fault, times]) => fault !== 'stops' && times > 0
  process.exitCode = Object.values(totals).some((faults) => Object.entries(faults).some(isWrong))
    ? 1
    : 0
} finally {
  await rm(work, { recursive: true, force: true })
}
