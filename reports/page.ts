/** Pages' words: MDX sources found beside the code, compiled once a process. */

import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, run } from '@mdx-js/mdx'
import * as runtime from 'hono/jsx/jsx-runtime'
import remarkGfm from 'remark-gfm'
import { xmlCharacters } from '../lib/core/escape.ts'

export const PAGE_NAMES = ['run', 'project', 'site', 'item', 'sprint', 'failure'] as const

export type PageName = (typeof PAGE_NAMES)[number]

export type PageContent = (props: Record<string, unknown>) => unknown

/**
 * Text of a file of `reports/`: beside this file in a checkout, in `reports/` beside the bundle. What
 * the build makes for the browser is in the bundle's folder either way.
 */
export function reportFile(path: string): string {
  return new TextDecoder().decode(reportBytes(path))
}

/** The same, as bytes. */
export function reportBytes(path: string): Uint8Array<ArrayBuffer> {
  const places = [`./${path}`, `./reports/${path}`, `../reports/${path}`, `../dist/${path}`].map(
    (place) => new URL(place, import.meta.url),
  )
  const found = places.find((place) => existsSync(place))
  if (!found) throw new Error(`reports/${path} isn't beside ${import.meta.url}: build again`)
  return new Uint8Array(readFileSync(found))
}

/** Path of a folder of `reports/`, found as its files are. */
export function reportFolder(path: string): string {
  const places = [`./${path}`, `./reports/${path}`, `../reports/${path}`]
  const found = places
    .map((place) => new URL(place, import.meta.url))
    .find((place) => existsSync(place))
  if (!found) throw new Error(`reports/${path} isn't beside ${import.meta.url}: build again`)
  return fileURLToPath(found)
}

/** Text of a file that the build makes: beside the bundle, in `dist/` of a checkout. */
export function builtFile(name: string): string {
  const places = [`./${name}`, `../${name}`, `../dist/${name}`]
  const found = places
    .map((place) => new URL(place, import.meta.url))
    .find((place) => existsSync(place))
  if (!found) throw new Error(`${name} isn't beside ${import.meta.url}: build again`)
  return readFileSync(found, 'utf8')
}

/** A page's MDX text. */
function pageSource(name: PageName): string {
  return reportFile(`pages/${name}.mdx`)
}

const compiled = new Map<PageName, Promise<PageContent>>()

/** A page as a component; it takes `components` and whatever its words mention. */
export function pageContent(name: PageName): Promise<PageContent> {
  const known = compiled.get(name)
  if (known) return known
  const content = compilePage(pageSource(name)).then((module) => module.default)
  compiled.set(name, content)
  return content
}

/**
 * MDX as a module: what it exports, and its page as `default`. `names` are what its code may call beside
 * its own props.
 *
 * @throws Error where it isn't MDX
 */
export async function compilePage(
  text: string,
  names: Readonly<Record<string, unknown>> = {},
): Promise<Record<string, unknown> & { readonly default: PageContent }> {
  const bound = Object.keys(names).map((name) => `${name} = arguments[0].${name}`)
  const lines = bound.length === 0 ? '' : `export const ${bound.join(', ')}\n\n`
  const code = await compile(lines + text, {
    outputFormat: 'function-body',
    elementAttributeNameCase: 'html',
    remarkPlugins: [remarkGfm],
  })
  const module = await run(code, { ...runtime, ...names, baseUrl: import.meta.url } as Parameters<
    typeof run
  >[1])
  return module as unknown as Record<string, unknown> & { readonly default: PageContent }
}

/** The text of a page, without the characters that HTML doesn't have: labels may hold any. */
export function htmlPage(document: { toString(): string }): string {
  return `<!doctype html>${xmlCharacters(document.toString())}`
}
