/** How large a run's pages are, how long they take to make, and how soon a browser shows them. */

import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import sparticuz from '@sparticuz/chromium'
import { chromium } from 'playwright-core'
import { run } from '../../infra/command.mjs'
import { cache, makeData, program } from './places.mjs'
import { median } from './ratios.mjs'

/**
 * @typedef {object} Made
 * @property {import('./places.mjs').Data} data
 * @property {number} renderSeconds
 * @property {number} pagesSeconds from the start of rendering until the run is complete
 * @property {number} pageBytes HTML with its style and script
 * @property {number} compressedBytes
 * @property {readonly { name: string, byteLength: number }[]} files beside the page
 */

/**
 * @typedef {object} Shown
 * @property {number} paintSeconds the largest contentful paint
 * @property {number} shift
 * @property {readonly string[]} loaded what the page asked for before anybody touched it
 */

/**
 * @typedef {object} Reach
 * @property {string} date
 * @property {string} command
 * @property {string} browser
 * @property {readonly (Made & Shown)[]} pages of a usual run, and of a large one
 * @property {{ points: number, firstSeconds: number, framesPerSecond: number }} map
 */

const SLOWDOWN = 4
const VISITS = 5
const WINDOW = { width: 1440, height: 900 }
const MOVING_MS = 2000

/**
 * @param {boolean} quick
 * @param {string} backend
 * @param {(line: string) => void} say
 * @returns {Promise<Omit<Reach, 'date' | 'command'>>}
 */
export async function measureReach(quick, backend, say) {
  const scale = quick ? 0.1 : 1
  const folder = await mkdtemp(join(cache, 'pages-'))
  const browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
    headless: true,
  })
  try {
    /** @type {(Made & Shown)[]} */
    const pages = []
    for (const [rows, dimensions, classes] of /** @type {const} */ ([
      [10_000, 256, 50],
      [60_000, 32, 1000],
    ])) {
      const data = await makeData('embedding', rows * scale, dimensions, classes * scale)
      const { page, ...made } = await makePages(data, join(folder, String(rows)), backend)
      const shown = await show(browser, page)
      say(
        `pages of ${data.rows} rows, ${data.classes} classes: made in ${made.pagesSeconds.toFixed(2)} s, ` +
          `shown in ${shown.paintSeconds.toFixed(2)} s`,
      )
      pages.push({ ...made, ...shown })
    }
    const data = await makeData('embedding', 100_000 * scale, 32, 100)
    const { page } = await makePages(data, join(folder, 'map'), backend, 'maps: [pca]\n')
    const map = await moveMap(browser, page)
    say(`map of ${map.points} points: ${map.framesPerSecond.toFixed(0)} frames/s`)
    return { browser: `Chromium ${browser.version()}`, pages, map }
  } finally {
    await browser.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {import('./places.mjs').Data} data
 * @param {string} site
 * @param {string} backend
 * @param {string[]} manifest
 * @returns {Promise<Made & { page: string }>}
 */
async function makePages(data, site, backend, ...manifest) {
  const side = join(program, 'pages-side.js')
  const says = `evaluating ${data.rows} × ${data.dimensions}`
  const told = await run(
    process.execPath,
    [side, dirname(data.vectors), site, backend, ...manifest],
    { says },
  )
  const home = join(site, 'bench/runs/run')
  const page = join(home, 'index.html')
  const html = await readFile(page)
  const others = (await readdir(home, { recursive: true })).filter((name) => name !== 'index.html')
  const files = await Promise.all(
    others.map(async (name) => ({ name, of: await stat(join(home, name)) })),
  )
  return {
    data,
    ...JSON.parse(told),
    page,
    pageBytes: html.byteLength,
    compressedBytes: gzipSync(html).byteLength,
    files: files
      .filter(({ of }) => of.isFile())
      .map(({ name, of }) => ({ name, byteLength: of.size })),
  }
}

/**
 * A page from disk as a slow machine shows it: medians of several visits, each in a browser that
 * remembers nothing. The reader then goes down to its end, so that late shifts count too.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} file
 * @returns {Promise<Shown>}
 */
async function show(browser, file) {
  const paints = []
  const shifts = []
  /** @type {string[]} */
  let loaded = []
  for (let visit = 0; visit < VISITS; visit++) {
    const { tab, cpu } = await opened(browser)
    /** @type {string[]} */
    const asked = []
    tab.on('request', (request) => {
      if (request.url().startsWith('file:')) asked.push(request.url())
    })
    await cpu(SLOWDOWN)
    await tab.addInitScript(observe)
    await tab.goto(pathToFileURL(file).href)
    await tab.waitForTimeout(500)
    loaded = asked.slice(1).map((url) => url.slice(url.lastIndexOf('/') + 1))
    const { paintMs } = await tab.evaluate(seenBy)
    await cpu(1)
    await tab.evaluate(async () => {
      for (let y = 0; y < document.body.scrollHeight; y += 600) {
        scrollTo(0, y)
        await new Promise((resolve) => requestAnimationFrame(resolve))
      }
    })
    await tab.waitForTimeout(500)
    const { shift } = await tab.evaluate(seenBy)
    paints.push(paintMs / 1000)
    shifts.push(shift)
    await tab.context().close()
  }
  return { paintSeconds: median(paints), shift: median(shifts), loaded }
}

/** Runs in the page. @returns {{ paintMs: number, shift: number }} */
function seenBy() {
  return Reflect.get(globalThis, 'nearmissSeen')
}

/** Runs in the page: what it painted last, and how far its parts moved. */
function observe() {
  const seen = { paintMs: 0, shift: 0 }
  Object.assign(globalThis, { nearmissSeen: seen })
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) seen.paintMs = startTime
  }).observe({ type: 'largest-contentful-paint', buffered: true })
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { value, hadRecentInput } = /** @type {{ value: number, hadRecentInput: boolean }} */ (
        /** @type {unknown} */ (entry)
      )
      if (!hadRecentInput) seen.shift += value
    }
  }).observe({ type: 'layout-shift', buffered: true })
}

