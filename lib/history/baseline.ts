/** Which earlier run a run is compared with. */

import { type ComparableRun, whyApart } from '../core/comparable-runs.ts'
import { compareText } from '../core/names.ts'
import type { ProjectIndex, RunEntry } from '../core/project-index.ts'
import type { Warning } from '../core/warning.ts'

/** The reason of a project's first run; the verdict words it its own way. */
export const FIRST_RUN = 'No run of this project was evaluated before this one.'

export interface BaselineChoice {
  readonly run: string | null
  /** Why there is none, as a sentence; null where there is one. */
  readonly reason: string | null
  /** Set where the manifest asks for a run that can't be had. */
  readonly warning: Warning | null
}

/**
 * @param index the project's index, null before its first run
 * @param setting the manifest's `baseline`: `previous`, `best`, `none`, or a run's name
 * @param createdAt of the run that wants a baseline; only runs before it can be `previous` or `best`
 * @param like what the run measures: only runs that it can be compared with can be `best`
 */
export function chooseBaseline(
  index: ProjectIndex | null,
  setting: string,
  run: string,
  createdAt: string,
  like: ComparableRun | null = null,
): BaselineChoice {
  const others = (index?.runs ?? []).filter((entry) => entry.run !== run)
  const usable = others.filter(({ status }) => status === 'published')
  if (setting === 'none') {
    return { run: null, reason: 'The manifest asks for no baseline.', warning: null }
  }
  if (setting === 'previous') {
    const earlier = usable.filter((entry) => compareRunOrder(entry, { run, createdAt }) < 0)
    const previous = earlier.sort(compareRunOrder).at(-1)
    return previous
      ? { run: previous.run, reason: null, warning: null }
      : { run: null, reason: FIRST_RUN, warning: null }
  }
  if (setting === 'best') {
    const best = usable
      .filter((entry) => compareRunOrder(entry, { run, createdAt }) < 0)
      .filter(({ summary }) => summary !== null && (!like || whyApart(summary, like) === null))
      .sort(
        (a, b) => (a.summary?.accuracy ?? 0) - (b.summary?.accuracy ?? 0) || compareRunOrder(a, b),
      )
      .at(-1)
    return best
      ? { run: best.run, reason: null, warning: null }
      : { run: null, reason: 'No earlier run of the same rows can be the best one.', warning: null }
  }
  if (usable.some((entry) => entry.run === setting)) {
    return { run: setting, reason: null, warning: null }
  }
  const why =
    setting === run
      ? 'is this run itself'
      : others.some((entry) => entry.run === setting)
        ? 'could not be evaluated'
        : 'is not in this project'
  const reason = `The manifest asks for the baseline ${setting}, which ${why}.`
  const known = usable.map((entry) => entry.run).sort(compareText)
  const message = `${reason} ${known.length === 0 ? 'The project has no other run yet.' : `Runs that can be named: ${known.slice(-5).join(', ')}.`}`
  return { run: null, reason, warning: { code: 'baseline-missing', message } }
}

/** Oldest first; runs of one moment by name, so that the order never depends on who asks. */
export function compareRunOrder(
  a: Pick<RunEntry, 'run' | 'createdAt'>,
  b: Pick<RunEntry, 'run' | 'createdAt'>,
): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || compareText(a.run, b.run)
}
