/** A reader's way to a report: a ticket's link, the organisation's sign-in, the page, and no neighbour's. */

import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { versitygwProblem } from '../../infra/local-cloud/versitygw.mjs'
import { itemSlug } from '../../lib/core/names.ts'
import type { ProjectIndex } from '../../lib/core/project-index.ts'
import { s3Store } from '../../lib/publish/s3.ts'
import { ended, REPOSITORY, startCommand } from '../cases/command.ts'
import { type S3Server, startS3Server } from '../contract/s3-server.ts'
import { type OpenIdProvider, startOpenIdProvider } from '../openid-provider.ts'
import { missing } from '../real-part.ts'
import { axeViolations } from './axe.ts'
import { browserProblem, launchBrowser } from './browser.ts'

const isWithout =
  missing('a browser', await browserProblem()) || missing('versitygw', await versitygwProblem())

describe.skipIf(isWithout)('a reader', () => {
  let work: string
  let browser: Browser
  let s3: S3Server
  let provider: OpenIdProvider
  let server: ChildProcess
  let address: string
  let item: string

  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'nearmiss-reader-'))
    browser = await launchBrowser()
    s3 = await startS3Server()
    const bucket = await s3.newBucket()
    const { endpoint, accessKeyId, secretAccessKey } = s3.gateway
    const env = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: 'us-east-1',
    }
    for (const tenant of ['acme', 'other']) {
      const out = `s3://${bucket}/@${tenant}`
      const sample = join(REPOSITORY, 'samples/digits/nca-32.npz')
      const { exitCode, stderr } = await ended(
        startCommand(['report', sample, '--out', out], work, env),
      )
      expect(stderr).toBe(exitCode === 0 ? stderr : '')
    }
    const store = s3Store({ client: s3.client, bucket })
    const index = await store.get('@acme/digits/index.json')
    const { items } = JSON.parse(new TextDecoder().decode(index?.body)) as ProjectIndex
    item = itemSlug(Object.keys(items)[0]!)

    const port = await freePort()
    address = `http://127.0.0.1:${port}/`
    provider = await startOpenIdProvider(
      { ada: { email: 'ada@example.com', email_verified: true, groups: ['acme-readers'] } },
      [`${address}_reader/callback`],
    )
    server = startCommand(
      [
        'serve',
        '--site',
        `s3://${bucket}`,
        '--readers',
        'openid',
        '--site-url',
        address,
        '--port',
        String(port),
      ],
      work,
      {
        ...env,
        OPENID_ISSUER: provider.issuer,
        OPENID_CLIENT_ID: provider.clientId,
        OPENID_CLIENT_SECRET: provider.clientSecret,
        OPENID_READERS: 'group:acme-readers=acme',
      },
    )
    await said(server, /is read at/)
  }, 120_000)

  afterAll(async () => {
    server?.kill('SIGTERM')
    await Promise.all([browser?.close(), provider?.stop(), s3?.stop()])
    rmSync(work, { recursive: true, force: true })
  })

  it('follows a ticket’s link through the sign-in to the item, and sees no neighbour’s', async () => {
    const page = await browser.newPage()
    const link = `${address}@acme/digits/items/${item}/`
    await signIn(page, link)
    expect(page.url()).toBe(link)
    expect(await page.title()).not.toBe('')
    expect(await page.locator('h1').innerText()).toMatch(/\w/)

    const neighbour = await page.goto(`${address}@other/digits/`)
    expect(neighbour?.status()).toBe(403)
    expect(await page.innerText('body')).toContain('does not include these reports')

    // The root belongs to nobody: it leads to what the sign-in gives.
    await page.goto(address)
    expect(await page.locator('a').allInnerTexts()).toEqual(['acme'])
    await page.click('text=acme')
    expect(page.url()).toBe(`${address}@acme/`)

    await page.goto(`${address}_reader/`)
    await page.click('button')
    expect(await page.innerText('h1')).toBe('You are signed out')
    // The provider still knows the reader, and the page says so and leads there.
    await page.click('text=Sign out there too')
    expect(page.url()).toContain(provider.issuer)
    await page.click('button[type=submit]')
    await page.goto(link)
    expect(page.url()).toContain(provider.issuer)
    await page.close()
  })

  it('is shown pages without a fault, in light and dark and on a phone', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 390, height: 800 },
      })
      const page = await context.newPage()
      await signIn(page, `${address}_reader/sign-in?to=/@acme/`)
      await page.goto(`${address}_reader/`)
      expect(await axeViolations(page)).toEqual([])
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      expect(width).toBeLessThanOrEqual(390)
      await context.close()
    }
  })

  async function signIn(page: Page, link: string): Promise<void> {
    await page.goto(link)
    expect(page.url()).toContain(provider.issuer)
    await page.fill('[name=login]', 'ada')
    await page.fill('[name=password]', 'any')
    await page.click('[type=submit]')
    // What the client asks for is granted once.
    if (page.url().startsWith(provider.issuer)) await page.click('[type=submit]')
    await page.waitForURL(`${address}**`)
  }
})

function said(child: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    const take = (chunk: Buffer) => {
      text += chunk.toString()
      if (words.test(text)) resolve()
    }
    child.stdout?.on('data', take)
    child.stderr?.on('data', take)
    child.once('close', () => reject(new Error(`it ended: ${text}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
