/** A project's page: its latest run, its trend, its runs and its items. */

import type { ProjectIndex } from '../../../lib/core/project-index.ts'
import { VerdictText } from '../../components/verdict-text.tsx'
import { isOpen, lastState, publishedRuns, VERDICT_LETTERS } from '../../view/project-view.ts'
import { runPage } from '../../view/run-view.ts'
import { count, counted, sentence, share, shortened } from '../../words/format.ts'
import { renderPage } from '../page.tsx'
import { ItemHistories, Runs } from './runs.tsx'
import { Trends } from './trend-figures.tsx'
import { trendRuns } from './trends.ts'

/**
 * `<project>/index.html`.
 *
 * @param siteUrl where the site is published, with a slash at its end
 */
export function renderProject(index: ProjectIndex, siteUrl: string | null = null): Promise<string> {
  const runs = publishedRuns(index)
  const latest = runs.at(-1)
  const failed = index.runs.length - runs.length
  const items = Object.values(index.items)
  // An item that another one covers has no state in the latest run, and is counted with that one.
  const open = items.filter((item) => isOpen(item) && lastState(item)?.run === latest?.run).length
  const says = {
    trends: trendSentence(index),
    runs: `${counted(index.runs.length, 'run')}${index.runs.length > 1 ? ', newest first' : ''}${failed > 0 ? `; ${count(failed)} couldn’t be evaluated` : ''}.`,
    items:
      items.length === 0
        ? 'No item was ever raised.'
        : `${count(open)} of ${counted(items.length, 'item')} ${open === 1 ? 'is' : 'are'} open.`,
  }
  const verdict = latest?.summary.verdict ?? 'No run could be evaluated yet.'
  const top = (
    <div class="verdict">
      <p class="facts-line">
        <span>{index.project}</span>
        <span>{latest ? `latest run ${latest.run}` : 'no report yet'}</span>
      </p>
      <h1>
        <VerdictText text={shortened(sentence(verdict), VERDICT_LETTERS)} />
      </h1>
      {latest ? (
        <p class="lede">
          <a class="button" href={runPage(latest.run)}>
            Open the latest report
          </a>{' '}
          <a href="sprint/index.html">Plan the sprint</a>
        </p>
      ) : null}
    </div>
  )
  const parts = {
    Trends: () => <Trends index={index} />,
    Runs: () => <Runs index={index} />,
    ItemHistories: () => <ItemHistories index={index} />,
  }
  return renderPage('project', parts, says, {
    title: `${index.project} · nearmiss`,
    description: verdict,
    feed: 'feed.xml',
    ...(latest
      ? {
          preview: {
            image: `runs/${latest.run}/preview.png`,
            says: verdict,
            pageUrl: siteUrl === null ? null : `${siteUrl}${index.project}/`,
          },
        }
      : {}),
    crumbs: [
      { text: 'all projects', href: '../index.html' },
      { text: index.project, href: null },
    ],
    top,
  })
}

/** How the latest run got where it is, among the runs that can be compared with it. */
function trendSentence(index: ProjectIndex): string {
  const all = trendRuns(index)
  const line = all.filter(({ segment }) => segment === all.at(-1)?.segment)
  const [first, last] = [line[0], line.at(-1)]
  if (all.length < 2 || !first || !last) return 'A trend needs a second run.'
  if (line.length < 2) return 'The latest run starts anew: no earlier run can be compared with it.'
  const which = line.length < all.length ? ' that can be compared' : ''
  return `${counted(line.length, 'run')}${which}, accuracy from ${share(first.summary.accuracy)} to ${share(last.summary.accuracy)}.`
}
