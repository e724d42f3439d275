/** Queries and gallery in one file, by names such as `X_train` and `X_test`. */

import type { Field } from '../contents.ts'

/** The word of each side in the names of fields. */
const QUERY_WORDS = [
  'query',
  'queries',
  'test',
  'tst',
  'te',
  'val',
  'valid',
  'validation',
  'dev',
  'probe',
]
const GALLERY_WORDS = [
  'gallery',
  'train',
  'training',
  'trn',
  'tr',
  'reference',
  'ref',
  'database',
  'db',
  'corpus',
  'index',
  'base',
]

export interface RoleName {
  readonly query: string
  readonly gallery: string
}

export interface RolePair {
  /** Places of the fields. */
  readonly queries: number
  readonly gallery: number
  readonly roles: RoleName
}

/**
 * The two fields of vectors that are queries and gallery; null unless there are exactly two, of one name
 * but for such a word, and of the same dimensions.
 */
export function rolePairs(
  fields: readonly Field[],
  candidates: readonly number[],
): RolePair | null {
  if (candidates.length !== 2) return null
  const sides = candidates.map((place) => ({ place, ...sideOf(fields[place]!.name) }))
  const [queries, gallery] = [
    sides.find(({ side }) => side === 'query'),
    sides.find(({ side }) => side === 'gallery'),
  ]
  if (!queries?.word || !gallery?.word || queries.stem !== gallery.stem) return null
  if (fields[queries.place]!.shape[1] !== fields[gallery.place]!.shape[1]) return null
  return {
    queries: queries.place,
    gallery: gallery.place,
    roles: { query: queries.word, gallery: gallery.word },
  }
}

/** What a column is called without the word, and on which side it is; null where it has neither word. */
export function sidedName(
  name: string,
  roles: RoleName,
): { readonly side: 'query' | 'gallery'; readonly stem: string } | null {
  for (const side of ['query', 'gallery'] as const) {
    const stem = withoutWord(name, roles[side])
    if (stem !== null) return { side, stem }
  }
  return null
}

/** `train` of `X_train` and of `train`; null where the name has no such word. */
export function sideWord(name: string): string | null {
  return sideOf(name).word || null
}

/** `y` of `y_train`; the name itself where it has no such word. */
export function withoutSide(name: string): string {
  return sideOf(name).stem || name
}

function sideOf(name: string): { side: 'query' | 'gallery' | null; word: string; stem: string } {
  for (const [side, words] of [
    ['query', QUERY_WORDS],
    ['gallery', GALLERY_WORDS],
  ] as const) {
    for (const word of words) {
      const stem = withoutWord(name, word)
      if (stem !== null) return { side, word, stem }
    }
  }
  return { side: null, word: '', stem: name }
}

/**
 * `X` of `X_test`, `test_X`, `Xtest` and `testX`; empty of `test` alone; null where the name has no such word
 * at an end.
 */
export function withoutWord(name: string, word: string): string | null {
  const lower = name.toLowerCase()
  if (lower === word) return ''
  for (const mark of ['_', '-', '.', '/']) {
    if (lower.endsWith(mark + word)) return name.slice(0, -word.length - 1)
    if (lower.startsWith(word + mark)) return name.slice(word.length + 1)
  }
  const [before, behind] = [name.slice(0, -word.length), name.slice(word.length)]
  // `yTest` and `labelsTest`, not `latest`.
  const isOwnWord = /[a-z]$/.test(before) && /^[A-Z]/.test(name.slice(before.length))
  if (lower.endsWith(word) && (/^[xy]$/i.test(before) || isOwnWord)) return before
  const isWordBehind = /^[xy]$/i.test(behind) || /^[A-Z][a-z]/.test(behind)
  return lower.startsWith(word) && isWordBehind ? behind : null
}
