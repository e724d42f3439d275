/** A run's page: `<project>/runs/<run>/index.html`. */

import { raw } from 'hono/html'
import type { MapCoordinates } from '../../../lib/core/projection.ts'
import type { Report } from '../../../lib/core/report.ts'
import { FIGURES_MODULE } from '../../charts/drawn-by.ts'
import { Document } from '../../components/document.tsx'
import { Contents } from '../../components/section.tsx'
import { Sheet } from '../../components/tile.tsx'
import { SECTIONS } from '../../sections/index.ts'
import { type RunInput, type RunView, runView } from '../../view/run-view.ts'
import { htmlPage } from '../../words/html.ts'
import { verdict as verdictOf } from '../../words/verdict.ts'
import { renderEvidence } from '../evidence/render.tsx'
import { deployedPages, type OwnPage } from '../own/own-page.ts'
import { renderOwnPages } from '../own/render.tsx'
import type { MakePage } from '../page.tsx'
import { Brief } from './brief.tsx'
import { Headline, Verdict } from './headline.tsx'
import { sectionText } from './section-text.tsx'

export interface RunPage extends RunInput {
  /** Where the baseline's maps have each row, in the places of this run's. */
  readonly mapsBefore?: readonly MapCoordinates[]
  /** A team's own pages, beside those of the deployment. */
  readonly pages?: readonly OwnPage[]
}

/**
 * Every page of a run and what its pages load, by its address from the run's folder.
 *
 * @param makePage what becomes of a page that throws; thrown on unless given
 */
export async function renderRunPages(
  page: RunPage,
  makePage: MakePage = (_file, make) => make(),
): Promise<Record<string, string>> {
  const pages = [...deployedPages(), ...(page.pages ?? [])]
  const view = { ...runView(page), pages: pages.map(({ name }) => name) }
  return {
    'index.html': await makePage('index.html', () => renderRunPage(view)),
    ...(await renderEvidence(view, makePage)),
    ...(await renderOwnPages(view, pages)),
    'figures.js': FIGURES_MODULE,
    ...sectionFiles(view, page.mapsBefore ?? []),
  }
}

/** One of a team's own pages of a run. */
export async function renderOwnPage(page: RunPage, own: OwnPage): Promise<string> {
  const rendered = await renderOwnPages(runView(page), [own])
  return rendered[`pages/${own.name}.html`]!
}

/** The page alone. */
export function renderRun(page: RunPage): Promise<string> {
  return renderRunPage(runView(page))
}

/** What the sections' parts load, by its address. */
function sectionFiles(
  view: RunView,
  before: readonly MapCoordinates[],
): Readonly<Record<string, string>> {
  const files = SECTIONS.flatMap((section) => Object.entries(section.files ?? {}))
  return Object.fromEntries(
    files.flatMap(([name, make]) => {
      const text = make(view, before)
      return text === null ? [] : [[name, text]]
    }),
  )
}

async function renderRunPage(view: RunView): Promise<string> {
  const { report } = view
  const texts: string[] = []
  for (const section of SECTIONS) texts.push(await sectionText(section, view))
  const verdict = verdictOf(report)
  const document = await (
    <Document
      title={`${report.run} · ${report.project} · nearmiss`}
      description={verdict}
      crumbs={[
        { text: 'all projects', href: '../../../index.html' },
        { text: report.project, href: '../../index.html' },
        { text: report.run, href: null },
      ]}
      pictureHosts={view.pictureHosts}
      preview={{ image: 'preview.png', says: verdict, pageUrl: runUrl(report) }}
      loadsScripts
      theme="map"
      generator={report.generator.version}
    >
      <Sheet view={view} />
      <div class="page">
        <Contents entries={SECTIONS} pages={view.pages} />
        <main id="content">
          <Verdict report={report} />
          <Brief view={view} />
          <Headline report={report} />
          {raw(texts.join('\n'))}
        </main>
      </div>
    </Document>
  ).toString()
  return htmlPage(document)
}

/** Where the page is published, where the run knows. */
function runUrl({ project, run, planning }: Report): string | null {
  return planning.siteUrl ? `${planning.siteUrl}${project}/runs/${run}/` : null
}
