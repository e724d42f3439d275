/** The sprint page in a browser: what is ticked lives in the address, by mouse and by keyboard, and without scripts. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Plan } from '../../lib/core/planning.ts'
import { missing } from '../real-part.ts'
import { axeViolations } from './axe.ts'
import { browserProblem, launchBrowser } from './browser.ts'
import { type MiniSite, writeMiniSite } from './mini-site.ts'

const SPRINT = 'animals/sprint/index.html'

describe.skipIf(missing('a browser', await browserProblem()))('the sprint page', () => {
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
    options: {
      path?: string
      hash?: string
      width?: number
      dark?: boolean
      script?: boolean
    } = {},
  ): Promise<{ page: Page; said: string[] }> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1440, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
      javaScriptEnabled: options.script ?? true,
      acceptDownloads: true,
    })
    const page = await context.newPage()
    await page.clock.install({ time: new Date('2026-11-21T12:00:00Z') })
    const said: string[] = []
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    const url = pathToFileURL(join(site.folder, options.path ?? SPRINT))
    await page.goto(`${url.href}${options.hash ?? ''}`)
    return { page, said }
  }

  const shownItems = (page: Page) => page.locator('.plan-item:visible').count()
  const planOf = () =>
    JSON.parse(readFileSync(join(site.folder, 'animals/sprint/sprint.json'), 'utf8')) as Plan

  it('keeps what is ticked in the address, over a reload and in a link', async () => {
    const { page, said } = await open()
    const boxes = page.locator('.plan-item:visible input')
    await boxes.nth(0).check()
    await boxes.nth(2).check()
    const keys = [await boxes.nth(0).inputValue(), await boxes.nth(2).inputValue()]
    expect(new URL(page.url()).hash).toBe(`#pick=${keys.join(',')}`)
    const sum = await page.locator('[data-sum]').textContent()
    expect(sum).toMatch(/^2 items selected; worth up to \d+\.\d\d points together/)

    await page.reload()
    expect(await page.locator('input:checked').count()).toBe(2)
    expect(await page.locator('[data-sum]').textContent()).toBe(sum)

    const { page: other } = await open({ hash: `#pick=${keys.join(',')}` })
    expect(await other.locator('input:checked').count()).toBe(2)
    await other.locator('[data-do="clear"]').click()
    expect(new URL(other.url()).hash).toBe('#show=attention')
    expect(await other.locator('[data-bar]').isVisible()).toBe(false)
    expect(said).toEqual([])
    await page.context().close()
    await other.context().close()
  })

  it('adds shared rows once', async () => {
    const { page } = await open({ hash: '#show=all' })
    for (const box of await page.locator('.plan-item input').all()) await box.check()
    const sum = (await page.locator('[data-sum]').textContent()) ?? ''
    // The fixture's confused pairs share no row, so together is the sum of each.
    const gains = planOf().items.reduce((total, { gain }) => total + gain, 0)
    const together = Number(/up to (\d+\.\d\d)/.exec(sum)?.[1])
    expect(together).toBeGreaterThan(gains)
    expect(sum).toContain('effort 3.5 and ')
    await page.context().close()
  })

  it('says that a link’s item is not in the latest run', async () => {
    const { page } = await open({ hash: '#pick=00000000' })
    expect(await page.locator('[data-sum]').textContent()).toContain(
      '1 of this link is not in the latest run',
    )
    await page.context().close()
  })

  it('shows a view at a time, and keeps an item that is ticked', async () => {
    const { page } = await open()
    const attention = await shownItems(page)
    await page.locator('.plan-item:visible input').first().check()
    await page.locator('[data-view="ticket"]').click()
    expect(await page.locator('.plan-item:visible.ticket').count()).toBe(1)
    expect(await shownItems(page)).toBe(2)
    expect(new URL(page.url()).hash).toMatch(/^#show=ticket&pick=/)
    await page.locator('[data-view="all"]').click()
    expect(await shownItems(page)).toBeGreaterThan(attention)
    expect(await page.locator('[data-view="all"]').getAttribute('aria-current')).toBe('true')
    await page.context().close()
  })

  it.each([
    ['', '.attention'],
    ['#show=ticket', '.ticket'],
    ['#show=known', '.known'],
  ])('shows the view %s without scripts', async (hash, kind) => {
    const { page } = await open({ hash, script: false })
    expect(await shownItems(page)).toBeGreaterThan(0)
    expect(await page.locator(`.plan-item${kind}:visible`).count()).toBe(await shownItems(page))
    expect(await page.locator('.plan-item input:visible').count()).toBe(0)
    await page.locator('[data-view="all"]').click()
    expect(await shownItems(page)).toBe(await page.locator('.plan-item').count())
    expect(await page.locator('a[href="sprint.csv"]').isVisible()).toBe(true)
    await page.context().close()
  })

  it('is used by keyboard alone', async () => {
    const { page } = await open()
    const first = page.locator('.plan-item:visible input').first()
    for (let presses = 0; presses < 30; presses++) {
      await page.keyboard.press('Tab')
      if (await first.evaluate((box) => box === document.activeElement)) break
    }
    await page.keyboard.press('Space')
    expect(await first.isChecked()).toBe(true)
    const outline = await first.evaluate((box) => getComputedStyle(box).outlineStyle)
    expect(outline).not.toBe('none')
    await page.locator('[data-do="link"]').focus()
    for (let presses = 0; presses < 4; presses++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await first.isChecked()).toBe(false)
    await page.context().close()
  })

  it('brings back what was muted once its day is past', async () => {
    const { page } = await open()
    const attention = await shownItems(page)
    await page.clock.setFixedTime(new Date('2027-02-01T00:00:00Z'))
    await page.reload()
    expect(await shownItems(page)).toBe(attention + 1)
    expect(await page.locator('[data-view-count="known"]').textContent()).toBe('0')
    expect(await page.locator('.plan-known:visible').textContent()).toContain('that day is past')
    await page.context().close()
  })

  it('saves the selection as a table', async () => {
    const { page } = await open()
    await page.locator('.plan-item:visible input').first().check()
    const download = page.waitForEvent('download')
    await page.locator('[data-do="csv"]').click()
    const file = await (await download).path()
    const text = readFileSync(file, 'utf8')
    expect((await download).suggestedFilename()).toBe('animals-sprint.csv')
    expect(text.startsWith('\ufeffid,title,')).toBe(true)
    expect(text).toContain('/items/confusion-')
    await page.context().close()
  })

  it('copies the selection as a link and as Markdown', async () => {
    const { page } = await open()
    await page.locator('.plan-item:visible input').first().check()
    await page.evaluate(() => document.body.prepend(document.createElement('textarea')))
    for (const [what, expected] of [
      ['link', /\/sprint\/index\.html#pick=[0-9a-f]{8}$/],
      ['markdown', /^# animals: sprint\n[\s\S]*- \[ \] \[/],
    ] as const) {
      const button = page.locator(`[data-do="${what}"]`)
      const words = await button.textContent()
      await button.click()
      await expect.poll(() => button.textContent()).toBe('Copied')
      await page.locator('textarea').fill('')
      await page.keyboard.press('Control+V')
      expect(await page.locator('textarea').inputValue()).toMatch(expected)
      await page.clock.runFor(2_000)
      expect(await button.textContent()).toBe(words)
    }
    await page.context().close()
  })

  const looks = [1440, 375].flatMap((width) => [false, true].map((dark) => ({ width, dark })))

  it.each(looks)('is accessible, $width wide, dark: $dark', async ({ width, dark }) => {
    const item = site.pages.find((path) => path.includes('/items/'))!
    for (const path of [SPRINT, item]) {
      const { page } = await open({ path, hash: '#show=all', width, dark })
      const boxes = page.locator('.plan-item:visible input')
      if ((await boxes.count()) > 0) await boxes.first().check()
      expect({ path, violations: await axeViolations(page) }).toEqual({ path, violations: [] })
      const wide = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(wide).toBeLessThanOrEqual(width)
      await page.context().close()
    }
  })
})
