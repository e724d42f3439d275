/** A run's page: `<project>/runs/<run>/index.html`. */

import { raw } from 'hono/html'
import type { Child, FC } from 'hono/jsx'
import type { MapCoordinates } from '../lib/core/projection.ts'
import type { Report } from '../lib/core/report.ts'
import { bareParts } from './bare-parts.ts'
import { Brief } from './components/brief.tsx'
import {
  ChangeCharts,
  ChangedFigures,
  ChangedParts,
  ChangedRows,
  FurtherBaselines,
} from './components/changes.tsx'
import { ClassAccuracy, LeastSeparated, Outliers, Spread } from './components/classes.tsx'
import {
  AloneInClass,
  Concentration,
  ConfusedPairs,
  confusionScript,
  Heatmap,
  Ties,
} from './components/confusion.tsx'
import { Document } from './components/document.tsx'
import { Headline, Verdict } from './components/headline.tsx'
import { Items } from './components/items.tsx'
import { MapFigure } from './components/map.tsx'
import { LowMargins, MarginCharts } from './components/margins.tsx'
import { ClassSizes, LabelIssues, Leakage, NearDuplicates } from './components/quality.tsx'
import { AllFigures, Duplicates, Input, Notebook, Provenance } from './components/run-parts.tsx'
import { Contents, sections, Where } from './components/section.tsx'
import { Slices } from './components/slices.tsx'
import { OddRows, Structure } from './components/structure.tsx'
import { Sheet } from './components/tile.tsx'
import { TradeOff } from './components/trade-off.tsx'
import { OperatingPoints, VerificationCharts, WorstVerified } from './components/verification.tsx'
import * as say from './conclusions.ts'
import { changesConclusion } from './conclusions-changes.ts'
import { duplicatesConclusion, labelsConclusion, sizesConclusion } from './conclusions-quality.ts'
import { verificationConclusion } from './conclusions-verification.ts'
import { FIGURES_MODULE } from './figure-code.ts'
import { MAP_SCRIPT, mapScript } from './map-script.ts'
import { deployedPages, type OwnPage } from './own-pages.ts'
import { htmlPage, pageContent } from './page.ts'
import { renderEvidence } from './render-evidence.tsx'
import { renderOwnPages } from './render-own.tsx'
import { type RunInput, type RunView, runView } from './run-view.ts'
import {
  slicesConclusion,
  structureConclusion,
  tradeOffConclusion,
} from './structure-conclusions.ts'

export interface RunPage extends RunInput {
  /** Where the baseline's maps have each row, in the places of this run's. */
  readonly mapsBefore?: readonly MapCoordinates[]
  /** A team's own pages, beside those of the deployment. */
  readonly pages?: readonly OwnPage[]
}

/** Makes a page, or what stands in its place where it can't be made. */
export type MakePage = (file: string, make: () => Promise<string>) => Promise<string>

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
  const Content = (await pageContent('run')) as FC<Record<string, unknown>>
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
    items: say.openItems(report).length > 0,
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
