/** Which file of an upload plays which part: by its name, and by its first bytes where the name is of no format that is read. */

import type { Issue } from '../core/errors.ts'
import {
  extensionOf,
  formatNamed,
  isLooseName,
  isReadable,
  isReadName,
  partNamed,
  unreadIssue,
} from '../core/format-of.ts'
import { PART_STEMS, PROJECTOR_CONFIG, type UploadPart } from '../core/formats.ts'
import { shortName } from '../core/limits.ts'
import { joinWords } from '../core/words.ts'

const PICTURES = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif']
/** Names of a file of settings, in an upload and in its project's folder. */
export const MANIFESTS: readonly string[] = ['nearmiss.yaml', 'nearmiss.yml', 'nearmiss.json']

/** What systems and programs leave in a folder, and copies that aren't whole: never meant as a part, never told of. */
const LEFT_BEHIND =
  /(?:^|\/)[._]|\/$|~$|(?:^|\/)(?:~\$.*|thumbs\.db|desktop\.ini|icon\r)$|\.(?:tmp|part|partial|crdownload|download|swp|swo|bak|lock)$/i
/** What people write beside data for people and programs: no part, though they may wonder why. */
const NOTES =
  /^(?:readme|notes?|licen[cs]e|notice|changelog|authors|citation|requirements|config|settings|args|h?params)(?:\.(?:txt|json))?$|\.(?:md|rst|pdf|html?|docx?|tex|log|ya?ml|toml|ini|cfg|py|ipynb|sh|r|svg)$/i

/** Two arrays could as well be two versions of one. */
const FEWEST_SAMPLES = 3
/** So many files without a part's name are looked into for embeddings. */
const MOST_DOUBTFUL = 8

export interface DoubtfulFile {
  readonly name: string
  readonly part: UploadPart
}

export interface UploadParts {
  /** Null where it hasn't arrived. */
  readonly vectors: string | null
  /** Vectors that those are held against, where they are queries. */
  readonly gallery: string | null
  readonly labels: string | null
  readonly metadata: string | null
  readonly manifest: string | null
  readonly pictures: readonly string[]
  /** Settings of TensorFlow's Embedding Projector, where they are there. */
  readonly projector?: string
  /** Files that play no part, and may have been meant to. */
  readonly others: readonly string[]
  /** Files in the place of a part that no file of a format that is read takes: their first bytes decide. */
  readonly doubtful: readonly DoubtfulFile[]
}

/**
 * Names are keys within the upload's folder; only pictures may lie in folders below it.
 *
 * @example classifyUpload(['nca-32.npz', 'metadata.csv']) // { parts: { vectors: 'nca-32.npz', … } }
 */
export function classifyUpload(
  names: readonly string[],
): { readonly parts: UploadParts } | { readonly issues: readonly Issue[] } {
  const manifests = names.filter((name) => MANIFESTS.includes(name))
  const pictures = names.filter((name) => PICTURES.includes(extensionOf(name)))
  const files = names.filter(
    (name) => isMeant(name) && !manifests.includes(name) && !pictures.includes(name),
  )
  const vectors = vectorsAmong(files)
  const called = (part: UploadPart) => files.filter((name) => partNamed(name) === part)
  // Labels and metadata may be with the vectors too, so what may be a note isn't taken for them then.
  const isColumns = (name: string) => !vectors.some(isReadName) || !isLooseName(name)
  // A file of JSON that is called labels is one, while metadata.json is of a model as often as of rows.
  const areLabels = (name: string) => isColumns(name) || isReadName(name)
  const candidates: Readonly<Record<UploadPart, readonly string[]>> = {
    vectors,
    gallery: called('gallery'),
    labels: called('labels').filter(areLabels),
    metadata: called('metadata').filter(isColumns),
  }
  const parts = Object.keys(PART_STEMS) as UploadPart[]
  const readable = (part: UploadPart) => candidates[part].filter(isReadName)
  const samples = sampleFiles(vectors, names)
  const issues = [
    ...parts.flatMap((part) =>
      part === 'vectors' && samples.length > 0
        ? fileASample(samples)
        : ambiguous(part, readable(part)),
    ),
    ...ambiguous('manifest', manifests),
  ]
  if (issues.length > 0) return { issues }
  const doubtful = parts
    .filter((part) => readable(part).length === 0)
    .flatMap((part) => candidates[part].map((name) => ({ name, part })))
  const first = (part: UploadPart) => readable(part)[0] ?? null
  const taken = new Set<string | null>([
    ...parts.map(first),
    ...doubtful.map(({ name }) => name),
    ...manifests,
    ...pictures,
    PROJECTOR_CONFIG,
  ])
  return {
    parts: {
      vectors: first('vectors'),
      gallery: first('gallery'),
      labels: first('labels'),
      metadata: first('metadata'),
      manifest: manifests[0] ?? null,
      pictures,
      ...(names.includes(PROJECTOR_CONFIG) ? { projector: PROJECTOR_CONFIG } : {}),
      others: names.filter((name) => !taken.has(name) && !LEFT_BEHIND.test(name)),
      doubtful,
    },
  }
}

