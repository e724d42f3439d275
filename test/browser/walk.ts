/** The reader's walk: from a link to what is worst, why, who fixes it, and a ticket, in two clicks. */

import type { Browser, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Store } from '../../lib/core/store.ts'

/** Where a site is published, as the browser sees it. */
const SITE = 'http://reports.test/'

export interface Walker {
  readonly page: Page
  /** What the page said to the console, and requests that went anywhere else. */
  readonly trouble: readonly string[]
  close(): Promise<void>
}

/** A tab in which a store is a web site, below `SITE`; a tracker's form is a blank page. */
export async function openSite(
  browser: Browser,
  store: Pick<Store, 'get'>,
  width: number,
): Promise<Walker> {
  const context = await browser.newContext({ viewport: { width, height: 900 } })
  const trouble: string[] = []
  await context.route('**/*', async (route) => {
    const { href, origin, pathname } = new URL(route.request().url())
    if (origin === 'https://linear.new')
      return route.fulfill({ contentType: 'text/html', body: '' })
    if (!href.startsWith(SITE)) {
      trouble.push(`a request to ${href}`)
      return route.abort()
    }
    const key = decodeURIComponent(pathname.slice(1)).replace(/(^|\/)$/, '$1index.html')
    const found = await store.get(key)
    if (found === null) {
      trouble.push(`nothing at ${key}`)
      return route.fulfill({ status: 404 })
    }
    const type = TYPES.find(([ending]) => key.endsWith(ending))?.[1] ?? 'application/octet-stream'
    return route.fulfill({ contentType: type, body: Buffer.from(found.body) })
  })
  const page = await context.newPage()
  page.on('console', (message) => trouble.push(message.text()))
  page.on('pageerror', (error) => trouble.push(error.message))
  return { page, trouble, close: () => context.close() }
}

const TYPES = [
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.png', 'image/png'],
] as const

/** Walks from the page of emoji's third run. */
export async function walk({ page, trouble }: Walker): Promise<void> {
  await page.goto(`${SITE}emoji/runs/mobilenet-metric-64/`)
  expect(await page.locator('h1').textContent()).toMatch(
    /^Better than mobilenet-128: \d+ rows fixed, \d+ broken \(p\s<\s0\.001\)\. .* worst pairs?/,
  )
  const first = page.locator('.first > li').first()
  const title = (await first.locator('a').textContent()) ?? ''
  const owner = (await first.locator('.owner').textContent()) ?? ''
  expect(owner).not.toBe('')
  expect(await first.locator('svg image, svg use').count()).toBeGreaterThanOrEqual(2)

  // The first click: why, and to whom it belongs.
  await first.locator('a').click()
  const card = page.locator('.item:target')
  expect(await card.locator('h3').textContent()).toContain(title)
  expect(await card.locator('.pairs .tiles:visible').count()).toBeGreaterThan(2)
  expect(await card.locator('.tags .owner').textContent()).toBe(owner)
  expect(await card.locator('.orders dt').allTextContents()).toContain('Done when')

  // The second: the tracker's form, filled in, beside the report.
  const opened = page.context().waitForEvent('page')
  await card.locator('.new-ticket').click()
  const form = await opened
  const asked = new URL(form.url()).searchParams
  await form.close()
  expect(asked.get('title')).toBe(title)
  const body = asked.get('description') ?? ''
  for (const heading of ['Seen', 'Do', 'Done when', 'Owner']) expect(body).toContain(heading)
  expect(body).toContain(owner)

  // The way back leads to the item, which outlives the run, and from there into the sprint.
  const link = /https?:\S+/.exec(body)?.[0] ?? ''
  // A deployment's tickets name the reader's address, which the emulator gives no one: the same path here.
  await page.goto(link.startsWith(SITE) ? link : link.replace(/^https:\/\/[^/]+\//, SITE))
  expect(await page.locator('h1').textContent()).toBe(title)
  expect(await page.locator('.pairs .tiles:visible').count()).toBeGreaterThan(2)
  await page.getByText('Plan it for the sprint').click()
  expect(await page.locator('.plan-item.picked').textContent()).toContain(title)
  expect(await page.locator('[data-sum]').textContent()).toMatch(/^1 item selected; worth up to /)
  expect(trouble).toEqual([])
}
