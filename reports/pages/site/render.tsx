/** The page of all projects. */

import type { ProjectsIndex } from '../../../lib/core/project-index.ts'
import { RunLine } from '../../components/run-line.tsx'
import { counted } from '../../words/format.ts'
import { renderPage } from '../page.tsx'

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
