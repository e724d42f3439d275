/** Which columns of a CSV make the vector: a prefix and a number that counts up. */

import { InputError } from '../core/errors.ts'

/** In the order in which they are looked for; the first that any column has is taken. */
const PREFIXES = ['embedding_', 'embedding', 'emb_', 'emb', 'dim_', 'dim', 'e_', 'e', ''] as const

/**
 * Places of the vector's columns in the order of their numbers, which run from 0 or 1 without a gap:
 * `embedding_0…`, `emb_0…`, `dim_0…`, `e0…` or plain `0…`, with or without the underscore.
 * Throws `InputError` where there are none or one is missing.
 */
export function findVectorColumns(header: readonly string[], source: string): readonly number[] {
  for (const prefix of PREFIXES) {
    const places = new Map<number, number>()
    header.forEach((name, place) => {
      const digits = name.startsWith(prefix) ? name.slice(prefix.length) : ''
      if (/^\d{1,7}$/.test(digits)) places.set(Number(digits), place)
    })
    if (places.size > 0) return inOrder(places, prefix, source)
  }
  throw new InputError({
    code: 'embeddings-missing',
    message: `0 of the ${header.length} columns are named as a vector's: ${header.slice(0, 10).join(', ')}${header.length > 10 ? ', …' : ''}.`,
    where: `${source}, line 1`,
    hint: 'Name the vector columns embedding_0, embedding_1 and so on; or call the file labels.csv or metadata.csv if it holds no vectors.',
  })
}

function inOrder(
  places: ReadonlyMap<number, number>,
  prefix: string,
  source: string,
): readonly number[] {
  const first = places.has(0) ? 0 : 1
  return Array.from({ length: places.size }, (_, index) => {
    const place = places.get(first + index)
    if (place === undefined) {
      throw new InputError({
        code: 'csv-vector-gap',
        message: `${places.size} columns are named ${prefix}NUMBER, and ${prefix}${first + index} is not among them.`,
        where: `${source}, line 1`,
        hint: `Number them from 0 or 1 without a gap: ${prefix}0 to ${prefix}${places.size - 1}.`,
      })
    }
    return place
  })
}
