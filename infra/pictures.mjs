/**
 * Draws the pictures of `docs/pictures/`: the samples are evaluated by the built command, and their
 * pages opened in a browser. `npm run build` comes first.
 */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const PROJECT = 'emoji'
const RUNS = ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64']
const PICTURES = /** @type {const} */ ([
  { name: 'run', page: `${PROJECT}/runs/${RUNS.at(-1)}/index.html`, colorScheme: 'light' },
  { name: 'run-dark', page: `${PROJECT}/runs/${RUNS.at(-1)}/index.html`, colorScheme: 'dark' },
  { name: 'project', page: `${PROJECT}/index.html`, colorScheme: 'light' },
])

const root = resolve(import.meta.dirname, '..')
const pictures = join(root, 'docs/pictures')
const work = mkdtempSync(join(tmpdir(), 'nearmiss-pictures-'))
try {
  const site = join(work, 'site')
  for (const run of RUNS) evaluate(run, site)
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
    headless: true,
  })
  try {
    mkdirSync(pictures, { recursive: true })
    for (const { name, page, colorScheme } of PICTURES) {
      const viewport = { width: 1280, height: 900 }
      const tab = await browser.newPage({ viewport, colorScheme })
      await tab.goto(pathToFileURL(join(site, page)).href)
      const path = join(pictures, `${name}.png`)
      await tab.screenshot({ path })
      await tab.close()
      console.log(path)
    }
  } finally {
    await browser.close()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}

/**
 * Publishes a run of the sample with the files that all of its runs share.
 *
 * @param {string} run
 * @param {string} site
 */
function evaluate(run, site) {
  const upload = join(work, run)
  mkdirSync(upload)
  const sample = join(root, 'samples', PROJECT)
  for (const file of ['metadata.csv', 'nearmiss.yaml', 'sprite.png']) {
    cpSync(join(sample, file), join(upload, file))
  }
  const input = join(upload, `${run}.npz`)
  cpSync(join(sample, `${run}.npz`), input)
  const options = ['--project', PROJECT, '--run', run, '--out', site]
  execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'report', input, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}
