/** The figures and tables of a run's sections, as a team's own page shows them. */

import { bareSentence, boundParts, SECTIONS } from '../../sections/index.ts'
import type { RunView } from '../../view/run-view.ts'

/** By their names; where a section's figures say nothing, a sentence says why in their place. */
export function sectionParts(view: RunView): Readonly<Record<string, () => unknown>> {
  return Object.fromEntries(
    SECTIONS.flatMap((section) => {
      const says = bareSentence(section, view.report)
      return Object.entries(boundParts(section, view)).map(([name, part]) => [
        name,
        says === null ? part : () => <p class="note">{says}</p>,
      ])
    }),
  )
}
