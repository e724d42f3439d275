/** What of the ids and columns is published: as they are, hashed, or not at all. */

import { closest, distance } from 'fastest-levenshtein'
import type { Issue } from '../core/errors.ts'
import { type ColumnRule, type Manifest, ownRule } from '../core/manifest.ts'
import type { Pseudonyms } from '../core/pseudonyms.ts'
import { type Column, isNamed } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { joinWords } from '../core/words.ts'
import { textsOf } from './columns.ts'
import { contactReason, isContact } from './contacts.ts'
import { type RowVectors, vectorColumns } from './vector-columns.ts'

/** Stands for every column that has no rule of its own. */
const OTHERS = '*'
/** Shorter ids are in many entries by chance. */
const SHORTEST_ID = 4
/** Warnings of columns that are left out are as many, and one for those that are left out for others. */
const MOST_REASONS = 8
const OTHER_REASONS = 'each has a reason like those above'
/** Columns that a warning names. */
const NAMED_COLUMNS = 20

/** Whether ids are hashed: by `privacy.ids`, or by a rule for their column. */
export function hidesIds({ privacy, columns }: Manifest): boolean {
  return privacy.ids === 'hashed' || ruleFor(privacy.columns, columns.id) === 'hash'
}

/** Whether anything is hashed, which takes the deployment's key. */
export function takesPseudonyms(manifest: Manifest): boolean {
  return hidesIds(manifest) || Object.values(manifest.privacy.columns).includes('hash')
}

/** Whether a message may hold the column's entries. */
export function mayQuote(name: string, { privacy }: Manifest): boolean {
  return (ownRule(privacy.columns, name) ?? privacy.columns[OTHERS] ?? 'keep') === 'keep'
}

/** The rule for a part's column, whichever of its usual names it has. */
function ruleFor(rules: Manifest['privacy']['columns'], part: string): ColumnRule | undefined {
  return Object.entries(rules).find(([name]) => isNamed(name, part))?.[1]
}

/** Whether classes go by keyed hashes of their names, so that no message may quote one. */
export function hidesLabels(column: Column, { privacy, columns }: Manifest): boolean {
  return (
    (ownRule(privacy.columns, column.name) ?? ruleFor(privacy.columns, columns.label)) === 'hash'
  )
}

function hashed(column: Column, pseudonyms: Pseudonyms): Column {
  return {
    name: column.name,
    type: 'text',
    // An entry of blanks is no label, and no value either.
    values: textsOf(column).map((text) => pseudonyms.of(text.trim() === '' ? '' : text)),
  }
}

export interface PublishedColumns {
  readonly columns: readonly Column[]
  /** Names of those that are not published as they are. */
  readonly hidden: ReadonlySet<string>
  readonly warnings: readonly Warning[]
}

/**
 * The columns besides ids and labels, each under its rule. Those without one that look like contacts, hold
 * vectors, or repeat ids that are hashed, are left out, and a warning says so.
 *
 * @param ids as they were uploaded, one for each entry of the columns; null where the upload has none
 * @param vectors those of the same rows, which no column may repeat
 */
export function publishedColumns(
  columns: readonly Column[],
  ids: readonly string[] | null,
  manifest: Manifest,
  pseudonyms: Pseudonyms | null,
  vectors: RowVectors | null = null,
): PublishedColumns {
  const { privacy, columns: names } = manifest
  const vectorReasons = vectorColumns(columns, vectors)
  const hidden = new Set<string>()
  const withheld = new Map<string, string[]>()
  const published = columns.flatMap((column): Column[] => {
    // Pictures have a setting of their own, and are never a column of the report.
    const isPicture = column.name === names.image
    const rule =
      ownRule(privacy.columns, column.name) ?? (isPicture ? 'keep' : privacy.columns[OTHERS])
    const reason =
      rule === undefined
        ? (vectorReasons.get(column.name) ?? reasonToHide(column, ids, manifest))
        : null
    if (rule === 'keep' || (rule === undefined && reason === null)) return [column]
    hidden.add(column.name)
    if (reason !== null) {
      const known = withheld.has(reason) || withheld.size < MOST_REASONS
      const told = known ? reason : OTHER_REASONS
      withheld.set(told, [...(withheld.get(told) ?? []), column.name])
    }
    return rule === 'hash' ? [hashed(column, pseudonyms!)] : []
  })
  const warnings = [...withheld].map(([reason, of]) => withheldWarning(reason, of, vectorReasons))
  return { columns: published, hidden, warnings }
}

