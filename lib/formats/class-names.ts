/** Names of classes that Hugging Face's `datasets` keeps in a Parquet or Arrow file, beside columns of their numbers. */

import { shortName } from '../core/limits.ts'
import type { Warning } from '../core/warning.ts'

/** Key of the schema's metadata. */
export const FEATURES_KEY = 'huggingface'
/** What `datasets` writes where there is no label. */
const UNLABELLED = -1
const SHOWN = 3

/** Of each column of type `ClassLabel`, by its name: the names of the numbers from 0 on. */
export type ClassNames = ReadonlyMap<string, readonly string[]>

/** @param features what stands under `huggingface`; other programs may write anything there */
export function classNamesOf(features: string | null | undefined): ClassNames {
  const all = new Map<string, readonly string[]>()
  for (const [name, feature] of entriesOf(childOf(childOf(parsed(features), 'info'), 'features'))) {
    const names: unknown = childOf(feature, 'names')
    if (childOf(feature, '_type') !== 'ClassLabel' || !Array.isArray(names)) continue
    if (names.every((one): one is string => typeof one === 'string')) all.set(name, names)
  }
  return all
}

/** The entries of one column as names. */
export class NamedClasses {
  readonly #names: readonly string[]
  #nameless = 0
  #first: unknown = null

  constructor(names: readonly string[]) {
    this.#names = names
  }

  /** The name of a number; a number that has none stays as it is. */
  nameOf(entry: unknown): unknown {
    if (entry == null) return entry
    const name = this.#names[Number(entry)]
    if (name === undefined && Number(entry) !== UNLABELLED) {
      if (this.#nameless === 0) this.#first = entry
      this.#nameless += 1
    }
    return name ?? entry
  }

  /** Once all entries were named. */
  warnings(column: string, source: string): readonly Warning[] {
    const names = this.#names
    const shown = names.slice(0, SHOWN).map((name, at) => `${at} is ${shortName(name)}`)
    const more = names.length > SHOWN ? ', …' : ''
    const told: Warning = {
      code: 'class-names',
      message: `The numbers of column ${shortName(column)} of ${source} are read as the ${names.length} class names that Hugging Face’s datasets noted in the file: ${shown.join(', ')}${more}`,
    }
    if (this.#nameless === 0) return [told]
    const rows = `${this.#nameless} ${this.#nameless === 1 ? 'entry' : 'entries'}`
    return [
      told,
      {
        code: 'class-nameless',
        message: `${rows} of column ${shortName(column)} of ${source} hold a number without a name, the first one ${shortName(String(this.#first))}: the file notes names of 0 to ${names.length - 1}. They stay numbers`,
      },
    ]
  }
}

function parsed(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}

function childOf(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1]
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
