/** Pages of evidence: the rows behind each finding beside their nearest neighbours, `evidence/<n>.html`. */

import { Document } from '../../components/document.tsx'
import { NeighborRows } from '../../components/neighbors.tsx'
import { Folded } from '../../components/section.tsx'
import { Sheet } from '../../components/tile.tsx'
import { type EvidenceGroup, evidencePage } from '../../view/evidence.ts'
import { type RunView, viewBelow } from '../../view/run-view.ts'
import { count, counted, sentence } from '../../words/format.ts'
import { htmlPage } from '../../words/html.ts'
import type { MakePage } from '../page.tsx'

/** More are folded away: a reader comes by a link to one of them. */
const LISTED_GROUPS = 12

/** By their address from the run's folder. */
export async function renderEvidence(
  view: RunView,
  makePage: MakePage,
): Promise<Record<string, string>> {
  const { pages } = view.evidence
  const below = viewBelow(view)
  const rendered: Record<string, string> = {}
  for (const [place, groups] of pages.entries()) {
    const file = evidencePage(place)
    rendered[file] = await makePage(file, () => renderOne(below, groups, place))
  }
  return rendered
}

async function renderOne(
  view: RunView,
  groups: readonly EvidenceGroup[],
  place: number,
): Promise<string> {
  const { report, evidence } = view
  const all = evidence.pages.length
  const title =
    all === 1
      ? 'The rows behind the findings'
      : `The rows behind the findings, page ${place + 1} of ${all}`
  const page = await (
    <Document
      title={`${title} · ${report.run} · ${report.project} · nearmiss`}
      description={`Rows of ${report.run} beside their nearest neighbours.`}
      crumbs={[
        { text: 'all projects', href: '../../../../index.html' },
        { text: report.project, href: '../../../index.html' },
        { text: report.run, href: '../index.html' },
        { text: 'evidence', href: null },
      ]}
      pictureHosts={view.pictureHosts}
      generator={report.generator.version}
    >
      <Sheet view={view} />
      <div class="page">
        <main id="content" class="evidence">
          <div class="verdict">
            <h1>{title}</h1>
            <p class="lede">
              On the left a row, beside it the rows that lie nearest, with their distances. Marked
              are those of another class.
              {report.images === null
                ? ' The rows have no pictures: their metadata stands instead.'
                : ''}
            </p>
            {groups.length > LISTED_GROUPS ? (
              <Folded name={`The ${count(groups.length)} findings on this page`}>
                <Jump groups={groups} />
              </Folded>
            ) : (
              <Jump groups={groups} />
            )}
          </div>
          {groups.map((group) => (
            <Group view={view} group={group} />
          ))}
          <Pager place={place} all={all} />
        </main>
      </div>
    </Document>
  ).toString()
  return htmlPage(page)
}

function Jump({ groups }: { groups: readonly EvidenceGroup[] }) {
  return (
    <ul class="jump">
      {groups.map((group) => (
        <li>
          <a href={`#${group.anchor}`}>{group.title}</a>
        </li>
      ))}
    </ul>
  )
}

function Group({ view, group }: { view: RunView; group: EvidenceGroup }) {
  const left = group.total - group.rows.length
  return (
    <section class="part" id={group.anchor} aria-labelledby={`${group.anchor}-says`}>
      <p class="topic">
        <a href={`../index.html#${group.back}`}>Back to the report</a>
      </p>
      <h2 id={`${group.anchor}-says`}>{group.title}</h2>
      {group.says === '' ? null : <p>{sentence(group.says)}</p>}
      <NeighborRows view={view} rows={group.rows} />
      {left > 0 ? (
        <p class="rest">
          Shown are {count(group.rows.length)} of {counted(group.total, 'row')}; all are in{' '}
          <a href="../rows.parquet">rows.parquet</a>.
        </p>
      ) : null}
    </section>
  )
}

function Pager({ place, all }: { place: number; all: number }) {
  if (all === 1) return null
  return (
    <nav class="pager" aria-label="Pages of evidence">
      {place > 0 ? <a href={`${place}.html`}>Page {place}</a> : null}
      {place + 1 < all ? <a href={`${place + 2}.html`}>Page {place + 2}</a> : null}
    </nav>
  )
}
