/** The map in a browser, from a folder: it answers to the pointer and the keyboard, and reads without scripts. */

import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missing } from '../real-part.ts'
import { axeViolations } from './axe.ts'
import { browserProblem, launchBrowser } from './browser.ts'
import { type MiniSite, writeMiniSite } from './mini-site.ts'

describe.skipIf(missing('a browser', await browserProblem()))('the map', () => {
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

  async function open(
    options: { script?: boolean; dark?: boolean; width?: number; touch?: boolean } = {},
  ) {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1200, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.script ?? true,
      hasTouch: options.touch ?? false,
    })
    const page = await context.newPage()
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    await page.goto(pathToFileURL(join(site.folder, 'animals/runs/run-2/index.html')).href)
    await page.locator('#map').scrollIntoViewIfNeeded()
    if (options.script ?? true) {
      await page.locator('.map-stage').scrollIntoViewIfNeeded()
    }
    return { page, said }
  }

  /** Colours that the dots have, without the ground. */
  const colours = (page: Page) =>
    page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.map-dots')!
      // A copy: reading the page's own would slow it down, and Chromium says so.
      const copy = new OffscreenCanvas(canvas.width, canvas.height)
      const context = copy.getContext('2d', { willReadFrequently: true })!
      context.drawImage(canvas, 0, 0)
      const { data } = context.getImageData(0, 0, copy.width, copy.height)
      const counts = new Map<number, number>()
      for (const pixel of new Uint32Array(data.buffer)) {
        counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
      }
      return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 3)
    })

  it('is a drawing with its description where scripts are off', async () => {
    const { page } = await open({ script: false })
    expect(await page.locator('.map svg.dots').getAttribute('aria-label')).toMatch(
      /^Map of 500 rows/,
    )
    expect(await page.locator('.map-stage').count()).toBe(0)
  })

  it('tells the row under the pointer, with its picture and what the baseline said', async () => {
    const { page, said } = await open()
    const box = (await page.locator('.map-stage').boundingBox())!
    const card = page.locator('.map-card')
    for (let step = 0; step < 60 && !(await card.isVisible()); step++) {
      await page.mouse.move(
        box.x + (box.width * (step % 10)) / 10,
        box.y + 30 * Math.floor(step / 3),
      )
    }
    expect(await card.textContent()).toMatch(/(nearest|no neighbour).*(right|wrong) in run-1/)
    expect(await card.locator('svg use').getAttribute('href')).toBe('#sheet')
    expect(said).toEqual([])
  })

  it('lists what a lasso holds, wrong rows first, and forgets it', async () => {
    const { page, said } = await open()
    await page.getByRole('button', { name: 'Lasso' }).click()
    const box = (await page.locator('.map-stage').boundingBox())!
    await page.mouse.move(box.x + 2, box.y + 2)
    await page.mouse.down()
    for (const [x, y] of [
      [box.width - 2, 2],
      [box.width - 2, box.height - 2],
      [2, box.height - 2],
    ] as const) {
      await page.mouse.move(box.x + x, box.y + y)
    }
    await page.mouse.up()
    const chosen = page.locator('.map-chosen')
    expect(await chosen.locator('p').first().textContent()).toMatch(/^500 rows inside the line/)
    expect(await chosen.locator('li').count()).toBe(60)
    expect(await chosen.locator('li').first().textContent()).toContain('taken for')
    expect(await chosen.locator('a', { hasText: 'evidence' }).count()).toBeGreaterThan(0)
    await chosen.getByRole('button', { name: 'Clear' }).click()
    expect(await chosen.isVisible()).toBe(false)
    expect(said).toEqual([])
  })

  it('finds rows by class, colours them, and shows another map', async () => {
    const { page, said } = await open()
    const before = await colours(page)
    await page.getByLabel('Find').fill('APPLE')
    const told = page.locator('.map-chosen p').first()
    await expect.poll(() => told.textContent()).toMatch(/with “APPLE”/)
    // The dots are drawn in the next frame.
    await expect.poll(() => colours(page)).not.toEqual(before)
    await page.getByLabel('Find').fill('')
    await page.getByLabel('Colour').selectOption({ label: 'label' })
    await expect.poll(() => page.locator('.map-legend li').count()).toBe(8)
    await page.locator('.map-legend button').first().click()
    await page.getByLabel('Map', { exact: true }).selectOption({ label: 'Principal components' })
    await expect
      .poll(() => page.locator('.map .note').textContent())
      .toMatch(/^Principal components:/)
    expect(said).toEqual([])
  })

  it('is moved, zoomed and read out by the keyboard', async () => {
    const { page } = await open()
    await page.locator('.map-dots').focus()
    const still = await colours(page)
    for (const key of ['+', '+', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key)
    await expect.poll(() => colours(page)).not.toEqual(still)
    await page.keyboard.press('Enter')
    expect(await page.locator('.map [role=status]').textContent()).toMatch(/nearest|No row is near/)
    await page.keyboard.press('0')
    await page.keyboard.press('Escape')
    await expect.poll(() => colours(page)).toEqual(still)
  })

  it('is zoomed by two fingers, and tells the row that one finger taps', async () => {
    const { page, said } = await open({ touch: true, width: 375 })
    const still = await colours(page)
    const { x, y, width, height } = (await page.locator('.map-stage').boundingBox())!
    const middle = { x: x + width / 2, y: y + height / 2 }
    const session = await page.context().newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart: number | null) =>
      session.send('Input.dispatchTouchEvent', {
        type,
        touchPoints:
          apart === null
            ? []
            : [
                { x: middle.x - apart, y: middle.y, id: 0 },
                { x: middle.x + apart, y: middle.y, id: 1 },
              ],
      })
    await touch('touchStart', 20)
    for (const apart of [40, 70, 110]) await touch('touchMove', apart)
    await touch('touchEnd', null)
    await expect.poll(() => colours(page)).not.toEqual(still)
    // The page itself stays as large as it was.
    expect(await page.evaluate(() => visualViewport?.scale)).toBe(1)

    await page.getByRole('button', { name: 'Whole' }).click()
    await page.locator('.map-dots').scrollIntoViewIfNeeded()
    const box = (await page.locator('.map-stage').boundingBox())!
    const card = page.locator('.map-card')
    for (let step = 0; step < 80 && !(await card.isVisible()); step++) {
      await page.touchscreen.tap(
        box.x + (box.width * ((step % 9) + 0.5)) / 9,
        box.y + (box.height * (Math.floor(step / 9) + 0.5)) / 9,
      )
    }
    expect(await card.textContent()).toMatch(/nearest|no neighbour/)
    expect(said).toEqual([])
  })

  it.each([
    { dark: false, width: 1200 },
    { dark: true, width: 375 },
  ])('has no violation that axe finds: %o', async (options) => {
    const { page } = await open(options)
    await page.getByLabel('Find').fill('a')
    expect(await axeViolations(page)).toEqual([])
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wide).toBeLessThanOrEqual(0)
  })
})
