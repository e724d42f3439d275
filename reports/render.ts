/** Pages of a site: a report in, the text of a page out. */

export { renderBadge } from './badge.ts'
export { picturedRows } from './evidence.ts'
export { renderFeed } from './feed.ts'
export { type OwnPage, pagesOf } from './own-pages.ts'
export { failurePreviewSvg, plainPreviewSvg, previewSvg } from './preview.ts'
export { drawPng } from './preview-png.ts'
export { renderFailure } from './render-failure.tsx'
export { type ItemPage, renderItem } from './render-item.tsx'
export { renderPlain } from './render-plain.tsx'
export { renderLatest, renderProject, renderSite } from './render-project.tsx'
export {
  type MakePage,
  type RunPage,
  renderOwnPage,
  renderRun,
  renderRunPages,
} from './render-run.tsx'
export { needingAttention, renderSprint, type SprintPage, sprintScript } from './render-sprint.tsx'
export { type RunView, runView } from './run-view.ts'
