/** Pages of a site: a report in, the text of a page out. */

export { renderRun } from './render-run.tsx'
