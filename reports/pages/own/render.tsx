/** A team's own page of a run: its words and charts inside the document of every page. */

import * as aq from 'arquero'
import { raw } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import { Document } from '../../components/document.tsx'
import { Figure } from '../../components/figure.tsx'
import { Label } from '../../components/label.tsx'
import { NeighborRows } from '../../components/neighbors.tsx'
import {
  Contents,
  Folded,
  type SectionEntry,
  SectionPart,
  type SectionProps,
} from '../../components/section.tsx'
import { Table } from '../../components/table.tsx'
import { Pairs, Sheet } from '../../components/tile.tsx'
import { colour } from '../../theme/vega.ts'
import { type RunView, viewBelow } from '../../view/run-view.ts'
import * as format from '../../words/format.ts'
import { htmlPage } from '../../words/html.ts'
import { compilePage } from '../../words/mdx.ts'
import type { OwnPage } from './own-page.ts'
import { rowsTable } from './rows-table.ts'
import { sectionParts } from './section-parts.tsx'

/** By their address from the run's folder. A page that fails says so in its place: the others stand. */
export async function renderOwnPages(
  view: RunView,
  pages: readonly OwnPage[],
): Promise<Record<string, string>> {
  if (pages.length === 0) return {}
  const below = viewBelow(view)
  const rows = rowsTable(view.rows, view.metadata)
  const rendered: Record<string, string> = {}
  for (const page of pages) {
    rendered[`pages/${page.name}.html`] = await renderOwn(below, page, rows)
  }
  return rendered
}

async function renderOwn(view: RunView, page: OwnPage, rows: aq.ColumnTable): Promise<string> {
  const { report } = view
  // In the order of the page, as its sections are reached.
  const entries: SectionEntry[] = []
  let title = page.name
  let body: string
  try {
    const { default: Content, ...exports } = await compilePage(page.text, {
      colour,
      share: format.share,
      count: format.count,
      decimal: format.decimal,
    })
    if (typeof exports.title === 'string') title = exports.title
    const Page = Content as FC<Record<string, unknown>>
    const components = {
      ...sectionParts(view),
      Section: (section: SectionProps) => {
        entries.push(section)
        return <SectionPart {...section} />
      },
      Figures: ({ children }: { children?: Child }) => <div class="figures">{children}</div>,
      Figure,
      Table,
      Folded,
      Label,
      Pairs: (props: { ids: readonly string[]; limit?: number }) => (
        <Pairs view={view} limit={20} {...props} />
      ),
      Rows: ({ ids, limit = 20 }: { ids: readonly string[]; limit?: number }) => (
        <NeighborRows
          view={view}
          rows={ids
            .slice(0, limit)
            .map(view.rowOf)
            .filter((row): row is number => row !== undefined)}
        />
      ),
    }
    const props = { report, rows, aq, op: aq.op, components }
    body = String(await (<Page {...props} />).toString())
  } catch (error) {
    body = String(
      await (
        <section class="part" aria-labelledby="failed">
          <h2 id="failed">This page can’t be made.</h2>
          <p>
            {page.name}.mdx stopped with: {error instanceof Error ? error.message : String(error)}
          </p>
        </section>
      ).toString(),
    )
  }
  const document = await (
    <Document
      title={`${title} · ${report.run} · ${report.project} · nearmiss`}
      description={`${title}: a page of ${report.run}.`}
      crumbs={[
        { text: 'all projects', href: '../../../../index.html' },
        { text: report.project, href: '../../../index.html' },
        { text: report.run, href: '../index.html' },
        { text: title, href: null },
      ]}
      pictureHosts={view.pictureHosts}
      generator={report.generator.version}
    >
      <Sheet view={view} />
      <div class="page">
        {entries.length > 1 ? <Contents entries={entries} /> : null}
        <main id="content">
          <div class="verdict">
            <h1>{title}</h1>
          </div>
          {raw(body)}
        </main>
      </div>
    </Document>
  ).toString()
  return htmlPage(document)
}
