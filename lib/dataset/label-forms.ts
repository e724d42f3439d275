/** Labels as people write them: those that mean that there is none, and one class written in two ways. */

import { type RowsTold, someRows } from '../core/errors.ts'
import { quoted } from '../core/limits.ts'
import type { LabelForm, Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import { isWholeNumber, wholeNumber } from '../core/number-forms.ts'
import type { Pseudonyms } from '../core/pseudonyms.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'

/** What programs write where a value is missing; in any case of letters, without spaces around. */
const MISSING = ['nan', 'none', 'null', 'na', 'n/a', '#n/a', '<na>', 'nat']
/** Of whole numbers that count classes from 0, the one that says that there is none. */
const NO_CLASS = /^-1(?:\.0*)?$/
/** Pairs that a message names. */
const NAMED = 5

/** What a form leaves out of account. */
const FORMS: Readonly<Record<LabelForm, (label: string) => string>> = {
  number: (label) => (isWholeNumber(label.trim()) ? wholeNumber(label.trim()) : label),
  spaces: (label) => label.trim().replace(/\s+/g, ' '),
  case: (label) => label.toLowerCase(),
  unicode: (label) => label.normalize('NFKC'),
}

const FORM_WORDS: Readonly<Record<LabelForm, string>> = {
  number: 'how a number is written',
  spaces: 'spaces',
  case: 'capitals',
  unicode: 'how a character is encoded',
}

export interface CleanLabels {
  /** Of each row; empty where it has none. */
  readonly labels: readonly string[]
  readonly warnings: readonly Warning[]
}

/** A label as a message may hold it: quoted, or by the keyed hash that is published in its place. */
export function shownLabel(pseudonyms: Pseudonyms | null): (label: string) => string {
  return (label) => (pseudonyms === null ? quoted(label) : pseudonyms.of(label))
}

/**
 * Takes out what is no label, and merges forms where the settings ask for it; both are told.
 *
 * @param ids of the rows, as they are published
 * @param pseudonyms stand for the names of classes, once these are clean; null where names are published
 */
export function cleanLabels(
  written: readonly string[],
  ids: readonly string[],
  { labels: settings }: Pick<Manifest, 'labels'>,
  pseudonyms: Pseudonyms | null = null,
): CleanLabels {
  const telling: Telling = { ids, pseudonyms, warnings: [] }
  const labelled = withoutMissing(written, settings?.unlabelled ?? null, telling)
  const whole = asWholeNumbers(labelled, telling)
  const labels = merged(whole, settings?.normalise ?? [], telling)
  const { warnings } = telling
  if (pseudonyms === null) return { labels, warnings }
  const names = pseudonymOfEach(labels, pseudonyms)
  return { labels: labels.map((label) => names.get(label)!), warnings }
}

/** What a check says, and what it may say of rows and labels. */
interface Telling {
  readonly ids: readonly string[]
  readonly pseudonyms: Pseudonyms | null
  readonly warnings: Warning[]
}

/** Of a number in any form one hash, as runs are compared, unless two classes of the run would be one. */
function pseudonymOfEach(
  labels: readonly string[],
  { of }: Pseudonyms,
): ReadonlyMap<string, string> {
  const classes = [...new Set(labels)]
  const plainOf = (label: string) => (isWholeNumber(label) ? wholeNumber(label) : label)
  const counts = new Map<string, number>()
  for (const label of classes) counts.set(plainOf(label), (counts.get(plainOf(label)) ?? 0) + 1)
  return new Map(
    classes.map((label) => [label, of(counts.get(plainOf(label)) === 1 ? plainOf(label) : label)]),
  )
}

function withoutMissing(
  labels: readonly string[],
  unlabelled: readonly string[] | null,
  { ids, pseudonyms, warnings }: Telling,
): readonly string[] {
  const counts = countsOf(labels)
  const isMissing =
    unlabelled === null ? usuallyMissing(counts) : (label: string) => unlabelled.includes(label)
  const missing = [...counts]
    .filter(([label]) => isMissing(label))
    .sort(([a], [b]) => compareText(a, b))
  if (missing.length === 0) return labels
  const total = missing.reduce((sum, [, count]) => sum + count, 0)
  // The usual words say nothing of the rows; those of the settings may be entries that are hashed.
  const mayQuote = pseudonyms === null || unlabelled === null
  const each = missing
    .slice(0, NAMED)
    .map(([label, count]) => `${JSON.stringify(label)} in ${count}`)
    .join(', ')
  const more = missing.length > NAMED ? ` and ${missing.length - NAMED} more` : ''
  const words = mayQuote ? ` (${each}${more})` : ''
  const one = missing.length === 1
  const gone = new Set(missing.map(([label]) => label))
  warnings.push({
    code: 'labels-missing-words',
    message: `${countOf(total, 'row')} ${total === 1 ? 'has' : 'have'} a label that says that there is none${words} and ${total === 1 ? 'is' : 'are'} set aside. ${
      unlabelled === null
        ? `If ${one ? 'that is a class' : 'one of them is a class'}, say in nearmiss.yaml which words are none: labels: { unlabelled: [] }`
        : 'The settings name these words'
    }`,
    ...someRows(ids.filter((_, row) => gone.has(labels[row]!))),
  })
  return labels.map((label) => (gone.has(label) ? '' : label))
}

/** Whether a label by itself says that there is none. */
export function noLabel({
  labels: settings,
}: Pick<Manifest, 'labels'>): (label: string) => boolean {
  const words = settings?.unlabelled
  return (label) =>
    words === undefined ? MISSING.includes(label.trim().toLowerCase()) : words.includes(label)
}

/** A label of -1 is none where all others are whole numbers from 0 on. */
function usuallyMissing(counts: ReadonlyMap<string, number>): (label: string) => boolean {
  const isWord = noLabel({})
  const others = [...counts.keys()].filter(
    (label) => !isWord(label) && !NO_CLASS.test(label.trim()),
  )
  const areNumbers =
    others.length > 1 && others.every((label) => isWholeNumber(label.trim()) && Number(label) >= 0)
  return (label) => isWord(label) || (areNumbers && NO_CLASS.test(label.trim()))
}

/**
 * Whole numbers that a column of floats wrote as `3.0` are called `3`, as the next run may call them,
 * where all labels are such and no two become one.
 */
function asWholeNumbers(
  labels: readonly string[],
  { pseudonyms, warnings }: Telling,
): readonly string[] {
  const classes = [...new Set(labels)].filter((label) => label !== '')
  const hasFraction = classes.some((label) => label.includes('.'))
  if (!hasFraction || !classes.every((label) => isWholeNumber(label))) return labels
  const names = new Map(classes.map((label) => [label, wholeNumber(label)]))
  if (new Set(names.values()).size < classes.length) return labels
  const [example] = classes.filter((label) => label.includes('.'))
  warnings.push({
    code: 'labels-whole-numbers',
    message: `The labels are whole numbers written with a fraction: ${
      pseudonyms === null
        ? `${JSON.stringify(example)} is called ${names.get(example!)}, and so are the others`
        : 'they are hashed without it'
    }, so that runs can be compared whichever way they were written`,
  })
  return labels.map((label) => names.get(label) ?? label)
}

function merged(
  labels: readonly string[],
  forms: readonly LabelForm[],
  { ids, pseudonyms, warnings }: Telling,
): readonly string[] {
  const counts = countsOf(labels)
  const names = new Map<string, string>()
  const groups = groupsOf(counts, forms)
  for (const group of groups) for (const label of group) names.set(label, group[0]!)
  if (groups.length > 0) {
    warnings.push({
      code: 'labels-merged',
      message: `${countOf(groups.length, 'class', 'classes')} ${groups.length === 1 ? 'was' : 'were'} written in several ways and ${groups.length === 1 ? 'is' : 'are'} merged, as the settings say${pseudonyms === null ? `: ${listGroups(groups, counts)}` : ''}`,
      ...rowsOf(groups, labels, ids),
    })
  }
  const left = new Map([...counts].filter(([label]) => (names.get(label) ?? label) === label))
  const rest = (Object.keys(FORMS) as LabelForm[]).filter((form) => !forms.includes(form))
  const alike = groupsOf(left, rest)
  if (alike.length > 0) {
    const needed = formsNeeded(alike, rest)
    const differ = needed.map((form) => FORM_WORDS[form]).join(' or ')
    warnings.push({
      code: 'labels-alike',
      message: `${countOf(alike.length, 'group')} of classes differ only in ${differ}: ${listGroups(alike, counts, pseudonyms)}. They are evaluated as classes of their own; if they are one, say so in nearmiss.yaml: labels: { normalise: [${needed.join(', ')}] }`,
      headline: `${countOf(alike.length, 'group')} of classes differ only in ${differ}, and count as different`,
      ...rowsOf(alike, labels, ids),
    })
  }
  return names.size === 0 ? labels : labels.map((label) => names.get(label) ?? label)
}

/** Groups of two classes or more that are one without these forms, the one of most rows first. */
function groupsOf(
  counts: ReadonlyMap<string, number>,
  forms: readonly LabelForm[],
): readonly (readonly string[])[] {
  const groups = new Map<string, string[]>()
  for (const label of counts.keys()) {
    const key = plain(label, forms)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [label])
    else group.push(label)
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.sort((a, b) => counts.get(b)! - counts.get(a)! || compareText(a, b)))
    .sort(([a], [b]) => compareText(a!, b!))
}

