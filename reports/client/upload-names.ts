/** Names for what is dropped on a page: the files as an upload calls them, the project and the run. */

import {
  extensionOf,
  formatNamed,
  formatRecord,
  innerName,
  isLooseName,
  isReadName,
  partNamed,
  READ_EXTENSIONS,
} from '../../lib/core/format-of.ts'

/** Settings may come as JSON, and are no data. */
const SETTINGS = /^nearmiss\./i

/** What the picker of files offers first: what an upload can be made of. */
export const PICKED = [
  ...READ_EXTENSIONS,
  ...['.gz', '.zst'],
  ...['.yaml', '.yml', '.json', '.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif'],
].join(',')

/**
 * Names of the files in the upload. The one that must hold the vectors becomes `embeddings.…`, where
 * none is called so already; the others keep theirs. Where none can be read, one that can't is sent
 * all the same: the page of its run says what to do.
 *
 * @example uploadNames(['nca-32.npz', 'metadata.csv']) // ['embeddings.npz', 'metadata.csv']
 */
export function uploadNames(names: readonly string[]): string[] {
  if (names.some((name) => partNamed(name) === 'vectors')) return [...names]
  const free = names.filter((name) => partNamed(name) === null && !SETTINGS.test(name))
  const data = free.filter((name) => formatNamed(name) !== null && !isLooseName(name))
  const read = data.filter(isReadName)
  // Text is more often the labels or the metadata of what lies beside it.
  const vectors = read.find((name) => !isTextName(name)) ?? read[0] ?? data[0]
  return names.map((name) => (name === vectors ? `embeddings${extensionOf(name)}` : name))
}

function isTextName(name: string): boolean {
  const id = formatNamed(innerName(name))
  return id !== null && formatRecord(id).matches === null
}

/**
 * What the panel proposes: the project of the page that is open, and a run named after the file, or
 * after the time where the file's name says nothing.
 *
 * @example suggestedNames(['nca-32.npz'], '/digits/index.html', now) // { project: 'digits', run: 'nca-32' }
 */
export function suggestedNames(
  names: readonly string[],
  path: string,
  now: Date,
): { readonly project: string; readonly run: string } {
  const [first = ''] = path.split('/').filter((part) => part !== '')
  const vectors = names[uploadNames(names).findIndex((name) => partNamed(name) === 'vectors')]
  const plain = (vectors ?? '')
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128)
  const time = now.toISOString().slice(0, 16).replace(/[T:]/g, '-')
  return {
    project: /\.html$/.test(first) || first === '' ? 'embeddings' : first,
    run: plain === '' || plain === 'embeddings' ? `run-${time}` : plain,
  }
}
