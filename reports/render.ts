/** Pages of a site: a report in, the text of a page out. */

export { renderFailure } from './pages/failure/render.tsx'
export { type ItemPage, renderItem } from './pages/item/render.tsx'
export { renderLatest } from './pages/latest/render.tsx'
export { type OwnPage, pagesOf } from './pages/own/own-page.ts'
export type { MakePage } from './pages/page.tsx'
export { renderPlain } from './pages/plain/render.tsx'
export { renderFeed } from './pages/project/feed.ts'
export { renderProject } from './pages/project/render.tsx'
export {
  type RunPage,
  renderOwnPage,
  renderRun,
  renderRunPages,
} from './pages/run/render.tsx'
export { renderSite } from './pages/site/render.tsx'
export {
  needingAttention,
  renderSprint,
  type SprintPage,
  sprintScript,
} from './pages/sprint/render.tsx'
export { renderBadge } from './preview/badge.ts'
export { drawPng } from './preview/png.ts'
export { failurePreviewSvg, plainPreviewSvg, previewSvg } from './preview/preview.ts'
export { picturedRows } from './view/evidence.ts'
export { type RunView, runView } from './view/run-view.ts'
