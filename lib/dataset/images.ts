/** The picture of each row: a column's entry, or the manifest's template filled in. */

import type { Warning } from '../core/dataset.ts'
import type { Issue } from '../core/errors.ts'
import { wellFormed } from '../core/escape.ts'
import { IMAGE_ADDRESS_PATTERN } from '../core/names.ts'
import { keyProblem } from '../core/object-key.ts'
import { listed } from './columns.ts'

export interface RowTexts {
  /** Names that a template may hold in braces. */
  readonly names: readonly string[]
  text(name: string, row: number): string
}

/** Names in a template's braces that are no column. */
export function templateIssues(template: string, names: readonly string[]): readonly Issue[] {
  const unknown = [...template.matchAll(/\{([^{}]*)\}/g)]
    .map(([, name]) => name!)
    .filter((name) => !names.includes(name))
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
 */
export function checkedImages(
  rows: Int32Array,
  addressOf: (row: number) => string,
): {
  readonly images: readonly string[]
  readonly warnings: readonly Warning[]
} {
  const refused: string[] = []
  const images = Array.from(rows, (row) => {
    const address = addressOf(row)
    if (address === '') return ''
    const place = address.replace(/^(?:\.\/)+/, '')
    if (isPlace(place)) return place
    refused.push(address.slice(0, 200))
    return ''
  })
  const warnings =
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
  return text.startsWith('https://') || keyProblem(text) === null
}