function reasonToHide(
  column: Column,
  ids: readonly string[] | null,
  manifest: Manifest,
): string | null {
  if (ids !== null && hidesIds(manifest) && repeats(column, ids)) {
    return 'its entries repeat the ids, which privacy.ids hashes'
  }
  if (isContact(column.name)) return 'its own name has the form of a contact'
  return contactReason(column)
}

/** Whether at least half of the entries hold their row's id. */
function repeats(column: Column, ids: readonly string[]): boolean {
  const texts = textsOf(column)
  const count = texts.filter(
    (text, row) =>
      text === ids[row] || (ids[row]!.length >= SHORTEST_ID && text.includes(ids[row]!)),
  ).length
  return count > 0 && 2 * count >= texts.length
}

/** A table with a column for each person may call it by an address. */
function shownName(name: string): string {
  return isContact(name) ? '…' : name
}

/** One note for all columns of one reason: of a vector, or a table of contacts, there are many. */
function withheldWarning(
  reason: string,
  names: readonly string[],
  vectorReasons: ReadonlyMap<string, string>,
): Warning {
  const [first] = names
  // The columns of a vector have one name and a number.
  const most = vectorReasons.get(first!) === reason ? 3 : NAMED_COLUMNS
  const one = names.length === 1
  const rule = `{ ${JSON.stringify(shownName(first!))}: keep${one ? '' : ', …'} }`
  return {
    code: 'column-withheld',
    message: `The column${one ? '' : 's'} ${joinWords(names.map(shownName), most)} ${one ? 'is' : 'are'} not published: ${reason}. If ${one ? 'it' : 'they'} may be, write privacy: { columns: ${rule} } in nearmiss.yaml; drop leaves ${one ? 'it' : 'them'} out without this note, hash publishes keyed hashes`,
  }
}

/** Labels and ids are published whatever they look like, but not without a word. */
export function contactWarnings(
  labels: readonly string[],
  ids: readonly string[] | null,
  manifest: Manifest,
): readonly Warning[] {
  const looks = (name: string, values: readonly string[]) =>
    contactReason({ name, type: 'text', values: [...values] })
  const { privacy, columns } = manifest
  const label = ruleFor(privacy.columns, columns.label) === undefined && looks('label', labels)
  const id =
    ids !== null &&
    !hidesIds(manifest) &&
    ruleFor(privacy.columns, columns.id) === undefined &&
    looks('id', ids)
  return [
    ...(label
      ? [
          {
            code: 'labels-look-like-contacts' as const,
            message: `Labels are published, and of the column ${columns.label} ${label}. privacy: { columns: { ${JSON.stringify(columns.label)}: hash } } in nearmiss.yaml publishes keyed hashes in their place; keep ends this note`,
          },
        ]
      : []),
    ...(id
      ? [
          {
            code: 'ids-look-like-contacts' as const,
            message: `Ids are published, and of the column ${columns.id} ${id}. privacy: { ids: hashed } in nearmiss.yaml publishes keyed hashes in their place; privacy: { columns: { ${JSON.stringify(columns.id)}: keep } } ends this note`,
          },
        ]
      : []),
  ]
}

