/** A run's report with what its page looks up again and again: rows by id, and where they are shown. */

import { compareText, itemSlug, pictureHost } from '../../lib/core/names.ts'
import type { TicketLinks } from '../../lib/core/planning.ts'
import type { ProjectIndex } from '../../lib/core/project-index.ts'
import type { Report } from '../../lib/core/report.ts'
import type { Rows } from '../../lib/core/rows.ts'
import type { Column } from '../../lib/core/table.ts'
import { type Evidence, findEvidence } from './evidence.ts'

export interface RunView {
  readonly report: Report
  readonly rows: Rows
  readonly index: ProjectIndex | null
  readonly metadata: readonly Column[]
  /** Tickets that were linked through the API by the time of publishing. */
  readonly links: TicketLinks | null
  /** Row of an id; undefined where the rows don't hold it. */
  readonly rowOf: (id: string) => number | undefined
  /** Names of the team's own pages. */
  readonly pages: readonly string[]
  /** Where rows are shown beside their neighbours. */
  readonly evidence: Evidence
  /** Hosts of the rows' pictures that lie elsewhere, in the order of their names. */
  readonly pictureHosts: readonly string[]
  /** An address in the run's folder, or a place on its page, as the page that is rendered reaches it. */
  readonly fromRun: (address: string) => string
  /** Whether scripts run that lie beside the page: of the run's own only. */
  readonly loadsScripts: boolean
}

/** What a run's pages are made of. */
export interface RunInput extends Pick<RunView, 'report' | 'rows' | 'index' | 'metadata'> {
  readonly links?: TicketLinks | null
}

export function runView(input: RunInput): RunView {
  const byId = new Map(input.rows.id.map((id, row) => [id, row]))
  const rowOf = (id: string) => byId.get(id)
  return {
    ...input,
    links: input.links ?? null,
    pages: [],
    rowOf,
    evidence: findEvidence(input.report, input.rows, rowOf),
    pictureHosts: pictureHosts(input.rows.image ?? []),
    fromRun: (address) => address,
    loadsScripts: true,
  }
}

/** The same view for a page in a folder of the run's own. */
export function viewBelow(view: RunView): RunView {
  const fromRun = (address: string) => {
    if (/^[a-z]+:/i.test(address)) return address
    return address.startsWith('#') ? `../index.html${address}` : `../${address}`
  }
  return { ...view, fromRun, loadsScripts: false }
}

/** Row of the nearest neighbour, null where there is none. */
export function nearest(rows: Rows, row: number): number | null {
  if (rows.neighborCount === 0) return null
  const neighbor = rows.neighbors[row * rows.neighborCount] ?? -1
  return neighbor < 0 ? null : neighbor
}

/** Distance to the nearest neighbour, null where there is none. */
export function nearestDistance(rows: Rows, row: number): number | null {
  return nearest(rows, row) === null ? null : (rows.distances[row * rows.neighborCount] ?? null)
}

/** Address of an item's permanent page, seen from the project's folder. */
export function itemPage(id: string): string {
  return `items/${itemSlug(id)}/index.html`
}

/** Address of a run's page, seen from the project's folder. */
export function runPage(run: string): string {
  return `runs/${run}/index.html`
}

/** One look at each start of an address: rows are many, hosts few. */
function pictureHosts(addresses: readonly string[]): string[] {
  const starts = new Set(addresses.map((address) => /^https:\/\/[^/?#]*/.exec(address)?.[0] ?? ''))
  const hosts = new Set([...starts].map(pictureHost))
  return [...hosts].filter((host) => host !== null).sort(compareText)
}
