/** The picture of each row: a column's entry, or the manifest's template filled in. */

import type { Issue } from '../core/errors.ts'
import { wellFormed } from '../core/escape.ts'
import { type Manifest, ownRule } from '../core/manifest.ts'
import { IMAGE_ADDRESS_PATTERN, pictureHost } from '../core/names.ts'
import { keyProblem } from '../core/object-key.ts'
import type { Column } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { listed, textAt } from './columns.ts'
import { hidesIds, type PublishedColumns } from './privacy.ts'

/** Of the rows that are evaluated, one entry each. */
export interface PicturedRows {
  readonly uploaded: readonly Column[]
  readonly published: PublishedColumns
  readonly ids: readonly string[]
  /** Null where none were uploaded. */
  readonly plainIds: readonly string[] | null
  readonly labels: readonly string[]
  /** Places in the upload, by which messages name rows whose names are hidden. */
  readonly sourceRows: Int32Array
}

export interface Images {
  /** Null where rows have no pictures. */
  readonly images: readonly string[] | null
  readonly warnings: readonly Warning[]
  /** Whether what the pictures are called isn't published. */
  readonly hidden: boolean
}

/**
 * The picture of each row. A path beside the upload is made of what was uploaded, since it is published
 * under another name; an https address only of what is published.
 */
export function rowImages(
  rows: PicturedRows,
  manifest: Manifest,
): Images | { readonly issues: readonly Issue[] } {
  const { columns, images } = manifest
  const none = { images: null, warnings: [], hidden: false }
  const template =
    images === null ? `{${columns.image}}` : 'template' in images ? images.template : null
  if (template === null) return none
  const names = ['id', 'label', ...rows.uploaded.map(({ name }) => name)]
  if (images === null) {
    const rule = ownRule(manifest.privacy.columns, columns.image)
    if (!names.includes(columns.image) || rule === 'drop') return none
  }
  const issues = templateIssues(template, names)
  if (issues.length > 0) return { issues }
  const isAddress = template.startsWith('https://')
  const withheld = namesIn(template).filter(
    (name) =>
      rows.published.hidden.has(name) &&
      !rows.published.columns.some((column) => column.name === name),
  )
  if (isAddress && withheld.length > 0) {
    const warning: Warning = {
      code: 'image-refused',
      message: `All pictures are left out, since their addresses hold what is not published: ${listed(withheld)}`,
    }
    return { ...none, warnings: [warning] }
  }
  const columnOf = new Map(
    [...rows.uploaded, ...(isAddress ? rows.published.columns : [])].map((column) => [
      column.name,
      column,
    ]),
  )
  const ids = isAddress ? rows.ids : (rows.plainIds ?? rows.ids)
  const text = (name: string, row: number) => {
    if (name === 'id') return ids[row]!
    if (name === 'label') return rows.labels[row]!
    return textAt(columnOf.get(name)!, row)
  }
  const hidden =
    (rows.plainIds !== null && hidesIds(manifest)) ||
    namesIn(template).some((name) => rows.published.hidden.has(name))
  const filled = (row: number) =>
    images === null ? text(columns.image, row) : fillTemplate(template, row, { names, text })
  const checked = checkedImages(rows.sourceRows, filled, hidden)
  return { ...withoutIds(checked, rows, manifest), hidden }
}

/** Shorter ones are in any address by chance. */
const SHORTEST_ID = 4

/** Pictures whose address on another server holds an id that is hashed everywhere else are left out. */
function withoutIds(
  { images, warnings }: Omit<Images, 'hidden'>,
  { plainIds }: PicturedRows,
  manifest: Manifest,
): Omit<Images, 'hidden'> {
  if (images === null || plainIds === null || !hidesIds(manifest)) return { images, warnings }
  const tells = images.map(
    (address, row) =>
      address.startsWith('https://') &&
      plainIds[row]!.length >= SHORTEST_ID &&
      (address.includes(plainIds[row]!) ||
        address.includes(encodeURIComponent(wellFormed(plainIds[row]!)))),
  )
  const count = tells.filter(Boolean).length
  if (count === 0) return { images, warnings }
  return {
    images: images.map((address, row) => (tells[row] ? '' : address)),
    warnings: [
      ...warnings,
      {
        code: 'image-refused',
        message: `${count} pictures are left out, since their addresses hold the rows' ids, which privacy.ids hashes`,
      },
    ],
  }
}

function namesIn(template: string): string[] {
  return [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name]) => name!)
}

export interface RowTexts {
  /** Names that a template may hold in braces. */
  readonly names: readonly string[]
  text(name: string, row: number): string
}

/** Names in a template's braces that are no column. */
export function templateIssues(template: string, names: readonly string[]): readonly Issue[] {
  const unknown = namesIn(template).filter((name) => !names.includes(name))
  if (unknown.length === 0) return []
  return [
    {
      code: 'image-template',
      message: `The images' template ${JSON.stringify(template)} names ${listed(unknown)}; the columns are ${listed(names)}.`,
      where: 'nearmiss.yaml, images',
      hint: 'Put a column of the upload into the braces, for example {id}.',
    },
  ]
}

/** Values are URL-encoded in an address, and written as they are in a key beside the upload. */
export function fillTemplate(template: string, row: number, texts: RowTexts): string {
  const isAddress = template.startsWith('https://')
  return template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const text = texts.text(name, row)
    return isAddress ? encodeURIComponent(wellFormed(text)) : text
  })
}

/** What browsers and stores take; a longer one is no picture, and pages would grow with it. */
const LONGEST_ADDRESS = 2000

/**
 * Addresses that a page may hold, the others emptied and counted. Each is made when it is looked at, so
 * that those that are too long are never there together.
 *
 * @param sourceRows the rows' places in the upload, by which a refused one is named where its own name is hidden
 */
export function checkedImages(
  sourceRows: Int32Array,
  addressOf: (row: number) => string,
  hidden: boolean,
): {
  readonly images: readonly string[]
  readonly warnings: readonly Warning[]
} {
  const refused: string[] = []
  const images = Array.from(sourceRows, (sourceRow, row) => {
    const address = addressOf(row)
    if (address === '') return ''
    const place = address.replace(/^(?:\.\/)+/, '')
    if (isPlace(place)) return place
    refused.push(hidden ? `row ${sourceRow}` : address.slice(0, 200))
    return ''
  })
  const warnings: readonly Warning[] =
    refused.length === 0
      ? []
      : [
          {
            code: 'image-refused',
            message: `${refused.length} pictures are left out, since they are neither https addresses nor paths beside the upload, of up to ${LONGEST_ADDRESS} characters: ${listed(refused)}`,
          },
        ]
  return { images, warnings }
}

/** Whether a page or a store may be asked for it. */
function isPlace(text: string): boolean {
  if (text.length > LONGEST_ADDRESS || !IMAGE_ADDRESS_PATTERN.test(text)) return false
  return text.startsWith('https://') ? pictureHost(text) !== null : keyProblem(text) === null
}
