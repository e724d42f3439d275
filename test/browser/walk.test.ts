/** The reader's walk through the site that the command writes of emoji's three runs. */

import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
  })

  afterAll(async () => {
    await browser?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each([1440, 375])('takes two clicks from a link to a ticket, %i wide', async (width) => {
    const walker = await openSite(browser, directoryStore(join(folder, 'site')), width)
    await walk(walker)
    await walker.close()
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
