/**
 * The sections of a run's page in their order. A new one is a folder and its line here: the page, its
 * contents, its files and the parts of a team's pages follow from this list.
 */

import type { Report } from '../../lib/core/report.ts'
import type { RunView } from '../view/run-view.ts'
import { bareCase } from '../words/bare-case.ts'
import { section as changes } from './changes/section.ts'
import { section as confusion } from './confusion/section.ts'
import { section as duplicates } from './duplicates/section.ts'
import { section as input } from './input/section.ts'
import { section as items } from './items/section.ts'
import { section as labels } from './labels/section.ts'
import { section as map } from './map/section.ts'
import { section as margins } from './margins/section.ts'
import { section as method } from './method/section.ts'
import type { Section } from './section.ts'
import { section as sizes } from './sizes/section.ts'
import { section as slices } from './slices/section.ts'
import { section as spread } from './spread/section.ts'
import { section as structure } from './structure/section.ts'
import { section as tradeoff } from './tradeoff/section.ts'
import { section as verification } from './verification/section.ts'

export const SECTIONS: readonly Section[] = [
  items,
  changes,
  confusion,
  slices,
  margins,
  verification,
  spread,
  labels,
  duplicates,
  sizes,
  structure,
  tradeoff,
  map,
  input,
  method,
]

/** The sentence that stands for all of a section; null where it has something to show. */
export function bareSentence({ bare }: Section, report: Report): string | null {
  const which = bareCase(report)
  return (which && bare?.[which]) ?? null
}

/** What a section comes to: its heading. */
export function headingOf(section: Section, report: Report): string {
  return bareSentence(section, report) ?? section.conclusion(report)
}

/** A section's parts for words that name them without a property: each knows its run. */
export function boundParts(
  { parts }: Section,
  view: RunView,
): Readonly<Record<string, () => unknown>> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, () => part({ view })]),
  )
}
