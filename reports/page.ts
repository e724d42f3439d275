/** Pages' words: MDX sources found beside the code, compiled once a process. */

import { existsSync, readFileSync } from 'node:fs'
import { evaluate } from '@mdx-js/mdx'
import * as runtime from 'hono/jsx/jsx-runtime'
import remarkGfm from 'remark-gfm'

export type PageName = 'run' | 'project' | 'site' | 'item' | 'sprint' | 'failure'

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
export function pageSource(name: PageName): string {
  return reportFile(`pages/${name}.mdx`)
}

const compiled = new Map<PageName, Promise<PageContent>>()

/** A page as a component; it takes `components` and whatever its words mention. */
export function pageContent(name: PageName): Promise<PageContent> {
  const known = compiled.get(name)
  if (known) return known
  const content = evaluate(pageSource(name), {
    ...runtime,
    elementAttributeNameCase: 'html',
    remarkPlugins: [remarkGfm],
  } as Parameters<typeof evaluate>[1]).then((module) => module.default as unknown as PageContent)
  compiled.set(name, content)
  return content
}
