/** The reader's walk through the site that the command writes of emoji's three runs. */

import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { directoryStore } from '../../lib/publish/directory.ts'
import { REPOSITORY, runCommand } from '../cases/command.ts'
import { missing } from '../real-part.ts'
import { browserProblem, launchBrowser } from './browser.ts'
import { openSite, walk } from './walk.ts'

const RUNS = ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64']
const SHARED = ['metadata.csv', 'nearmiss.yaml', 'sprite.png']

describe.skipIf(missing('a browser', await browserProblem()))('the reader’s walk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nearmiss-walk-'))
  const samples = join(REPOSITORY, 'samples/emoji')
  let browser: Browser

  beforeAll(async () => {
    for (const run of RUNS) {
      const upload = join(folder, run)
      mkdirSync(upload)
      for (const file of [...SHARED, `${run}.npz`]) cpSync(join(samples, file), join(upload, file))
      const args = ['report', upload, '--project', 'emoji', '--run', run, '--out', 'site']
      const { exitCode, stderr } = await runCommand(args, folder)
      expect(exitCode, stderr).toBe(0)
    }
    browser = await launchBrowser()
    // Three evaluations one after another, on a machine that may do other things too.
  }, 300_000)

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([1440, 375])('takes two clicks from a link to a ticket, %i wide', async (width) => {
    const walker = await openSite(browser, directoryStore(join(folder, 'site')), width)
    await walk(walker)
    await walker.close()
  })

  it('can be followed by a feed reader: well-formed, complete, and every link leads somewhere', async () => {
    const store = directoryStore(join(folder, 'site'))
    const { page, close } = await openSite(browser, store, 1440)
    await page.goto('http://reports.test/emoji/')
    const address = await page.locator('link[type="application/atom+xml"]').getAttribute('href')
    expect(address).toBe('feed.xml')
    const feed = await store.get(`emoji/${address}`)
    const read = await page.evaluate((text) => {
      const xml = new DOMParser().parseFromString(text, 'application/xml')
      const child = (of: Element | null, name: string) =>
        [...(of?.children ?? [])].find(({ localName }) => localName === name)?.textContent ?? ''
      const entries = [...xml.querySelectorAll('entry')].map((entry) => ({
        id: child(entry, 'id'),
        title: child(entry, 'title'),
        updated: child(entry, 'updated'),
        href: entry.querySelector('link')?.getAttribute('href') ?? '',
      }))
      const root = xml.documentElement
      return {
        trouble: xml.querySelector('parsererror')?.textContent ?? null,
        root: [root.localName, root.namespaceURI],
        author: child(xml.querySelector('author'), 'name'),
        head: {
          id: child(root, 'id'),
          title: child(root, 'title'),
          updated: child(root, 'updated'),
        },
        entries,
      }
    }, new TextDecoder().decode(feed?.body))
    expect(read.trouble).toBeNull()
    expect(read.root).toEqual(['feed', 'http://www.w3.org/2005/Atom'])
    expect(read.author).toBe('nearmiss')
    expect(read.entries.map(({ title }) => title.split(':')[0])).toEqual([...RUNS].reverse())
    for (const { id, title, updated } of [read.head, ...read.entries]) {
      expect(id).toMatch(/^urn:uuid:/)
      expect(title).not.toBe('')
      expect(new Date(updated).toISOString()).toBe(updated)
    }
    for (const { href } of read.entries) expect(await store.head(`emoji/${href}`)).not.toBeNull()
    const badge = new TextDecoder().decode((await store.get('emoji/badge.svg'))?.body)
    const drawn = await page.evaluate((text) => {
      const svg = new DOMParser().parseFromString(text, 'image/svg+xml')
      return [
        svg.querySelector('parsererror') === null,
        svg.documentElement.getAttribute('aria-label'),
      ]
    }, badge)
    expect(drawn).toEqual([
      true,
      expect.stringMatching(/^nearmiss: 53\.5 %, \d+ to fix, gate failed$/),
    ])
    await close()
  })

  it('can be sent as one file, which needs nothing beside it', async () => {
    const mail = join(folder, 'mail')
    mkdirSync(mail)
    const run = RUNS[2]!
    const args = ['report', join('..', run), '--project', 'emoji', '--run', run, '--single-file']
    const { exitCode, stderr } = await runCommand(args, mail)
    expect(exitCode, stderr).toBe(0)
    const [file] = readdirSync(mail)
    expect(readdirSync(mail)).toHaveLength(1)
    const page = await browser.newPage()
    const trouble: string[] = []
    page.on('console', (message) => trouble.push(message.text()))
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('request', (request) => {
      if (!/^data:/.test(request.url()) && request.url() !== page.url()) trouble.push(request.url())
    })
    const address = pathToFileURL(join(mail, file!)).href
    await page.goto(address)
    const links = await page.evaluate(() =>
      [...document.querySelectorAll('a[href]')].map((link) => link.getAttribute('href')!),
    )
    const lost = links.filter((href) => !/^(#|data:|https:)/.test(href))
    expect(lost).toEqual([])
    const inside = [...new Set(links.filter((href) => href.startsWith('#')))]
    const found = await page.evaluate(
      (ids) =>
        ids.filter((id) => document.getElementById(decodeURIComponent(id.slice(1))) === null),
      inside,
    )
    expect(found).toEqual([])
    await page.locator('.first > li a').first().click()
    const card = page.locator('.item:target')
    expect(await card.locator('.pairs .tiles:visible').count()).toBeGreaterThan(2)
    await card.getByText('Copy as a ticket').click()
    await card.getByText('Copied').waitFor()
    // Every figure is scrolled past: what would load then has nothing to load from.
    await page.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 800) {
        scrollTo(0, y)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    })
    const data = page.waitForEvent('download')
    await page.locator('#file-report\\.json').click()
    const report = JSON.parse(readFileSync(await (await data).path(), 'utf8'))
    expect([report.project, report.run]).toEqual(['emoji', run])
    expect(trouble.filter((url) => url !== address)).toEqual([])
    await page.close()
  })

  it('ends in a text to paste where there is no tracker', async () => {
    const { page, close } = await openSite(browser, directoryStore(join(folder, 'site')), 1440)
    await page.goto('http://reports.test/emoji/latest/')
    await page.waitForURL('**/runs/mobilenet-metric-64/**')
    const card = page.locator('.items > .item').first()
    await card.getByText('Copy as a ticket').click()
    await card.getByText('Copied').waitFor()
    // Without TLS there is no clipboard to be read: what was copied is pasted.
    await page.evaluate(() => document.body.prepend(document.createElement('textarea')))
    await page.locator('textarea').focus()
    await page.keyboard.press('Control+V')
    const text = await page.locator('textarea').inputValue()
    expect(text.split('\n')[0]).toBe(await page.locator('.first > li a').first().textContent())
    expect(text).toMatch(/\n\nSeen: .+\n\nHow sure: .+\n\nDone when: .+\n\nOwner: .+\n\nhttp:/s)
    const address = text.split('\n').at(-1) ?? ''
    await page.goto(address)
    expect(await page.locator('h1').textContent()).toBe(text.split('\n')[0])
    await close()
  })
})
