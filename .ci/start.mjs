/** `npm start` as a person uses it: the address, the page with the samples, Ctrl-C. */

import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const folder = await mkdtemp(join(tmpdir(), 'nearmiss-start-'))
// A group of its own, as a terminal starts a command: Ctrl-C goes to all of it.
const child = spawn('npm', ['start', '--', '--port', '0', '--bucket', join(folder, 'bucket')], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
})
const ended = new Promise((resolve) => {
  child.once('close', (code, signal) => resolve({ code, signal }))
})
let output = ''
child.stdout.on('data', (chunk) => {
  output += chunk
  process.stdout.write(chunk)
})

try {
  const address = await within(
    60,
    'an address',
    () => /http:\/\/127\.0\.0\.1:\d+\//.exec(output)?.[0],
  )
  await within(120, 'a page that lists the samples', async () => {
    const page = await (await fetch(address)).text()
    return page.includes('href="digits/') ? page : undefined
  })
  await within(120, "the report of the samples' last run", async () => {
    const page = await fetch(`${address}digits/runs/nca-32/`)
    return page.ok && (await page.text()).includes('nca-32') ? true : undefined
  })
  stop('SIGINT')
  const { code, signal } = await Promise.race([ended, sleep(10_000, { code: null, signal: null })])
  // The command ends with 0; npm passes on that it was interrupted.
  const isWell = code === 0 || code === 130 || signal === 'SIGINT'
  if (!isWell) throw new Error(`Ctrl-C ended it with status ${code}, signal ${signal}`)
  const answer = await fetch(address).catch(() => null)
  if (answer !== null) throw new Error(`${address} still answers after Ctrl-C`)
} catch (error) {
  process.stdout.write(`npm start: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  stop('SIGKILL')
  await rm(folder, { recursive: true, force: true })
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It has ended.
  }
}

/**
 * @template T
 * @param {number} seconds
 * @param {string} awaited
 * @param {() => Promise<T | undefined> | T | undefined} ask
 */
async function within(seconds, awaited, ask) {
  const deadlineMs = Date.now() + seconds * 1000
  while (Date.now() < deadlineMs && child.exitCode === null) {
    const answer = await ask()
    if (answer !== undefined) return answer
    await sleep(250)
  }
  throw new Error(`there was not ${awaited} within ${seconds} s`)
}
