/** Which columns of a CSV make the vector: those of one name with a number that counts up. */

import { InputError } from '../core/errors.ts'
import type { Warning } from '../core/warning.ts'
import { countOf } from '../core/words.ts'

/** Names that say by themselves that a vector follows; with any other it takes the setting. */
const USUAL = ['embeddings', 'embedding', 'emb', 'dim', 'e', ''].flatMap((name) =>
  name === '' ? [name] : [`${name}_`, name],
)
/** As the manifest calls the vectors where it says nothing. */
export const USUAL_SETTING = 'embeddings'
/** Columns that a message names of each family, and families. */
const NAMED = 3

/** Columns of one prefix, numbered from 0 or 1 without a gap. */
interface Family {
  readonly prefix: string
  /** Places in the header, in the order of the numbers. */
  readonly places: readonly number[]
}

export interface VectorColumns {
  readonly places: readonly number[]
  readonly warnings: readonly Warning[]
}

/**
 * The vector's columns: of the family that `setting` names, by its prefix or its first column; without
 * a setting the only one with a usual name. Families that could as well be meant are an error that names
 * them, and smaller ones of other names a warning.
 */
export function findVectorColumns(
  header: readonly string[],
  setting: string,
  source: string,
): VectorColumns {
  const numbered = numberedColumns(header, source)
  const families = [...numbered].flatMap(([prefix, places]) => familyOf(prefix, places) ?? [])
  const where = `${source}, line 1`
  if (setting !== USUAL_SETTING) {
    const chosen = families.find((family) => isSet(family, setting, header))
    if (chosen !== undefined) return { places: chosen.places, warnings: [] }
    checkGap(numbered, [setting, `${setting}_`], where)
    throw new InputError({
      code: 'embeddings-missing',
      message: `The manifest says columns.embeddings: ${setting}, and no columns are named ${setting}0, ${setting}1 and so on. ${listFamilies(families, header)}`,
      where,
      hint: 'Put what comes before the number of the vector’s columns into nearmiss.yaml: columns: { embeddings: dim_ }.',
    })
  }
  const usual = families.filter(({ prefix }) => USUAL.includes(prefix))
  // One column is hardly a vector where there is a longer one.
  const long = usual.filter(({ places }) => places.length > 1)
  const [chosen, ...others] = long.length > 0 ? long : usual
  if (chosen === undefined) {
    checkGap(numbered, USUAL, where)
    const [group] = families.filter(({ places }) => places.length > 1)
    throw new InputError({
      code: 'embeddings-missing',
      message:
        `0 of the ${header.length} columns are named as a vector's: ${shortList(header)}. ${listFamilies(families, header)}`.trim(),
      where,
      hint: `Name the vector columns embedding_0, embedding_1 and so on${group !== undefined ? `, or say in nearmiss.yaml which they are: columns: { embeddings: ${settingOf(group, header)} }` : ''}; or call the file labels.csv or metadata.csv if it holds no vectors.`,
    })
  }
  const rest = families.filter((family) => !usual.includes(family) && family.places.length > 1)
  const rivals = [...others, ...rest.filter(({ places }) => places.length >= chosen.places.length)]
  if (rivals.length > 0) {
    const all = [chosen, ...rivals]
    throw new InputError({
      code: 'embeddings-ambiguous',
      message: `${all.length} groups of columns could be the vector. ${listFamilies(all, header)}`,
      where,
      hint: `Say in nearmiss.yaml which it is: columns: { embeddings: ${settingOf(all[0]!, header)} } or columns: { embeddings: ${settingOf(all[1]!, header)} }; the others are then columns like any other.`,
    })
  }
  return {
    places: chosen.places,
    warnings:
      rest.length === 0
        ? []
        : [
            {
              code: 'vector-columns-chosen',
              message: `The vectors of ${source} are its ${describe(chosen, header)}; ${rest
                .slice(0, NAMED)
                .map((family) => describe(family, header))
                .join(
                  ' and ',
                )} are columns like any other. If that is wrong, columns.embeddings in nearmiss.yaml says which they are`,
            },
          ],
  }
}

/** Prefix to number to place. Throws where two columns of one prefix have one number, as 1 and 01. */
function numberedColumns(
  header: readonly string[],
  source: string,
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const found = new Map<string, Map<number, number>>()
  for (const [place, name] of header.entries()) {
    const digits = /\d+$/.exec(name)?.[0] ?? ''
    if (digits === '' || digits.length > 7) continue
    const prefix = name.slice(0, -digits.length)
    const places = found.get(prefix) ?? new Map<number, number>()
    found.set(prefix, places)
    const before = places.get(Number(digits))
    if (before !== undefined && USUAL.includes(prefix)) {
      throw new InputError({
        code: 'csv-vector-twice',
        message: `Columns ${before + 1} and ${place + 1}, ${header[before]} and ${name}, have one number.`,
        where: `${source}, line 1`,
        hint: 'Number the vector’s columns from 0 or 1, each once.',
      })
    }
    places.set(Number(digits), place)
  }
  return found
}

/** Null where a number is missing. */
function familyOf(prefix: string, places: ReadonlyMap<number, number>): Family | null {
  const first = places.has(0) ? 0 : 1
  const inOrder = Array.from({ length: places.size }, (_, at) => places.get(first + at))
  return inOrder.every((place) => place !== undefined)
    ? { prefix, places: inOrder as number[] }
    : null
}

/** Throws for the first of these prefixes that has columns, but not all that it needs. */
function checkGap(
  numbered: ReadonlyMap<string, ReadonlyMap<number, number>>,
  prefixes: readonly string[],
  where: string,
): void {
  for (const prefix of prefixes) {
    const places = numbered.get(prefix)
    if (places === undefined) continue
    const first = places.has(0) ? 0 : 1
    let missing = first
    while (places.has(missing)) missing += 1
    throw new InputError({
      code: 'csv-vector-gap',
      message: `${countOf(places.size, 'column')} ${places.size === 1 ? 'is' : 'are'} named ${prefix}NUMBER, and ${prefix}${missing} is not among them.`,
      where,
      hint: `Number them from 0 or 1 without a gap: ${prefix}0 to ${prefix}${places.size - 1}.`,
    })
  }
}

function isSet({ prefix, places }: Family, setting: string, header: readonly string[]): boolean {
  return prefix === setting || prefix === `${setting}_` || header[places[0]!] === setting
}

/** What to write into the manifest to choose it: plain numbers have no prefix. */
function settingOf({ prefix, places }: Family, header: readonly string[]): string {
  return prefix === '' ? `"${header[places[0]!]}"` : prefix
}

/** `16 columns feature_0 to feature_15`. */
function describe({ places }: Family, header: readonly string[]): string {
  const [first, last] = [header[places[0]!]!, header[places.at(-1)!]!]
  return places.length === 1
    ? `1 column ${cut(first)}`
    : `${places.length} columns ${cut(first)} to ${cut(last)}`
}

function listFamilies(families: readonly Family[], header: readonly string[]): string {
  // One column that ends in a number is in most files, and in each line that is taken for a header.
  const groups = families.filter(({ places }) => places.length > 1)
  if (groups.length === 0) return ''
  const listed = groups.slice(0, NAMED).map((family) => describe(family, header))
  const more = groups.length > NAMED ? `, and ${groups.length - NAMED} more such groups` : ''
  return `There are the ${listed.join(', the ')}${more}.`
}

function shortList(header: readonly string[]): string {
  return `${header
    .slice(0, 10)
    .map((name) => JSON.stringify(cut(name)))
    .join(', ')}${header.length > 10 ? ', …' : ''}`
}

function cut(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name
}
