/** Pages in a real browser, opened from a folder: quiet, self-contained, accessible, and narrow if need be. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missing } from '../real-part.ts'
import { axeViolations } from './axe.ts'
import { browserProblem, launchBrowser } from './browser.ts'
import { type MiniSite, writeMiniSite } from './mini-site.ts'

const RUN = 'animals/runs/run-2/index.html'
const KINDS = [
  RUN,
  'animals/runs/run-2/evidence/1.html',
  'animals/runs/bare/index.html',
  'animals/runs/bare/evidence/1.html',
  'animals/runs/broken/index.html',
  'animals/index.html',
  'animals/sprint/index.html',
  'index.html',
] as const

interface Visit {
  readonly page: Page
  /** What the page said on the console, errors and violations of its policy included. */
  readonly said: string[]
  readonly requests: string[]
}

describe.skipIf(missing('a browser', await browserProblem()))('pages in a browser', () => {
  let browser: Browser
  let site: MiniSite

  beforeAll(async () => {
    site = await writeMiniSite()
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  async function visit(
    path: string,
    options: { width?: number; dark?: boolean; script?: boolean } = {},
  ): Promise<Visit> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.script ?? true,
    })
    const page = await context.newPage()
    const said: string[] = []
    const requests: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    page.on('request', (request) => requests.push(request.url()))
    page.on('requestfailed', (request) => said.push(`failed: ${request.url()}`))
    await page.goto(pathToFileURL(join(site.folder, path)).href)
    return { page, said, requests }
  }

  it.each(KINDS)('%s says nothing on the console and asks only for its own files', async (path) => {
    const { page, said, requests } = await visit(path)
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    await page.waitForLoadState('networkidle')
    expect(said).toEqual([])
    const home = pathToFileURL(site.folder).href
    expect(requests.filter((url) => !url.startsWith(home) && !url.startsWith('data:'))).toEqual([])
    expect(await page.title()).not.toContain('pwned')
    await page.context().close()
  })

  it('draws a row’s tile from the sheet', async () => {
    const { page, requests } = await visit(RUN)
    expect(requests.some((url) => url.endsWith('/sprite.png'))).toBe(true)
    const tile = page.locator('.pairs .tiles svg').first()
    const colours = await tile.screenshot()
    const blank = await page
      .locator('.tiles')
      .first()
      .evaluate((element) => {
        element.innerHTML = ''
        return true
      })
    expect(blank).toBe(true)
    // A tile that failed to draw is one flat colour, and its picture compresses to almost nothing.
    expect(colours.byteLength).toBeGreaterThan(600)
    await page.context().close()
  })

  it.each([
    { width: 1440, dark: false },
    { width: 1440, dark: true },
    { width: 375, dark: false },
  ])('is accessible, $width wide, dark: $dark', async ({ width, dark }) => {
    const item = site.pages.find((path) => path.includes('/items/'))!
    for (const path of [...KINDS, item]) {
      const { page } = await visit(path, { width, dark })
      await page.evaluate(() => {
        for (const folded of document.querySelectorAll('details')) folded.open = true
      })
      const violations = await axeViolations(page)
      expect({ path, violations }).toEqual({ path, violations: [] })
      await page.context().close()
    }
  })

  it.each(KINDS)('%s needs no sideways scrolling on a phone', async (path) => {
    const { page } = await visit(path, { width: 375 })
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll('details')) folded.open = true
    })
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
    await page.context().close()
  })

  it('has no link that leads nowhere', async () => {
    const dead: string[] = []
    const anchors = new Map<string, ReadonlySet<string>>()
    const links: { readonly from: string; readonly to: URL }[] = []
    for (const path of site.pages) {
      const url = pathToFileURL(join(site.folder, path))
      const html = readFileSync(url, 'utf8')
      anchors.set(url.href, new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id!)))
      for (const [, href] of html.matchAll(/<a[^>]*\shref="([^"]*)"/g)) {
        links.push({ from: path, to: new URL(href!, url) })
      }
    }
    for (const { from, to } of links) {
      if (to.protocol === 'https:') continue
      // What is picked on the sprint page is named by its box.
      const anchor = decodeURIComponent(to.hash.slice(1)).replace(/^pick=/, 'pick-')
      const file = new URL(to)
      file.hash = ''
      try {
        readFileSync(file)
      } catch {
        dead.push(`${from}: ${to.href}`)
        continue
      }
      const ids = anchors.get(file.href)
      if (anchor !== '' && !ids?.has(anchor)) {
        dead.push(`${from}: no #${anchor} in ${file.href}`)
      }
    }
    expect(links.length).toBeGreaterThan(100)
    expect(dead).toEqual([])
  })

  it('is read in full without JavaScript', async () => {
    const { page, said } = await visit(RUN, { script: false })
    expect(said).toEqual([])
    expect(await page.locator('h1').textContent()).toMatch(/run-1/)
    expect(await page.locator('.item').first().isVisible()).toBe(true)
    expect(await page.locator('svg.chart').first().isVisible()).toBe(true)
    expect(await page.locator('[data-theme-toggle]').isVisible()).toBe(false)
    await page.locator('.behind summary').first().click()
    expect(await page.locator('.behind details[open]').first().isVisible()).toBe(true)
    await page.context().close()
  })

  it('turns dark and light by its button, and remembers', async () => {
    const { page } = await visit(RUN)
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await paper()
    await page.locator('[data-theme-toggle]').click()
    const dark = await paper()
    expect(dark).not.toBe(light)
    await page.reload()
    expect(await paper()).toBe(dark)
    await page.context().close()
  })

  it('sends the reader of the latest page on to the run', async () => {
    const { page } = await visit('animals/latest/index.html')
    await page.waitForURL(/runs\/run-2\/index\.html$/)
    await page.context().close()
  })

  it('opens what a link points into', async () => {
    const { page } = await visit(RUN)
    const folded = page.locator('.others').first()
    const id = await folded.locator('li[id]').first().getAttribute('id')
    expect(await folded.getAttribute('open')).toBeNull()
    await page.evaluate((target) => {
      location.hash = target ?? ''
    }, id)
    await folded.locator('li[id]').first().waitFor({ state: 'visible' })
    await page.context().close()
  })
})
