/** A team's own page under `nearmiss serve`: it is there for runs that are published, and follows its file. */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeRows } from '../../lib/publish/rows-parquet.ts'
import { renderRunPages } from '../../reports/render.ts'
import { missing } from '../real-part.ts'
import { buildRun, seededPoints } from '../unit/reports/fixture.ts'
import { browserProblem, launchBrowser } from './browser.ts'

const COMMAND = resolve(import.meta.dirname, '../../dist/cli.js')

const page = (says: string) => `export const title = 'Our own'

<Section id="own" topic="Own" says="${says}">

{props.report.run} has {count(props.report.input.evaluatedRows)} rows.

</Section>
`

describe.skipIf(missing('a browser', await browserProblem()))('a page of a team’s own', () => {
  let browser: Browser
  let folder: string
  let server: ChildProcess
  let address: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-own-'))
    const made = buildRun(seededPoints(120, 4), { run: 'run-1' })
    const { project, run, createdAt, input } = made.report
    const home = join(folder, `bucket/site/${project}/runs/${run}`)
    const record = { schema: 'nearmiss.run/1', project, run, createdAt, status: 'published' }
    const files: Record<string, string | Uint8Array> = {
      ...(await renderRunPages(made)),
      'report.json': JSON.stringify(made.report),
      'rows.parquet': encodeRows(made.rows, made.metadata),
      'run.json': JSON.stringify({ ...record, contentId: input.contentId }),
    }
    for (const [name, body] of Object.entries(files)) {
      await mkdir(dirname(join(home, name)), { recursive: true })
      await writeFile(join(home, name), body)
    }
    await mkdir(join(folder, 'pages'))
    await writeFile(join(folder, 'pages/own.mdx'), page('As it was first.'))
    const options = ['--bucket', join(folder, 'bucket'), '--pages', join(folder, 'pages')]
    server = spawn(process.execPath, [COMMAND, 'serve', '--port', '0', ...options])
    address = await new Promise<string>((found, failed) => {
      server.stdout!.on('data', (said) => {
        const [url] = /http:\S+/.exec(String(said)) ?? []
        if (url) found(`${url}${project}/runs/${run}/pages/own.html`)
      })
      server.once('exit', (code) => failed(new Error(`nearmiss serve ended with ${code}`)))
    })
    browser = await launchBrowser()
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
    const ended = new Promise((end) => server.once('exit', end))
    server.kill()
    await ended
    await rm(folder, { recursive: true, force: true })
  })

  it('reads the run, and shows an edit without being asked to', async () => {
    const tab = await browser.newPage()
    const said: string[] = []
    tab.on('pageerror', (error) => said.push(error.message))
    await tab.goto(address)
    expect(await tab.locator('h1').textContent()).toBe('Our own')
    expect(await tab.locator('#own h2').textContent()).toBe('As it was first.')
    expect(await tab.locator('#own').textContent()).toContain('run-1 has 120 rows.')
    await writeFile(join(folder, 'pages/own.mdx'), page('As it is now.'))
    await expect
      .poll(() => tab.locator('#own h2').textContent(), { timeout: 20_000 })
      .toBe('As it is now.')
    expect(said).toEqual([])
  }, 60_000)
})
