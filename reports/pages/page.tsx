/** A page whose words are the `page.mdx` of its folder, inside the document of every page. */

import { raw } from 'hono/html'
import type { FC } from 'hono/jsx'
import { Document, type DocumentProps } from '../components/document.tsx'
import { SectionPart } from '../components/section.tsx'
import { htmlPage } from '../words/html.ts'
import { mdxContent } from '../words/mdx.ts'

/** Makes a page, or what stands in its place where it can't be made. */
export type MakePage = (file: string, make: () => Promise<string>) => Promise<string>

/** @param name of its folder */
export async function renderPage(
  name: string,
  parts: Record<string, unknown>,
  says: Record<string, string>,
  document: DocumentProps & { readonly top: unknown; readonly after?: unknown },
): Promise<string> {
  const Content = (await mdxContent(`pages/${name}/page.mdx`)) as FC<Record<string, unknown>>
  const body = await (
    <Content components={{ Section: SectionPart, ...parts }} says={says} />
  ).toString()
  const { top, after, ...props } = document
  const page = await (
    <Document {...props}>
      <div class="page">
        <main id="content">
          {top}
          {raw(String(body))}
          {after}
        </main>
      </div>
    </Document>
  ).toString()
  return htmlPage(page)
}
