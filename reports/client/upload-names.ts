/** Names for what is dropped on a page: the files as an upload calls them, the project and the run. */

const VECTORS = /\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|arrow|feather|safetensors)$/i
const BESIDE = /^(labels|metadata|nearmiss|sprite)\b/i

/**
 * Names of the files in the upload. The one that must hold the vectors becomes `embeddings.…`, where
 * none is called so already; the others keep theirs.
 *
 * @example uploadNames(['nca-32.npz', 'metadata.csv']) // ['embeddings.npz', 'metadata.csv']
 */
export function uploadNames(names: readonly string[]): string[] {
  if (names.some((name) => name.startsWith('embeddings.'))) return [...names]
  const candidates = names.filter((name) => VECTORS.test(name) && !BESIDE.test(name))
  const binary = candidates.filter((name) => !/\.(csv|tsv|jsonl|ndjson)$/i.test(name))
  const vectors = binary[0] ?? candidates[0]
  return names.map((name) =>
    name === vectors ? `embeddings${name.slice(name.lastIndexOf('.')).toLowerCase()}` : name,
  )
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
  const vectors = names[uploadNames(names).findIndex((name) => name.startsWith('embeddings.'))]
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
