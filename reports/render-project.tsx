/** Pages over runs: a project, all projects, one item, and the way to the latest run. */

import { raw } from 'hono/html'
import type { FC } from 'hono/jsx'
import type { ProjectIndex, ProjectsIndex } from '../lib/core/project-index.ts'
import { Document, type DocumentProps } from './components/document.tsx'
import { VerdictText } from './components/headline.tsx'
import { ItemHistories, RunLine, Runs } from './components/project-parts.tsx'
import { sections } from './components/section.tsx'
import { Trends } from './components/trends.tsx'
import { count, counted, sentence, share, shortened } from './format.ts'
import { htmlPage, type PageName, pageContent } from './page.ts'
import { isOpen, lastState, publishedRuns, VERDICT_LETTERS } from './project-view.ts'
import { runPage } from './run-view.ts'
import { trendRuns } from './trends.ts'

/** A page's words with its parts put in, inside the document. */
export async function renderPage(
  name: PageName,
  parts: Record<string, unknown>,
  says: Record<string, string>,
  document: DocumentProps & { readonly top: unknown; readonly after?: unknown },
): Promise<string> {
  const { Section } = sections()
  const Content = (await pageContent(name)) as FC<Record<string, unknown>>
  const body = await (<Content components={{ Section, ...parts }} says={says} />).toString()
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

/** `index.html` of the whole site. */
export function renderSite(index: ProjectsIndex): Promise<string> {
  const newest = [...index.projects].sort((a, b) =>
    a.latest.createdAt < b.latest.createdAt ? 1 : -1,
  )
  const description =
    newest.length === 0
      ? 'Nothing was published yet.'
      : `${counted(newest.length, 'project')}, the last to change first.`
  const Projects = () => (
    <ol class="runs projects">
      {newest.map(({ project, latest }) => (
        <RunLine entry={latest} name={project} href={`${project}/index.html`} />
      ))}
    </ol>
  )
  const top = (
    <div class="verdict">
      <h1>{description}</h1>
      <p class="lede">
        Each project shows its latest run: what changed, how many rows sit next to their own class,
        and what is left to fix.
      </p>
    </div>
  )
  return renderPage(
    'site',
    { Projects },
    {},
    {
      title: 'All projects · nearmiss',
      description,
      crumbs: [{ text: 'all projects', href: null }],
      top,
    },
  )
}

/** `<project>/latest/index.html`: sends its reader to the latest run. */
export function renderLatest(run: string): string {
  const href = `../${runPage(run)}`
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <meta http-equiv="refresh" content={`0; url=${href}`} />
        <title>{`${run} · nearmiss`}</title>
      </head>
      <body>
        <main>
          <h1>
            The latest run is <a href={href}>{run}</a>.
          </h1>
        </main>
      </body>
    </html>
  )
  return htmlPage(page)
}
