/** A run's page as one file: pictures and data inside, and no link to where the file isn't. */

import { posix } from 'node:path'
import type { Store } from '../../lib/core/store.ts'
import { headersOf } from '../../lib/publish/keys.ts'

/** Files of the run that its page links to. */
const DATA_FILES = ['report.json', 'rows.parquet', 'figures.js'] as const

/**
 * The run's `index.html` with every picture as a data address, and the run's data at its end, once.
 * Links to other pages of the site lose their address and keep their words.
 */
export async function singlePage(site: Store, runFolder: string): Promise<string> {
  const page = new TextDecoder().decode(await bytesOf(site, `${runFolder}/index.html`))
  const pictures = await dataAddresses(site, runFolder, pictureAddresses(page))
  const inlined = page
    // What these load lies beside the page.
    .replaceAll(/ data-(?:search|heat|map)="[^"]*"/g, '')
    // A mail has no picture beside it; one with a full address stays.
    .replaceAll(/<meta property="og:image" content="(?!https?:)[^"]*"\/?>/g, '')
    .replace(PICTURE, (tag, start: string, address: string, end: string) =>
      pictures.has(address) ? `${start}${pictures.get(address)}${end}` : tag,
    )
    .replace(LINK, (tag, start: string, address: string) => {
      if (/^(#|[a-z]+:)/i.test(address)) return tag
      const isData = DATA_FILES.some((name) => name === address)
      return isData ? `${start} href="#file-${address}"` : start
    })
  const linked = DATA_FILES.filter(
    (name) => name !== 'figures.js' || page.includes(`href="${name}"`),
  )
  const files = await dataAddresses(site, runFolder, linked)
  const links = [...files].map(
    ([name, address]) => `<a id="file-${name}" download="${name}" href="${address}">${name}</a>`,
  )
  return inlined.replace('</footer>', `<p>Files of this report: ${links.join(', ')}</p></footer>`)
}

/** `<image href>` of an SVG and `<img src>`: start, address, end. */
const PICTURE = /(<(?:image|img)\b[^>]*?\s(?:href|src)=")([^"]*)(")/g
const LINK = /(<a\b[^>]*?)\s+href="([^"]*)"/g

function pictureAddresses(page: string): string[] {
  const addresses = [...page.matchAll(PICTURE)].map(([, , address = '']) => address)
  return [...new Set(addresses)].filter((address) => !/^(#|[a-z]+:)/i.test(address))
}

async function dataAddresses(
  site: Store,
  runFolder: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const entries = addresses.map(async (address): Promise<[string, string]> => {
    const key = posix.join(runFolder, address)
    const base64 = Buffer.from(await bytesOf(site, key)).toString('base64')
    const [type] = headersOf(key).contentType.split(';')
    return [address, `data:${type};base64,${base64}`]
  })
  return new Map(await Promise.all(entries))
}

async function bytesOf(site: Store, key: string): Promise<Uint8Array> {
  const stored = await site.get(key)
  if (stored === null) throw new Error(`${site.name} lacks ${key}, which the page needs`)
  return stored.body
}