/**
 * Decides what the first bytes of doubtful files are needed for: one that can be read takes its part.
 *
 * @param startOf a file's first bytes; null where it is gone by now
 */
export function settleParts(
  parts: UploadParts,
  startOf: (name: string) => Uint8Array | null,
): { readonly parts: UploadParts; readonly issues: readonly Issue[] } {
  let settled: UploadParts = { ...parts, doubtful: [] }
  const issues: Issue[] = []
  for (const part of Object.keys(PART_STEMS) as UploadPart[]) {
    const files = parts.doubtful
      .filter((file) => file.part === part)
      .flatMap(({ name }) => {
        const start = startOf(name)
        if (start === null) return []
        return [{ name, start, canBeRead: isReadable(name, start) }]
      })
    const [good, ...more] = files.filter(({ canBeRead }) => canBeRead).map(({ name }) => name)
    if (good === undefined) {
      issues.push(...files.map(({ name, start }) => unreadIssue(name, part, start)))
      continue
    }
    issues.push(...ambiguous(part, [good, ...more]))
    const unread = files.filter(({ canBeRead }) => !canBeRead).map(({ name }) => name)
    settled = { ...settled, [part]: good, others: [...settled.others, ...unread] }
  }
  return { parts: settled, issues }
}

/** Files without a part that may have been meant to hold labels. */
export function unusedColumns({ others }: Pick<UploadParts, 'others'>): readonly string[] {
  return others.filter(
    (name) =>
      isMeant(name) &&
      (partNamed(name) !== null || (formatNamed(name) !== null && !isLooseName(name))),
  )
}

/** Whether the name alone gives a file a part in an upload. */
export function playsPart(name: string): boolean {
  const classified = classifyUpload([name])
  if ('issues' in classified) return true
  const { vectors, gallery, labels, metadata, manifest, pictures, doubtful } = classified.parts
  const one = vectors ?? gallery ?? labels ?? metadata ?? manifest ?? pictures[0] ?? doubtful[0]
  return one !== undefined
}

function isMeant(name: string): boolean {
  return !name.includes('/') && !LEFT_BEHIND.test(name) && !NOTES.test(name)
}

/** Those called so; else those of a format that is read; else any that might be. */
function vectorsAmong(files: readonly string[]): readonly string[] {
  const named = files.filter((name) => partNamed(name) === 'vectors')
  if (named.length > 0) return named
  const free = files.filter((name) => partNamed(name) === null)
  const readable = free.filter((name) => isReadName(name) && !isLooseName(name))
  if (readable.length > 0) return readable
  const isData = (name: string) => formatNamed(name) !== null && !isLooseName(name)
  return [...free.filter(isData), ...free.filter((name) => !isData(name))].slice(0, MOST_DOUBTFUL)
}

/** Arrays that are a row each, right in the upload or in a folder for each class; empty where they are no such. */
function sampleFiles(vectors: readonly string[], names: readonly string[]): readonly string[] {
  const isArray = (name: string) => formatNamed(name) === 'npy' && !LEFT_BEHIND.test(name)
  const nested = names.filter((name) => name.includes('/') && isArray(name))
  const arrays = vectors.length === 0 ? nested : vectors.every(isArray) ? vectors : []
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
      hint: `Make one file of them. In Python: import numpy as np, pathlib; files = sorted(pathlib.Path().glob("${pattern}")); np.savez("embeddings.npz", embeddings=np.stack([np.load(p).ravel() for p in files])${labels}, ids=[${id} for p in files])${hasFolders ? '' : ', with labels.csv beside it: id,label'}`,
    },
  ]
}

function ambiguous(part: UploadPart | 'manifest', candidates: readonly string[]): readonly Issue[] {
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
