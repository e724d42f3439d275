/** A run's page: `<project>/runs/<run>/index.html`. */

import { raw } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import { openItems } from '../../../lib/core/item.ts'
import type { MapCoordinates } from '../../../lib/core/projection.ts'
import type { Report } from '../../../lib/core/report.ts'
import { FIGURES_MODULE } from '../../charts/figure-code.ts'
import { Document } from '../../components/document.tsx'
import { Contents, sections, Where } from '../../components/section.tsx'
import { Sheet } from '../../components/tile.tsx'
import {
  ChangeCharts,
  ChangedFigures,
  ChangedParts,
  ChangedRows,
  FurtherBaselines,
} from '../../sections/changes/changes.tsx'
import { changesConclusion } from '../../sections/changes/conclusion.ts'
import {
  AloneInClass,
  Concentration,
  ConfusedPairs,
  confusionScript,
  Heatmap,
  Ties,
} from '../../sections/confusion/confusion.tsx'
import {
  duplicatesConclusion,
  labelsConclusion,
  sizesConclusion,
} from '../../sections/duplicates/conclusion.ts'
import { Items } from '../../sections/items/items.tsx'
import { ClassSizes, LabelIssues, Leakage, NearDuplicates } from '../../sections/labels/labels.tsx'
import { MapFigure } from '../../sections/map/map.tsx'
import { MAP_SCRIPT, mapScript } from '../../sections/map/map-script.ts'
import { LowMargins, MarginCharts } from '../../sections/margins/margins.tsx'
import {
  AllFigures,
  Duplicates,
  Input,
  Notebook,
  Provenance,
} from '../../sections/method/method.tsx'
import { Slices } from '../../sections/slices/slices.tsx'
import { ClassAccuracy, LeastSeparated, Outliers, Spread } from '../../sections/spread/spread.tsx'
import {
  slicesConclusion,
  structureConclusion,
  tradeOffConclusion,
} from '../../sections/structure/conclusion.ts'
import { OddRows, Structure } from '../../sections/structure/structure.tsx'
import { TradeOff } from '../../sections/tradeoff/trade-off.tsx'
import { verificationConclusion } from '../../sections/verification/conclusion.ts'
import {
  OperatingPoints,
  VerificationCharts,
  WorstVerified,
} from '../../sections/verification/verification.tsx'
import { type RunInput, type RunView, runView } from '../../view/run-view.ts'
import { bareParts } from '../../words/bare-parts.ts'
import * as say from '../../words/conclusions.ts'
import { htmlPage } from '../../words/html.ts'
import { mdxContent } from '../../words/mdx.ts'
import { renderEvidence } from '../evidence/render.tsx'
import { deployedPages, type OwnPage } from '../own/own-page.ts'
import { renderOwnPages } from '../own/render.tsx'
import type { MakePage } from '../page.tsx'
import { Brief } from './brief.tsx'
import { Headline, Verdict } from './headline.tsx'

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
  const confusion = confusionScript(view)
  return {
    'index.html': await makePage('index.html', () => renderRunPage(view)),
    ...(await renderEvidence(view, makePage)),
    ...(await renderOwnPages(view, pages)),
    'figures.js': FIGURES_MODULE,
    ...(confusion === null ? {} : { 'confusion.js': confusion }),
    [MAP_SCRIPT]: mapScript(view, page.mapsBefore ?? []),
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

async function renderRunPage(view: RunView): Promise<string> {
  const { report } = view
  const bare = bareParts(report)
  const { entries, Section } = sections((id) => Object.hasOwn(bare, id))
  const Content = (await mdxContent('pages/run/page.mdx')) as FC<Record<string, unknown>>
  const components = {
    Section,
    Where,
    Figures: ({ children }: { children?: Child }) => <div class="figures">{children}</div>,
    Abreast: ({ children }: { children?: Child }) => <div class="abreast">{children}</div>,
    Items: () => <Items view={view} />,
    ConfusedPairs: () => <ConfusedPairs view={view} />,
    Heatmap: () => <Heatmap view={view} />,
    Concentration: () => <Concentration report={report} />,
    ClassAccuracy: () => <ClassAccuracy report={report} />,
    AloneInClass: () => <AloneInClass report={report} />,
    Ties: () => <Ties report={report} />,
    LowMargins: () => <LowMargins report={report} />,
    MarginCharts: () => <MarginCharts report={report} />,
    VerificationCharts: () => <VerificationCharts report={report} />,
    OperatingPoints: () => <OperatingPoints report={report} />,
    WorstVerified: () => <WorstVerified report={report} />,
    LeastSeparated: () => <LeastSeparated report={report} />,
    Spread: () => <Spread report={report} />,
    Outliers: () => <Outliers view={view} />,
    Structure: () => <Structure view={view} />,
    OddRows: () => <OddRows view={view} />,
    Slices: () => <Slices report={report} />,
    TradeOff: () => <TradeOff report={report} />,
    Map: () => <MapFigure view={view} />,
    ChangedRows: () => <ChangedRows view={view} />,
    ChangeCharts: () => <ChangeCharts report={report} />,
    ChangedParts: () => <ChangedParts report={report} />,
    FurtherBaselines: () => <FurtherBaselines report={report} />,
    ChangedFigures: () => <ChangedFigures report={report} />,
    Duplicates: () => <Duplicates view={view} />,
    LabelIssues: () => <LabelIssues view={view} />,
    NearDuplicates: () => <NearDuplicates report={report} />,
    Leakage: () => <Leakage report={report} />,
    ClassSizes: () => <ClassSizes report={report} />,
    Input: () => <Input report={report} />,
    AllFigures: () => <AllFigures report={report} />,
    Provenance: () => <Provenance report={report} />,
    Notebook,
  }
  const says = {
    items: say.itemsConclusion(report),
    confusion: say.confusionConclusion(report),
    margins: say.marginsConclusion(report),
    verification: verificationConclusion(report),
    spread: say.spreadConclusion(report),
    slices: slicesConclusion(report),
    structure: structureConclusion(report),
    tradeOff: tradeOffConclusion(report),
    map: say.mapConclusion(report),
    changes: changesConclusion(report),
    labels: labelsConclusion(report),
    duplicates: duplicatesConclusion(report),
    sizes: sizesConclusion(report),
    input: say.inputConclusion(report),
    method: say.methodConclusion(report),
    ...bare,
  }
  const some = {
    items: openItems(report).length > 0,
    changes: report.comparison !== null,
    errors: report.confusion.pairs.length > 0,
    slices: report.slices.list.length > 0,
  }
  const body = await (<Content components={components} says={says} some={some} />).toString()
  const verdict = say.verdict(report)
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
        <Contents entries={entries} pages={view.pages} />
        <main id="content">
          <Verdict report={report} />
          <Brief view={view} />
          <Headline report={report} />
          {raw(String(body))}
        </main>
      </div>
    </Document>
  ).toString()
  return htmlPage(document)
}

/** Where the page is published, where the run knows. */
function runUrl({ project, run, planning }: Report): string | null {
  return planning?.siteUrl ? `${planning.siteUrl}${project}/runs/${run}/` : null
}
