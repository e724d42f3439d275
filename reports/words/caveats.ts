/** What qualifies a run's headline, a short line each: it stands right under it, with the rest linked. */

import { TIES, tieCaveats } from '../../lib/core/caveats.ts'
import { adviceBeside } from '../../lib/core/issue-codes.ts'
import type { Report } from '../../lib/core/report.ts'
import type { PublishedWarning } from '../../lib/core/warning.ts'
import { allEqual, hasNoMatch } from './bare-case.ts'

export interface Caveat {
  readonly says: string
  /** Where on the page the details are. */
  readonly href: string
}

/** Most telling first; none where the headline itself says that no figure tells anything. */
export function caveats(report: Report): Caveat[] {
  if (allEqual(report) || hasNoMatch(report)) return []
  return warningsOf(report).flatMap(({ code, headline }, place) =>
    headline === undefined
      ? []
      : [{ says: headline, href: code === TIES ? '#confusion' : `#${warningId(place)}` }],
  )
}

/** Those of the report; older ones don't warn of ties, which they count. */
export function warningsOf({ input, confusion }: Report): readonly PublishedWarning[] {
  if (input.warnings.some(({ code }) => code === TIES)) return input.warnings
  return [...input.warnings, ...tieCaveats(confusion.labelChangingTies, input.evaluatedRows)]
}

/** A warning's place among the run's, as an anchor. */
export function warningId(place: number): string {
  return `warning-${place + 1}`
}

/** The message, and what to do where that isn't said in it. */
export function adviceText({ code, message, hint }: PublishedWarning): string {
  if (hint === undefined || adviceBeside(code) === null) return message
  return `${message.replace(/[.:]$/, '')}. ${hint}`
}

/** Of one kind more are counted. */
const MOST_OF_A_KIND = 3

/** How many of a kind are told one by one. */
export function shownOf(count: number): number {
  // Instead of a line that counts one more, that one.
  return count <= MOST_OF_A_KIND + 1 ? count : MOST_OF_A_KIND
}

/** As texts that stay readable however many there are: of each kind the first, and how many more. */
export function foldedWarnings(
  warnings: readonly PublishedWarning[],
): readonly { readonly code: string; readonly text: string }[] {
  const kinds = new Map<string, PublishedWarning[]>()
  for (const warning of warnings) {
    kinds.set(warning.code, [...(kinds.get(warning.code) ?? []), warning])
  }
  return [...kinds].flatMap(([code, all]) => {
    const most = shownOf(all.length)
    const told = all.slice(0, most).map((warning) => ({ code, text: adviceText(warning) }))
    const more = all.length - most
    return more === 0
      ? told
      : [
          ...told,
          {
            code,
            text: `${more.toLocaleString('en-US')} more like these (${code})`,
          },
        ]
  })
}
