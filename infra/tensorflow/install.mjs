/**
 * Installs the native library of `@tensorflow/tfjs-node` (`npm run tensorflow`): with the package's own
 * installer, else out of TensorFlow's Python wheel. It changes no other package, and leaves the package
 * either working or, as npm does where an optional dependency fails, not there at all.
 */

import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { CommandError, lastLines, run } from '../command.mjs'
import { findPython, unpackWheel, wheelAdvice, wheelProblem } from './wheel.mjs'

const VERSION = '4.22.0'
const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'node_modules/@tensorflow/tfjs-node')
const cache = join(root, '.cache/tensorflow')
const logFile = join(cache, 'install.log')
const stopping = new AbortController()
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(name, () => stopping.abort())
}

process.exitCode = await install()

async function install() {
  const state = await check()
  if (state.works) {
    say(`@tensorflow/tfjs-node already works here (${state.library}); nothing to do`)
    return 0
  }
  await rm(logFile, { force: true })
  const reasons = []
  for (const way of [withItsOwnInstaller, fromTheWheel]) {
    try {
      await fetchPackage()
      const problem = await way()
      const result = problem === null ? await check() : null
      if (result?.works) {
        say(`@tensorflow/tfjs-node ${VERSION} works here (${result.library})`)
        return 0
      }
      reasons.push(problem ?? `it was built but doesn't load: ${result?.problem}`)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      reasons.push(`${error.message}. ${wheelAdvice(error)}`)
    }
    // What a failed way leaves would look installed to the next one, and to whoever imports it.
    await rm(folder, { recursive: true, force: true })
    if (stopping.signal.aborted) {
      say('stopped; @tensorflow/tfjs-node was removed again')
      return 130
    }
  }
  say(`@tensorflow/tfjs-node can't be installed here:
- Its own installer: ${reasons[0]}
- From TensorFlow's Python wheel: ${reasons[1]}
The full output is in ${relative(process.cwd(), logFile)}. nearmiss works without it: \`--backend wasm\` gives the same figures, only slower.`)
  return 1
}

/** Puts the package's files in place, without its install script, if they aren't. */
async function fetchPackage() {
  if (existsSync(join(folder, 'package.json'))) return
  const npm = process.env.npm_execpath
  const [command, before] = npm === undefined ? ['npm', []] : [process.execPath, [npm]]
  await run(
    command,
    // As the lock file has it; without scripts, so that npm has no reason to drop it again.
    [...before, 'install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'].concat(
      `@tensorflow/tfjs-node@${VERSION}`,
    ),
    {
      cwd: root,
      says: `fetching @tensorflow/tfjs-node ${VERSION} with npm`,
      timeoutMs: 600_000,
      logFile,
      signal: stopping.signal,
    },
  )
}

/** Downloads a library and a binding that were built for this system; returns why not, or null. */
async function withItsOwnInstaller() {
  const manifest = join(folder, 'package.json')
  const original = await readFile(manifest)
  try {
    await run(process.execPath, ['scripts/install.js'], {
      cwd: folder,
      env: buildEnvironment(),
      says: 'running the installer of @tensorflow/tfjs-node',
      timeoutMs: 180_000,
      logFile,
      signal: stopping.signal,
    })
    return null
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const cause = /(getaddrinfo|connect|socket|Unsupported|ENOTFOUND|ECONN)[^\n]*/.exec(
      error.output,
    )
    return cause?.[0] ?? `${error.message}. ${lastLines(error.output, 1)}`
  } finally {
    // The installer edits its own manifest, and on an error leaves it edited.
    if (existsSync(manifest)) await writeFile(manifest, original)
  }
}

/** Takes the library from the wheel and compiles the binding; returns why not, or null. */
async function fromTheWheel() {
  const unsupported = wheelProblem()
  if (unsupported !== null) return unsupported
  const python = await findPython()
  if (python === null) {
    return 'it needs Python 3 with pip, and none was found (set PYTHON to its path, or install it: on Debian `apt-get install python3 python3-pip`)'
  }
  for (const tool of ['make', process.env.CXX ?? 'g++']) {
    if (!(await starts(tool))) {
      return `it needs a C++ compiler and make, and \`${tool}\` was not found (on Debian \`apt-get install build-essential\`)`
    }
  }
  const { signal } = stopping
  await unpackWheel({ python, cache, target: join(folder, 'deps'), logFile, signal })
  const require = createRequire(join(folder, 'package.json'))
  const builder = join(
    dirname(require.resolve('@mapbox/node-pre-gyp/package.json')),
    'bin/node-pre-gyp',
  )
  await run(process.execPath, [builder, 'install', '--build-from-source'], {
    cwd: folder,
    env: buildEnvironment(),
    says: 'compiling the binding of @tensorflow/tfjs-node',
    timeoutMs: 600_000,
    logFile,
    signal,
  })
  // Intermediate files, of no use once the binding is built.
  await rm(join(folder, 'build'), { recursive: true, force: true })
  return null
}

/** @param {string} tool */
async function starts(tool) {
  try {
    await run(tool, ['--version'])
    return true
  } catch (error) {
    if (error instanceof CommandError) return false
    throw error
  }
}

/** Node's headers lie beside many of its installations: then node-gyp needn't download them. */
function buildEnvironment() {
  const prefix = dirname(dirname(process.execPath))
  const hasHeaders = existsSync(join(prefix, 'include/node/node_api.h'))
  const tools = join(root, 'node_modules/.bin')
  return {
    ...process.env,
    PATH: `${tools}:${process.env.PATH}`,
    ...(hasHeaders && { npm_config_nodedir: prefix }),
  }
}

/** @returns {Promise<{ works: true, library: string } | { works: false, problem: string }>} */
async function check() {
  try {
    const output = await run(process.execPath, [join(import.meta.dirname, 'check.cjs')], {
      cwd: root,
      timeoutMs: 120_000,
      says: 'loading TensorFlow',
    })
    return { works: true, library: lastLines(output, 1) }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    const reason = /^\w*Error: ([^\n]*)/m.exec(error.output)?.[1]
    return { works: false, problem: reason ?? error.message }
  }
}

/** @param {string} message */
function say(message) {
  process.stderr.write(`${message}\n`)
}
