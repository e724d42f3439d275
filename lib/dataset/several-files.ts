/** What is said of several files in the place of one: the line that makes one file of them. */

import type { Issue } from '../core/errors.ts'
import { extensionOf, formatNamed, isReadName, partNamed } from '../core/format-of.ts'
import type { UploadPart } from '../core/formats.ts'
import { shortName } from '../core/limits.ts'
import { joinWords } from '../core/words.ts'

/** Two arrays could as well be two versions of one. */
const FEWEST_SAMPLES = 3

/** Words in the names of arrays that play parts, which no sample is called by. */
const ROLE =
  /(?:^|[_.-])(?:x|y|emb\w*|feat\w*|vec\w*|labels?|targets?|ids?|train|test|val|query|gallery)(?:[_.-]|$)/i

/**
 * Empty where there is at most one.
 *
 * @param candidates files that could be the vectors
 * @param names of all files of the upload
 */
export function severalVectors(
  candidates: readonly string[],
  names: readonly string[],
): readonly Issue[] {
  const samples = sampleFiles(candidates, names)
  if (samples.length > 0) return fileASample(samples)
  const vectors = candidates.filter(isReadName)
  const { length } = vectors
  if (length < 2) return []
  const what = joinWords(vectors.map(shortName), 3)
  const issue = { code: 'upload-ambiguous', where: what } as const
  const made = rolesLine(vectors) ?? partsLine(vectors, names)
  if (made === null) return ambiguous('vectors', vectors)
  return [
    {
      ...issue,
      message: `${length} files could be the vectors${made.as}: ${what}.`,
      hint: `Make one file of them. In Python: ${made.line}`,
    },
  ]
}

export function ambiguous(
  part: UploadPart | 'manifest',
  candidates: readonly string[],
): readonly Issue[] {
  if (candidates.length < 2) return []
  return [
    {
      code: 'upload-ambiguous',
      message: `${candidates.length} files could be the ${part}: ${joinWords(candidates, 5)}.`,
      where: joinWords(candidates, 5),
      hint:
        part === 'vectors'
          ? 'Name one of them embeddings, for example embeddings.npz, and columns labels.csv or metadata.csv; each run has a folder of its own.'
          : 'Keep one of them in the upload.',
    },
  ]
}

interface Made {
  /** What the files seem to be, as a message goes on. */
  readonly as: string
  readonly line: string
}

/** Arrays that are called by what they are: as an npz of them is read. */
function rolesLine(vectors: readonly string[]): Made | null {
  const isArray = (name: string) => /\.npy$/i.test(name)
  if (!vectors.every(isArray) || !vectors.some(hasRole)) return null
  return {
    as: ', or arrays of one upload',
    line: 'import numpy as np, pathlib; np.savez("embeddings.npz", **{p.stem: np.load(p) for p in pathlib.Path().glob("*.npy")})',
  }
}

/** Numbered parts of one table: their names differ in nothing but a number. */
function partsLine(vectors: readonly string[], names: readonly string[]): Made | null {
  const patterns = new Set(vectors.map((name) => name.replace(/\d+/g, '*')))
  const [pattern, ...more] = patterns
  const extension = extensionOf(vectors[0]!)
  if (pattern === undefined || more.length > 0 || !/^[\w*. -]+$/.test(pattern)) return null
  // In the order of their numbers: labels beside them may go by row.
  const files = `sorted(pathlib.Path().glob("${pattern}"), key=lambda p: (len(p.name), p.name))`
  const all = (load: string) =>
    `import pandas as pd, pathlib; pd.concat([${load} for p in ${files}])`
  const isDataset = names.includes('state.json') || names.includes('dataset_info.json')
  const line =
    extension === '.arrow' && isDataset
      ? 'import datasets; datasets.load_from_disk(".").to_parquet("embeddings.parquet")'
      : extension === '.parquet' || extension === '.pq'
        ? `${all('pd.read_parquet(p)')}.to_parquet("embeddings.parquet", index=False)`
        : extension === '.feather' || extension === '.arrow'
          ? `${all('pd.read_feather(p)')}.reset_index(drop=True).to_feather("embeddings.feather")`
          : extension === '.csv' || extension === '.tsv'
            ? `${all(`pd.read_csv(p, sep=${extension === '.tsv' ? String.raw`"\t"` : '","'}, dtype=str, keep_default_na=False)`)}.to_csv("embeddings.csv", index=False)`
            : extension === '.jsonl' || extension === '.ndjson'
              ? `import pathlib; pathlib.Path("embeddings.jsonl").write_bytes(b"\\n".join(p.read_bytes().rstrip() for p in ${files}))`
              : null
  return line === null ? null : { as: ', or parts of one table', line }
}

function hasRole(name: string): boolean {
  return ROLE.test(name.replace(/\.npy$/i, ''))
}

/** Arrays that are a row each, right in the upload or in a folder for each class; empty where they are no such. */
function sampleFiles(vectors: readonly string[], names: readonly string[]): readonly string[] {
  const isArray = (name: string) => formatNamed(name) === 'npy'
  const nested = names.filter((name) => name.includes('/') && isArray(name))
  const arrays = vectors.length === 0 ? nested : vectors.every(isArray) ? vectors : []
  if (arrays.some(hasRole)) return []
  return arrays.length >= FEWEST_SAMPLES && partNamed(arrays[0]!) === null ? arrays : []
}

/** However many files there are, the message is short, and its line makes one of them. */
function fileASample(files: readonly string[]): readonly Issue[] {
  const hasFolders = files.every((name) => name.includes('/'))
  const [pattern, labels, id] = hasFolders
    ? ['*/*.npy', ', labels=[p.parent.name for p in files]', 'p.with_suffix("").as_posix()']
    : ['*.npy', '', 'p.stem']
  return [
    {
      code: 'upload-one-file-a-row',
      message: `${files.length} files of NumPy could be the vectors, one a row${hasFolders ? ' in a folder for each class' : ''}: ${joinWords(files.map(shortName), 3)}.`,
      where: joinWords(files.map(shortName), 3),
      hint: `Make one file of them${hasFolders ? '' : ', with labels.csv (id,label) beside it'}. In Python: import numpy as np, pathlib; files = sorted(pathlib.Path().glob("${pattern}")); np.savez("embeddings.npz", embeddings=np.stack([np.load(p).ravel() for p in files])${labels}, ids=[${id} for p in files])`,
    },
  ]
}