/** Rules that can't be followed, and those for columns that aren't there. */
export function ruleProblems(
  names: readonly string[],
  { privacy, columns }: Manifest,
): { readonly issues: readonly Issue[]; readonly warnings: readonly Warning[] } {
  const issues: Issue[] = []
  const warnings: Warning[] = []
  const where = 'nearmiss.yaml, privacy.columns'
  for (const [name, rule] of Object.entries(privacy.columns)) {
    const part = (['id', 'label'] as const).find((one) => isNamed(name, columns[one]))
    if (part !== undefined && rule === 'drop') {
      issues.push({
        code: 'privacy-column',
        message: `The rule for ${name} is drop, and nothing can be evaluated without ${part === 'id' ? 'telling rows apart' : 'labels'}.`,
        where,
        hint: `Write hash: keyed hashes then take the place of every ${part}.`,
      })
    }
    if (name === columns.image && rule === 'hash') {
      issues.push({
        code: 'privacy-column',
        message: `The rule for ${name} is hash, and it holds pictures' addresses, of which a hash is none.`,
        where,
        hint: 'Write drop, or privacy: { images: none }',
      })
    }
    if (name === OTHERS || rule === 'keep' || names.includes(name) || part !== undefined) continue
    const free = names.filter((other) => ownRule(privacy.columns, other) === undefined)
    const nearest = free.length === 0 ? null : closest(name, free)
    if (
      nearest !== null &&
      distance(name.toLowerCase(), nearest.toLowerCase()) <= (name.length < 5 ? 1 : 2)
    ) {
      issues.push({
        code: 'privacy-column',
        message: `The rule for ${JSON.stringify(name)} is ${rule}, no column has that name, and ${JSON.stringify(nearest)}, which has no rule, would be published.`,
        where,
        hint: `Did you mean ${nearest}? If not, give it a rule of its own: keep.`,
      })
    } else {
      warnings.push({
        code: 'privacy-column-missing',
        message: `privacy.columns has a rule for ${JSON.stringify(name)} (${rule}), and this upload has no column of that name`,
      })
    }
  }
  return { issues, warnings }
}

/**
 * What an error page may hold of a column's name, which is an entry where the header was left out: nothing
 * of a contact, and of numbers the form.
 */
export function publishedName(name: string): string {
  return isContact(name) ? '…' : name.replace(COORDINATE, (number) => number.replace(/\d/g, '#'))
}

/** Codes of issues that quote a file's first line, which holds a row where the header was left out. */
const QUOTES_LINE = new Set([
  'csv-header',
  'csv-delimiter',
  'csv-syntax',
  'embeddings-missing',
  'embeddings-ambiguous',
  'labels-missing',
  'label-column-missing',
])
/** A number that could be a vector's: with a fraction, an exponent or a sign. */
const COORDINATE =
  /\d*[.,]\d+(?:e[+-]?\d+)?|\d+e[+-]?\d+|(?:(?<=\\[nrt])|(?<![\p{L}\p{N}_]))-\d+/giu

/**
 * What an error page may hold of an issue: an entry that slipped into another column, or a row that is taken
 * for the header, and is quoted, may be what isn't published anywhere else. Of numbers the form is left.
 *
 * @param hides whether ids or columns are hashed
 */
export function publishedIssue(issue: Issue, hides: boolean): Issue {
  const isEntry = issue.code === 'csv-number'
  const isLine = QUOTES_LINE.has(issue.code)
  const quoted = (text: string) => {
    if (isContact(text) || (hides && (isEntry || isLine))) return '…'
    if (isEntry || (isLine && !/\p{L}/u.test(text.replace(/\\.|\d[eE][+-]?(?=\d)/g, ''))))
      return text.replace(/\d/g, '#')
    return isLine ? text.replace(COORDINATE, (number) => number.replace(/\d/g, '#')) : text
  }
  const masked = (text: string) =>
    text.replace(/"((?:[^"\\\n]|\\.)*)"/g, (_, inside: string) => `"${quoted(inside)}"`)
  return {
    ...issue,
    message: masked(issue.message),
    where: issue.where.replace(/(?<=, column ).+/su, (name) => (isContact(name) ? '…' : name)),
    ...(issue.rows && { rows: issue.rows.map((id) => (isContact(id) ? '…' : id)) }),
  }
}
