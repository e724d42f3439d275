/**
 * `npm run fuzz [-- --cases N] [--from SEED] [FORMAT …]`: 100,000 cases a format unless told otherwise, each format
 * in a process of its own. Prints what was found, how many cases and how many seconds; ends with status 1
 * where something was found.
 */

import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const folder = import.meta.dirname
const root = resolve(folder, '../..')
const cache = join(root, '.cache/fuzz')
const LISTED = 400

const words = process.argv.slice(2)
/** @param {string} name @param {number} usual */
function option(name, usual) {
  const at = words.indexOf(name)
  return at < 0 ? usual : Number(words.splice(at, 2)[1])
}
const cases = option('--cases', 100_000)
const from = option('--from', 0)
await mkdir(cache, { recursive: true })
for (const name of ['worker', 'case']) {
  await build({
    entryPoints: [join(folder, `${name}.ts`)],
    outfile: join(cache, `${name}.mjs`),
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  })
}
/** @type {{ FORMATS: readonly string[] }} */
const { FORMATS } = await import(pathToFileURL(join(cache, 'case.mjs')).href)
const formats = words.length > 0 ? words : FORMATS
let all = 0
for (const format of formats) {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [
      join(folder, 'watch.mjs'),
      join(cache, 'worker.mjs'),
      format,
      String(cases),
      join(root, 'test/oracles/tool-files'),
      String(from),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const ended = new Promise((done) => child.on('close', done))
  let found = 0
  for await (const line of createInterface({ input: child.stdout })) {
    found += 1
    if (found <= LISTED) process.stdout.write(`${line}\n`)
  }
  const status = await ended
  if (status !== 0) found += 1
  all += found
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  process.stdout.write(
    `${format}: ${cases} cases, ${seconds} s, ${found} findings${status === 0 ? '' : `, status ${status}`}\n`,
  )
}
process.exitCode = all > 0 ? 1 : 0
