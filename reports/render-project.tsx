/** Pages over runs: a project, all projects, one item, and the way to the latest run. */

import { raw } from 'hono/html'
import type { FC } from 'hono/jsx'
import { itemSlug } from '../lib/core/names.ts'
import type { ProjectIndex, ProjectsIndex } from '../lib/core/report.ts'
import { runTrend } from './charts/run-trend.ts'
import { Document, type DocumentProps } from './components/document.tsx'
import { Figure } from './components/figure.tsx'
import { VerdictText } from './components/headline.tsx'
import { amount } from './components/items.tsx'
import { ItemHistories, ItemStates, RunLine, Runs, Trends } from './components/project-parts.tsx'
import { sections } from './components/section.tsx'
import { STATES } from './components/state-strip.tsx'
import { count, counted, named, sentence, share } from './format.ts'
import { type PageName, pageContent } from './page.ts'
import { isOpen, lastState, publishedRuns, SHOWN_RUNS } from './project-view.ts'
import { runPage } from './run-view.ts'

/** A page's words with its parts put in, inside the document. */
export async function renderPage(
  name: PageName,
  parts: Record<string, unknown>,
  says: Record<string, string>,
  document: DocumentProps & { readonly top: unknown },
): Promise<string> {
  const { Section } = sections()
  const Content = (await pageContent(name)) as FC<Record<string, unknown>>
  const body = await (<Content components={{ Section, ...parts }} says={says} />).toString()
  const { top, ...props } = document
  const page = await (
    <Document {...props}>
      <div class="page">
        <main id="content">
          {top}
          {raw(String(body))}
        </main>
      </div>
    </Document>
  ).toString()
  return `<!doctype html>${page}`
}

/** `<project>/index.html`. */
export function renderProject(index: ProjectIndex): Promise<string> {
  const runs = publishedRuns(index)
  const latest = runs.at(-1)
  const failed = index.runs.length - runs.length
  const items = Object.values(index.items)
  const open = items.filter(isOpen).length
  const says = {
    trends:
      runs.length < 2
        ? 'A trend needs a second run.'
        : `${counted(runs.length, 'run')}, accuracy from ${share(runs[0]!.summary.accuracy)} to ${share(latest!.summary.accuracy)}.`,
    runs: `${counted(index.runs.length, 'run')}, newest first${failed > 0 ? `; ${count(failed)} couldn’t be evaluated` : ''}.`,
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
        <VerdictText text={sentence(verdict)} />
      </h1>
      {latest ? (
        <p class="lede">
          <a class="button" href={runPage(latest.run)}>
            Open the latest report
          </a>
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
    crumbs: [
      { text: 'all projects', href: '../index.html' },
      { text: index.project, href: null },
    ],
    top,
  })
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

/**
 * `<project>/items/<slug>/index.html`.
 *
 * @throws RangeError where the index has no such item
 */
export function renderItem(index: ProjectIndex, itemId: string): Promise<string> {
  const item = index.items[itemId]
  if (!item) throw new RangeError(`project ${index.project} has no item ${itemId}`)
  const now = lastState(item)
  const raised = item.states[0]
  const shown = item.states.slice(-SHOWN_RUNS)
  const measured = shown.filter((entry) => entry.state !== 'not-evaluated')
  const says = {
    history: now
      ? `${STATES[now.state].replace(/^./, (letter) => letter.toUpperCase())} in ${named(now.run)}; raised in ${named(raised!.run)}.`
      : 'No run has evaluated it yet.',
  }
  const History = () => (
    <div class="figures">
      {measured.length > 1 ? (
        <Figure
          title={`Measured: ${amount(measured[0]!.measure)} → ${amount(measured.at(-1)!.measure)}.`}
          describes="What the item measures in each run, oldest first."
          spec={runTrend(
            shown.map((entry) => ({
              run: entry.run,
              value: entry.state === 'not-evaluated' ? null : entry.measure,
              interval: null,
            })),
            { title: 'measured', format: '~g', zero: true },
          )}
        />
      ) : null}
      <div>
        <ItemStates item={item} />
      </div>
    </div>
  )
  const top = (
    <div class="verdict">
      <p class="facts-line">
        <span>{item.owner}</span>
        <span>{now ? STATES[now.state] : 'no state'}</span>
        <span>{item.kind}</span>
      </p>
      <h1>{item.title}</h1>
      {now ? (
        <p class="lede">
          What to do and the rows that show it are in{' '}
          <a href={`../../${runPage(now.run)}#${itemSlug(item.id)}`}>the report of {now.run}</a>.
        </p>
      ) : null}
    </div>
  )
  return renderPage('item', { History }, says, {
    title: `${named(item.title, 80)} · ${index.project} · nearmiss`,
    description: says.history,
    crumbs: [
      { text: 'all projects', href: '../../../index.html' },
      { text: index.project, href: '../../index.html' },
      { text: 'item', href: null },
    ],
    top,
  })
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
  return `<!doctype html>${page.toString()}`
}
