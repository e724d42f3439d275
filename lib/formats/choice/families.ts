/** Which columns of one number make the vector: those of one name with a number that counts up. */

import { InputError } from '../../core/errors.ts'
import type { Warning } from '../../core/warning.ts'
import { countOf } from '../../core/words.ts'
import { isDimensionPrefix, isSurePrefix, USUAL_SETTING } from './names.ts'

/** A group of any other name has to have so many columns to be taken unasked, which is told. */
const FEWEST_UNUSUAL = 4
/** Columns that a message names of each family, and families. */
const NAMED = 3

/** Columns of one prefix, numbered from 0 or 1 without a gap. */
interface Family {
  readonly prefix: string
  /** Places in the header, in the order of the numbers. */
  readonly places: readonly number[]
}

export interface VectorColumns {
  /** Of the names, in the order of the dimensions. */
  readonly places: readonly number[]
  readonly warnings: readonly Warning[]
}

/**
 * The vector's columns: of the family that `setting` names, by its prefix or its first column; without
 * a setting the only one with a usual name, else the only one that is long enough, which is told. Families
 * that could as well be meant are an error that names them, and smaller ones of other names a warning.
 * Null where there is neither a family nor a setting.
 *
 * @param where the names stand
 * @param others names of columns that play another part, or none
 */
export function findVectorColumns(
  header: readonly string[],
  setting: string,
  source: string,
  where: string,
  others: ReadonlySet<string>,
): VectorColumns | null {
  const numbered = numberedColumns(header, where)
  const families = [...numbered]
    .flatMap(([prefix, places]) => familyOf(prefix, places) ?? [])
    .map(({ prefix, places }) => ({
      prefix,
      places: places.filter((place) => !others.has(header[place]!)),
    }))
    .filter(({ places }) => places.length > 0)
  if (setting !== USUAL_SETTING) {
    const chosen = families.find((family) => isSet(family, setting, header))
    if (chosen !== undefined) return { places: chosen.places, warnings: [] }
    checkGap(numbered, where, [setting, `${setting}_`])
    throw new InputError({
      code: 'embeddings-missing',
      message: `The manifest says columns.embeddings: ${setting}, and no columns are named ${setting}0, ${setting}1 and so on. ${listFamilies(families, header)}`,
      where,
      hint: 'Put what comes before the number of the vector’s columns into nearmiss.yaml: columns: { embeddings: dim_ }',
    })
  }
  const sure = families.filter(({ prefix }) => isSurePrefix(prefix))
  const usual = families.filter(({ prefix }) => isDimensionPrefix(prefix))
  const isLong = ({ places }: Family) => places.length > 1
  // One column is hardly a vector where there is a longer one.
  const [chosen, ...equals] =
    [
      sure.filter(isLong),
      usual.filter(isLong),
      families.filter(({ places }) => places.length >= FEWEST_UNUSUAL),
      sure,
    ].find((group) => group.length > 0) ?? []
  if (chosen === undefined) {
    checkGap(numbered, where)
    return null
  }
  const isUsual = usual.includes(chosen)
  const rest = families.filter(
    (family) => ![chosen, ...equals].includes(family) && family.places.length > 1,
  )
  const rivals = [...equals, ...rest.filter(({ places }) => places.length >= chosen.places.length)]
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
      rest.length === 0 && isUsual
        ? []
        : [
            {
              code: 'vector-columns-chosen',
              message: `The vectors of ${source} are its ${describe(chosen, header)}${restOf(rest, header)}. If that is wrong, columns.embeddings in nearmiss.yaml says which they are`,
            },
          ],
  }
}

function restOf(rest: readonly Family[], header: readonly string[]): string {
  if (rest.length === 0) return ''
  const shown = rest.slice(0, NAMED).map((family) => describe(family, header))
  return `; ${shown.join(' and ')} are columns like any other`
}

/** What a message tells of the families that there are. */
export function familiesAmong(header: readonly string[]): {
  readonly list: string
  readonly setting: string | null
} {
  const families = [...numberedColumns(header, '')].flatMap(
    ([prefix, places]) => familyOf(prefix, places) ?? [],
  )
  const [first] = families.filter(({ places }) => places.length > 1)
  return { list: listFamilies(families, header), setting: first ? settingOf(first, header) : null }
}

/** Prefix to number to place. Throws where two columns of one prefix have one number, as 1 and 01. */
function numberedColumns(
  header: readonly string[],
  where: string,
): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const found = new Map<string, Map<number, number>>()
  for (const [place, name] of header.entries()) {
    const digits = /\d+$/.exec(name)?.[0] ?? ''
    if (digits === '' || digits.length > 7) continue
    const prefix = name.slice(0, -digits.length)
    const places = found.get(prefix) ?? new Map<number, number>()
    found.set(prefix, places)
    const before = places.get(Number(digits))
    if (before !== undefined && isDimensionPrefix(prefix)) {
      throw new InputError({
        code: 'csv-vector-twice',
        message: `Columns ${before + 1} and ${place + 1}, ${header[before]} and ${name}, have one number.`,
        where,
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

/**
 * Throws for the first family of several columns that doesn't have all that it needs.
 *
 * @param asked prefixes, of which one column is enough; any usual one where it is left out
 */
function checkGap(
  numbered: ReadonlyMap<string, ReadonlyMap<number, number>>,
  where: string,
  asked?: readonly string[],
): void {
  for (const [prefix, places] of numbered) {
    const isAsked = asked?.includes(prefix) ?? (isDimensionPrefix(prefix) && places.size > 1)
    if (!isAsked) continue
    const first = places.has(0) ? 0 : 1
    let missing = first
    while (places.has(missing)) missing += 1
    if (missing - first === places.size) continue
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

function cut(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name
}
