/** What fields are called beside the vectors that were chosen: `y_train` is the `y` of `X_train`. */

import type { ColumnNames } from '../../core/manifest.ts'
import { isNamed } from '../../core/table.ts'
import { isUsualId, isUsualLabel, isVectorName, VECTOR_NAMES } from '../../core/usual-names.ts'
import type { Field } from '../contents.ts'

import { sidedName, sideWord, withoutWord } from './pairs.ts'
import type { VectorChoice } from './vectors.ts'

/**
 * A name for each field, its own where nothing else is meant. Of queries and gallery in one file, fields of
 * both sides get one name. What the settings name keeps that name.
 */
export function calledNames(
  fields: readonly Field[],
  choice: VectorChoice | null,
  noun: 'array' | 'column',
  settings: ColumnNames,
): readonly string[] {
  const own = fields.map(({ name }) => name)
  const stemOf = stemsOf(fields, choice, noun)
  if (stemOf === null) return own
  const wanted = [settings.label, settings.id, settings.group, settings.image, settings.time]
  const called = own.map((name): string => {
    const stem = stemOf(name)
    if (!stem) return name
    if (choice?.gallery == null) return wanted.some((one) => isNamed(name, one)) ? name : stem
    // One side's name in the settings stands for both.
    return wanted.find((one) => stemOf(one) === stem) ?? stem
  })
  const sideOf = (name: string) =>
    choice?.gallery == null ? '' : (sidedName(name, choice.gallery.roles)?.side ?? '')
  return called.map((name, at) => {
    // Of two columns of one name the second one would be lost.
    const isTaken = own.some((other, place) => {
      const isOfOther = sideOf(other) !== '' && sideOf(other) !== sideOf(own[at]!)
      return place !== at && called[place] === name && !isOfOther
    })
    return isTaken ? own[at]! : name
  })
}

/** The rest of a name without what says that it belongs to the vectors; null where nothing does. */
function stemsOf(
  fields: readonly Field[],
  choice: VectorChoice | null,
  noun: 'array' | 'column',
): ((name: string) => string | null) | null {
  if (choice?.gallery != null) {
    const { roles } = choice.gallery
    return (name) => sidedName(name, roles)?.stem ?? null
  }
  const [only, ...more] = choice?.vectors ?? []
  if (only === undefined || more.length > 0) return null
  const { name } = fields[only]!
  const word = sideWord(name)
  if (word !== null) return (one) => withoutWord(one, word)
  // Columns of a table share their rows, and what one of them is called after may be another model's.
  const shared = noun === 'array' ? beyondVectorName(name) : null
  if (shared === null) return null
  return (one) => {
    const stem = withoutWord(one, shared.toLowerCase())
    return stem !== null && (isUsualLabel(stem) || isUsualId(stem)) ? stem : null
  }
}

/** `clip` of `clip_embeddings` and of `X_clip`; null where the name is no such. */
function beyondVectorName(name: string): string | null {
  if (isVectorName(name)) return null
  return VECTOR_NAMES.map((word) => withoutWord(name, word)).find((rest) => rest) ?? null
}
