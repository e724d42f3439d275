/**
 * Draws the pictures of `docs/pictures/`, and of every kind of page one to look at, in `.cache/pictures/`:
 * light and dark, wide and narrow, and printed. The samples are evaluated by the built command, and
 * their pages opened in a browser. `npm run build` comes first.
 */

import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'

const PROJECT = 'emoji'
const RUNS = ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64']
const RUN = `${PROJECT}/runs/${RUNS.at(-1)}`
/** Of a project of its own; its vectors end early. */
const CUT = 'cut'

const SCHEMES = /** @type {const} */ (['light', 'dark'])
/** The browser draws no picture much taller than that. */
const TALLEST = 12_000
const WIDTHS = /** @type {const} */ ({ wide: 1440, narrow: 375 })

const root = resolve(import.meta.dirname, '..')
const documented = join(root, 'docs/pictures')
const looked = join(root, '.cache/pictures')
const work = mkdtempSync(join(tmpdir(), 'nearmiss-pictures-'))
try {
  const site = join(work, 'site')
  for (const run of RUNS) evaluate(PROJECT, run, uploadOf(run), site)
  evaluate(CUT, CUT, cutUpload(), site)
  const pages = {
    run: `${RUN}/index.html`,
    item: `${PROJECT}/${firstItem(site)}index.html`,
    sprint: `${PROJECT}/sprint/index.html`,
    project: `${PROJECT}/index.html`,
    evidence: `${RUN}/evidence/1.html`,
    error: `${CUT}/runs/${CUT}/index.html`,
    site: 'index.html',
  }
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
    headless: true,
  })
  try {
    await draw(browser, site, pages)
  } finally {
    await browser.close()
  }
} finally {
  rmSync(work, { recursive: true, force: true })
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} site
 * @param {Record<'run' | 'item' | 'sprint' | 'project' | 'evidence' | 'error' | 'site', string>} pages
 */
async function draw(browser, site, pages) {
  mkdirSync(documented, { recursive: true })
  rmSync(looked, { recursive: true, force: true })
  mkdirSync(looked, { recursive: true })
  const view = { width: 1280, height: 900 }
  for (const [name, page, colorScheme] of /** @type {const} */ ([
    ['run', pages.run, 'light'],
    ['run-dark', pages.run, 'dark'],
    ['item', pages.item, 'light'],
    ['sprint', pages.sprint, 'light'],
    ['project', pages.project, 'light'],
  ])) {
    const tab = await opened(browser, join(site, page), view, colorScheme)
    await tab.screenshot({ path: join(documented, `${name}.png`) })
    await tab.close()
  }
  for (const [name, page] of Object.entries(pages)) {
    for (const colorScheme of SCHEMES) {
      for (const [of, width] of Object.entries(WIDTHS)) {
        const tab = await opened(browser, join(site, page), { width, height: 900 }, colorScheme)
        const path = join(looked, `${name}-${colorScheme}-${of}.png`)
        const height = await tab.evaluate(() => document.documentElement.scrollHeight)
        const clip = { x: 0, y: 0, width, height: Math.min(height, TALLEST) }
        await tab.screenshot({ path, fullPage: true, clip })
        await tab.close()
      }
    }
    const tab = await opened(browser, join(site, page), view, 'light')
    await tab.pdf({ path: join(looked, `${name}.pdf`), format: 'A4', printBackground: true })
    await tab.close()
  }
  console.log(`${documented}\n${looked}`)
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} file
 * @param {{ width: number, height: number }} viewport
 * @param {'light' | 'dark'} colorScheme
 */
async function opened(browser, file, viewport, colorScheme) {
  const tab = await browser.newPage({ viewport, colorScheme })
  await tab.goto(pathToFileURL(file).href)
  return tab
}

/**
 * The folder of a run of the sample, with the files that all of its runs share.
 *
 * @param {string} run
 */
function uploadOf(run) {
  const upload = join(work, run)
  mkdirSync(upload)
  const sample = join(root, 'samples', PROJECT)
  for (const file of ['metadata.csv', 'nearmiss.yaml', 'sprite.png']) {
    cpSync(join(sample, file), join(upload, file))
  }
  cpSync(join(sample, `${run}.npz`), join(upload, `${run}.npz`))
  return upload
}

/** One that can't be evaluated. */
function cutUpload() {
  const upload = join(work, CUT)
  mkdirSync(upload)
  const whole = readFileSync(join(root, 'samples', PROJECT, `${RUNS.at(-1)}.npz`))
  writeFileSync(join(upload, `${CUT}.npz`), whole.subarray(0, whole.length / 2))
  return upload
}

/**
 * Publishes a run, or what is wrong with it.
 *
 * @param {string} project
 * @param {string} run
 * @param {string} upload
 * @param {string} site
 */
function evaluate(project, run, upload, site) {
  const options = ['--project', project, '--run', run, '--out', site]
  try {
    execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'report', upload, ...options], {
      stdio: ['ignore', 'ignore', run === CUT ? 'ignore' : 'inherit'],
    })
  } catch (error) {
    const { status } = /** @type {{ status?: number }} */ (error)
    if (run !== CUT || status !== 2) throw error
  }
}

/**
 * The page of what the latest run says to fix first.
 *
 * @param {string} site
 */
function firstItem(site) {
  const report = JSON.parse(readFileSync(join(site, RUN, 'report.json'), 'utf8'))
  return /** @type {string} */ (report.items[0].permalink)
}