/**
 * Goes to the map, then moves and zooms it by its keys, once a frame.
 *
 * @param {import('playwright-core').Browser} browser
 * @param {string} file
 */
async function moveMap(browser, file) {
  const firsts = []
  const rates = []
  let points = 0
  for (let visit = 0; visit < VISITS; visit++) {
    const { tab } = await opened(browser)
    await tab.goto(pathToFileURL(file).href)
    const comes = await tab.evaluate(() => {
      document.querySelector('[data-map]')?.scrollIntoView({ block: 'center' })
      return performance.now()
    })
    await tab.waitForFunction(() => performance.getEntriesByName('nearmiss-map').length > 0)
    const moved = await tab.evaluate(async (movingMs) => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
      await frame()
      const drawn = performance.getEntriesByName('nearmiss-map')[0]?.startTime ?? Number.NaN
      const canvas = document.querySelector('.map-dots')
      const keys = ['ArrowLeft', '+', 'ArrowRight', '-', 'ArrowUp', 'ArrowDown']
      const start = performance.now()
      let frames = 0
      for (; performance.now() - start < movingMs; frames++) {
        const key = keys[frames % keys.length] ?? ''
        canvas?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
        await frame()
      }
      const rate = (1000 * frames) / (performance.now() - start)
      return { drawn, rate, points: globalThis.nearmissMap?.rows ?? 0 }
    }, MOVING_MS)
    firsts.push((moved.drawn - comes) / 1000)
    rates.push(moved.rate)
    points = moved.points
    await tab.context().close()
  }
  return { points, firstSeconds: median(firsts), framesPerSecond: median(rates) }
}

/** @param {import('playwright-core').Browser} browser */
async function opened(browser) {
  const context = await browser.newContext({ viewport: WINDOW })
  const tab = await context.newPage()
  const session = await context.newCDPSession(tab)
  /** @param {number} rate */
  const cpu = (rate) => session.send('Emulation.setCPUThrottlingRate', { rate })
  return { tab, cpu }
}
