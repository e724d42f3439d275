/** What readers take from a figure: a square of the heatmap in words, a class among many, and its code. */

import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeRows } from '../../lib/publish/rows-parquet.ts'
import { renderRunPages } from '../../reports/render.ts'
import { missing } from '../real-part.ts'
import { buildRun, earlierCorrect, seededPoints } from '../unit/reports/fixture.ts'
import { browserProblem, launchBrowser } from './browser.ts'

const CLASSES = 80
const run = promisify(execFile)

describe.skipIf(missing('a browser', await browserProblem()))('a run’s figures', () => {
  const points = seededPoints(1600, CLASSES, 0.9)
  const baseline = { run: 'run-1', correct: earlierCorrect(buildRun(points).rows.correct) }
  const made = buildRun(points, { run: 'run-2', baseline })
  let browser: Browser
  let folder: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nearmiss-figures-'))
    const files: Record<string, string | Uint8Array> = {
      ...(await renderRunPages(made)),
      'report.json': JSON.stringify(made.report),
      'rows.parquet': encodeRows(made.rows, made.metadata),
    }
    for (const [name, body] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), body)
    }
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function open(): Promise<{ page: Page; said: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 1000 } })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    await page.goto(pathToFileURL(join(folder, 'index.html')).href)
    return { page, said }
  }

  it('say a square of the heatmap under the pointer, and lead to its rows', async () => {
    const { page, said } = await open()
    const order = ((await page.locator('[data-heat]').getAttribute('data-heat')) ?? '')
      .split(' ')
      .map(Number)
    const labels = made.report.classes.map(({ label }) => label)
    const plot = page.locator('[data-heat] .f-raised').first()
    await plot.scrollIntoViewIfNeeded()
    const { x, y, width, height } = (await plot.boundingBox())!
    const [actual, predicted, count] = made.report.confusion.counts
      .filter(([label, other]) => label !== other)
      .reduce((most, one) => (one[2] > most[2] ? one : most))
    const spot = (label: string) => (order.indexOf(labels.indexOf(label)) + 0.5) / order.length
    await page.mouse.move(x + 2, y + 2)
    await page.waitForFunction(() => document.querySelector('script[src="confusion.js"]') !== null)
    const readout = page.locator('.readout')
    await expect
      .poll(async () => {
        await page.mouse.move(x + width * spot(predicted), y + height * spot(actual) - 1)
        await page.mouse.move(x + width * spot(predicted), y + height * spot(actual))
        return readout.textContent()
      })
      .toBe(`${actual} is taken for ${predicted}: ${count}`)
    await page.mouse.click(x + width * spot(predicted), y + height * spot(actual))
    await page.waitForURL(/evidence\/\d+\.html#/)
    expect(said).toEqual([])
  })

  it('find a class among all that are confused, by a part of its name', async () => {
    const { page, said } = await open()
    const { a, b, aAsB, bAsA } = made.report.confusion.pairs[0]!
    const find = page.getByLabel(`Find one of all ${CLASSES} classes`)
    await find.fill(a)
    const row = page.locator('[data-result] tr', { hasText: b }).first()
    await row.waitFor()
    expect(await row.locator('td').allTextContents()).toEqual([String(aAsB), String(bAsA)])
    await find.fill('no such class')
    expect(await page.locator('[data-result]').textContent()).toBe(
      'No confused class has this in its name.',
    )
    expect(said).toEqual([])
  })

  it('hand over the code that drew them, as Node runs it', async () => {
    const { page } = await open()
    const copied = async (figure: string, name: string) => {
      const behind = page.locator('.figure, .block', { hasText: figure }).first()
      await behind.locator('summary', { hasText: 'Code' }).first().click()
      await behind.getByRole('button', { name }).click()
      return page.evaluate(() => navigator.clipboard.readText())
    }
    const code = await copied('Confused pairs, most errors first', 'Copy for Node')
    const table = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: resolve(import.meta.dirname, '../..'),
    })
    const worst = made.report.confusion.pairs[0]!
    expect(table.stdout).toContain(worst.a)
    expect(table.stdout).toContain(worst.b)

    const chart = await copied('hold half of the errors', 'Copy for Node')
    const drawn = await run(process.execPath, ['--input-type=module', '-e', chart], {
      cwd: resolve(import.meta.dirname, '../..'),
    })
    const spec = JSON.parse(drawn.stdout)
    expect(JSON.stringify(spec)).toContain('pairs, worst first')
  })

  it('hand over what Observable takes: its imports, and nothing of Node', async () => {
    const { page } = await open()
    const behind = page.locator('.figure', { hasText: 'hold half of the errors' }).first()
    await behind.locator('summary', { hasText: 'Code' }).click()
    await behind.getByRole('button', { name: 'Copy for Observable' }).click()
    const code = await page.evaluate(() => navigator.clipboard.readText())
    expect(code).toContain("from 'npm:arquero'")
    expect(code).toContain(pathToFileURL(`${folder}/`).href)
    expect(code).toContain('display(')
    expect(code).not.toContain('node:')
    expect(code).not.toContain('readFile')
  })
})
