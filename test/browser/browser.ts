/** The browser that pages are tried in: Chromium from an npm package. */

import sparticuz from '@sparticuz/chromium'
import { type Browser, chromium } from 'playwright-core'

/** Headless, without the package's switches for a function's sandbox: those would hide what pages do. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
    headless: true,
  })
}

/** Why no browser can be had here, null where one can. */
export async function browserProblem(): Promise<string | null> {
  try {
    await (await launchBrowser()).close()
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? 'unknown') : String(error)
  }
}
