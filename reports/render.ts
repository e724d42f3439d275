/** Pages of a site: a report in, the text of a page out. */

export { renderFailure } from './render-failure.tsx'
export { renderItem, renderLatest, renderProject, renderSite } from './render-project.tsx'
export { type RunPage, renderRun, renderRunPages } from './render-run.tsx'
