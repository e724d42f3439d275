/** Classes of an earlier run under the names of this one, where only a number is written otherwise. */

import { isWholeNumber, wholeNumber } from '../core/number-forms.ts'
import type { BaselineRows } from './run-rows.ts'

/**
 * The run with its class `3.0` called `3` where that is how this run writes it. A class that this run has
 * under its own name, or in two forms, keeps its name; so do all where two would become one.
 *
 * @param labels of this run's rows
 */
export function inFormsOf(labels: readonly string[], baseline: BaselineRows): BaselineRows {
  const here = new Set(labels)
  const forms = new Map<string, string[]>()
  for (const label of here) {
    if (!isWholeNumber(label)) continue
    const plain = wholeNumber(label)
    forms.set(plain, [...(forms.get(plain) ?? []), label])
  }
  const there = new Set(baseline.labels)
  const names = new Map(
    [...there].flatMap((label): [string, string][] => {
      if (here.has(label) || !isWholeNumber(label)) return []
      const [name, ...others] = forms.get(wholeNumber(label)) ?? []
      return name === undefined || others.length > 0 || there.has(name) ? [] : [[label, name]]
    }),
  )
  const isOneToOne = new Set(names.values()).size === names.size
  if (names.size === 0 || !isOneToOne) return baseline
  const named = (label: string) => names.get(label) ?? label
  return {
    ...baseline,
    labels: baseline.labels.map(named),
    nearestLabel: baseline.nearestLabel.map(named),
    classes: baseline.classes.map((figures) => ({ ...figures, label: named(figures.label) })),
    otherForms: [...names],
  }
}