function plain(label: string, forms: readonly LabelForm[]): string {
  return forms.reduce((text, form) => FORMS[form](text), label)
}

/** Those without which one of the groups would fall apart. */
function formsNeeded(
  groups: readonly (readonly string[])[],
  forms: readonly LabelForm[],
): readonly LabelForm[] {
  return forms.filter((form) => {
    const others = forms.filter((other) => other !== form)
    return groups.some((group) => new Set(group.map((label) => plain(label, others))).size > 1)
  })
}

/** Those that would have another label if each group were one class: all but the rows of its usual form. */
function rowsOf(
  groups: readonly (readonly string[])[],
  labels: readonly string[],
  ids: readonly string[],
): RowsTold {
  const others = new Set(groups.flatMap((group) => group.slice(1)))
  return someRows(ids.filter((_, row) => others.has(labels[row]!)))
}

function listGroups(
  groups: readonly (readonly string[])[],
  counts: ReadonlyMap<string, number>,
  pseudonyms: Pseudonyms | null = null,
): string {
  const shownAs = shownLabel(pseudonyms)
  const shown = groups.slice(0, NAMED).map((group) =>
    group
      .slice(0, NAMED)
      .map((label) => `${shownAs(label)} (${counts.get(label)})`)
      .join(' and '),
  )
  const more = groups.length > NAMED ? ` and ${groups.length - NAMED} more` : ''
  return `${shown.join('; ')}${more}`
}

function countsOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const label of labels) {
    if (label !== '') counts.set(label, (counts.get(label) ?? 0) + 1)
  }
  return counts
}
