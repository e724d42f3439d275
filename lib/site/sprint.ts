/** `<project>/sprint/`: the page, its script, and its list of items as files for elsewhere. */

import { needingAttention, renderSprint, sprintScript } from '../../reports/render.ts'
import type { TicketLinks } from '../core/planning.ts'
import type { Report } from '../core/report.ts'
import { planCsv, planJson, planMarkdown } from '../planning/export.ts'
import { itemPath, NO_PLANNING, planOf } from '../planning/plan.ts'

/**
 * Files by their names. The three for elsewhere hold what needs attention today.
 *
 * @param report the project's latest; null where no run could be evaluated yet
 * @param today `YYYY-MM-DD`
 */
export async function sprintFiles(
  project: string,
  report: Report | null,
  links: TicketLinks | null,
  today: string,
): Promise<Readonly<Record<string, string>>> {
  const planning = report?.planning ?? NO_PLANNING
  const plan = report && planOf(report, links, today)
  const page = await renderSprint({ project, plan, planning })
  if (plan === null) return { 'index.html': page }
  const { siteUrl } = planning
  const selection = {
    plan,
    picked: needingAttention(plan.items),
    pageOf: ({ slug }: { readonly slug: string }) =>
      siteUrl === null ? `../items/${slug}/index.html` : `${siteUrl}${itemPath(project, slug)}`,
  }
  return {
    'index.html': page,
    'sprint.js': sprintScript(),
    'sprint.md': planMarkdown(selection),
    'sprint.csv': planCsv(selection),
    'sprint.json': planJson(selection),
  }
}
