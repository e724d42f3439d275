/** The panel that uploads dropped files, against answers like the local server's. */

import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withUploadScript } from '../../functions/serve/pages.ts'
import { renderRun } from '../../reports/render.ts'
import { missing } from '../real-part.ts'
import { buildRun, seededPoints } from '../unit/reports/fixture.ts'
import { browserProblem, launchBrowser } from './browser.ts'

const SITE = 'http://nearmiss.test'

describe.skipIf(missing('a browser', await browserProblem()))('the upload panel', () => {
  let browser: Browser
  let script: string
  let html: string

  beforeAll(async () => {
    browser = await launchBrowser()
    const bundle = await build({
      entryPoints: ['reports/client/upload.ts'],
      bundle: true,
      format: 'esm',
      write: false,
    })
    script = bundle.outputFiles[0]!.text
    html = withUploadScript(await renderRun(buildRun(seededPoints(60, 4))))
  })

  afterAll(() => browser?.close())

  /** A page of project `digits`, its requests answered here; `statuses` one after the other. */
  async function openPage(
    statuses: readonly object[],
    reading: object = { doubts: [], files: [] },
  ): Promise<{
    readonly page: Page
    readonly sent: string[]
    readonly said: string[]
  }> {
    const page = await browser.newPage()
    const sent: string[] = []
    const said: string[] = []
    const left = [...statuses]
    page.on('console', (message) => said.push(message.text()))
    page.on('pageerror', (error) => said.push(error.message))
    await page.route(`${SITE}/**`, async (route) => {
      const { pathname } = new URL(route.request().url())
      const method = route.request().method()
      if (pathname === '/api/reload.js') {
        return route.fulfill({ contentType: 'text/javascript', body: '' })
      }
      if (pathname === '/api/upload.js') {
        return route.fulfill({ contentType: 'text/javascript', body: script })
      }
      if (pathname === '/api/uploads') {
        const { project, run, files } = route.request().postDataJSON()
        sent.push(`POST ${project}/${run} ${files.map((file: { name: string }) => file.name)}`)
        const uploads = files.map(({ name }: { name: string }) => ({
          name,
          url: `/uploads/${project}/${run}/${name}`,
          method: 'PUT',
          headers: {},
        }))
        return route.fulfill({
          json: {
            uploads,
            statusUrl: `/api/projects/${project}/runs/${run}`,
            ready: { url: `/uploads/${project}/${run}/_READY`, method: 'PUT', headers: {} },
          },
        })
      }
      if (method === 'PUT') {
        sent.push(`PUT ${pathname} ${route.request().postData()}`)
        return route.fulfill({ status: 204 })
      }
      if (pathname.endsWith('/reading')) return route.fulfill({ json: reading })
      if (pathname.startsWith('/api/projects/')) {
        return route.fulfill({ json: left.length > 1 ? left.shift() : left[0] })
      }
      return route.fulfill({ contentType: 'text/html', body: html })
    })
    await page.goto(`${SITE}/digits/runs/pca-8/`)
    return { page, sent, said }
  }

  const FILES = [
    { name: 'nca-32.npz', mimeType: 'application/zip', buffer: Buffer.from('vectors') },
    { name: 'metadata.csv', mimeType: 'text/csv', buffer: Buffer.from('id,label') },
  ]

  it('proposes names, sends the vectors last and ends at the report', async () => {
    const { page, sent, said } = await openPage([
      { status: 'waiting', page: null },
      { status: 'evaluating', stage: 'neighbors', fraction: 0.4, page: null },
      { status: 'published', page: 'digits/runs/nca-32/' },
    ])
    await page.locator('input[type=file]').setInputFiles(FILES)
    expect(await page.locator('input[name=project]').inputValue()).toBe('digits')
    expect(await page.locator('input[name=run]').inputValue()).toBe('nca-32')
    await page.locator('.upload-send').click()
    const link = page.getByRole('link', { name: 'Open the report' })
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('/digits/runs/nca-32/')
    expect(sent).toEqual([
      'POST digits/nca-32 embeddings.npz,metadata.csv',
      'PUT /uploads/digits/nca-32/metadata.csv id,label',
      'PUT /uploads/digits/nca-32/embeddings.npz vectors',
      'PUT /uploads/digits/nca-32/_READY \n',
    ])
    expect(said).toEqual([])
    await page.close()
  })

  it('shows how doubtful files are read, and starts once that is meant', async () => {
    const { page, sent, said } = await openPage([{ status: 'published', page: 'digits/runs/a/' }], {
      doubts: ['The columns V1 to V8 are taken as the vectors'],
      files: [
        {
          source: 'embeddings.csv',
          format: 'CSV',
          rows: 60,
          more: 0,
          fields: [
            { name: 'V1 … V8', type: 'number', shape: [60, 8], use: 'vectors' },
            { name: '<b>note</b>', type: 'text', shape: [60], use: 'left out' },
          ],
        },
      ],
    })
    await page.locator('input[type=file]').setInputFiles(FILES)
    await page.locator('.upload-send').click()
    await page.getByText('Is this what you mean?').waitFor()
    const shown = await page.locator('.upload-doubts').textContent()
    expect(shown).toContain('V1 to V8 are taken as the vectors')
    expect(shown).toContain('V1 … V8 number × 8: vectors')
    expect(shown).toContain('<b>note</b> text: left out')
    expect(sent.at(-1)).toContain('embeddings.npz')
    await page.locator('.upload-send').click()
    await page.getByRole('link', { name: 'Open the report' }).waitFor()
    expect(sent.at(-1)).toBe('PUT /uploads/digits/nca-32/_READY \n')
    expect(said).toEqual([])
    await page.close()
  })

  it('links to the page that says why an upload can’t be evaluated', async () => {
    const { page } = await openPage([{ status: 'failed', page: 'digits/runs/nca-32/' }])
    await page.locator('input[type=file]').setInputFiles(FILES)
    await page.locator('.upload-send').click()
    await page.getByRole('link', { name: 'See why' }).waitFor()
    expect(await page.locator('.upload-says').textContent()).toMatch(/^It can’t be evaluated/)
    await page.close()
  })

  it('takes files that are dropped anywhere on the page', async () => {
    const { page } = await openPage([])
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer()
      dataTransfer.items.add(new File(['x'], 'dropped.npy'))
      document.body.dispatchEvent(
        new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }),
      )
    })
    await page.locator('dialog.upload').waitFor({ state: 'visible' })
    expect(await page.locator('input[name=run]').inputValue()).toBe('dropped')
    await page.close()
  })
})
