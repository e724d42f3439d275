/** Words of pages: MDX sources found beside the code, compiled once a process. */

import { compile, run } from '@mdx-js/mdx'
import * as runtime from 'hono/jsx/jsx-runtime'
import remarkGfm from 'remark-gfm'
import { reportFile } from '../files/report-file.ts'

export type PageContent = (props: Record<string, unknown>) => unknown

const compiled = new Map<string, Promise<PageContent>>()

/** A file of `reports/` as a component; it takes `components` and whatever its words mention. */
export function mdxContent(path: string): Promise<PageContent> {
  const known = compiled.get(path)
  if (known) return known
  const content = compilePage(reportFile(path)).then((module) => module.default)
  compiled.set(path, content)
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
