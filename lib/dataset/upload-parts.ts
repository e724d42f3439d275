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
import { isUsualId, isUsualLabel, isVectorName } from '../core/usual-names.ts'
import { ambiguous, severalVectors } from './several-files.ts'

const PICTURES = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif']
/** Names of a file of settings, in an upload and in its project's folder. */
export const MANIFESTS: readonly string[] = ['nearmiss.yaml', 'nearmiss.yml', 'nearmiss.json']

/** What systems and programs leave in a folder, and copies that aren't whole: never meant as a part, never told of. */
const LEFT_BEHIND =
  /(?:^|\/)[._]|\/$|~$|(?:^|\/)(?:~\$.*|thumbs\.db|desktop\.ini|icon\r)$|\.(?:tmp|part|partial|crdownload|download|swp|swo|bak|lock)$/i
/** What people write beside data for people and programs: no part, though they may wonder why. */
const NOTES =
  /^(?:readme|notes?|licen[cs]e|notice|changelog|authors|citation|requirements|config|settings|args|h?params)(?:\.(?:txt|json))?$|\.(?:md|rst|pdf|html?|docx?|tex|log|ya?ml|toml|ini|cfg|py|ipynb|sh|r|svg)$/i

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
  const roles = arrayRoles(files)
  const candidates: Readonly<Record<UploadPart, readonly string[]>> = {
    vectors: roles.vectors ?? vectors,
    gallery: called('gallery'),
    labels: roles.labels ?? called('labels').filter(areLabels),
    metadata: roles.ids ?? called('metadata').filter(isColumns),
  }
  const parts = Object.keys(PART_STEMS) as UploadPart[]
  const readable = (part: UploadPart) => candidates[part].filter(isReadName)
  const issues = [
    ...parts.flatMap((part) =>
      part === 'vectors'
        ? severalVectors(
            candidates.vectors,
            names.filter((name) => !LEFT_BEHIND.test(name)),
          )
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

/**
 * Parts of arrays that are called as those of an npz are: `X.npy`, `y.npy`, `ids.npy`. Each is null where another
 * name says the part already, or where several could play it.
 */
function arrayRoles(files: readonly string[]): {
  readonly vectors: readonly string[] | null
  readonly labels: readonly string[] | null
  readonly ids: readonly string[] | null
} {
  const isArray = (name: string) => /\.npy$/i.test(name)
  const free = files.filter((name) => isReadName(name) && partNamed(name) === null)
  const stemOf = (name: string) => name.slice(0, -extensionOf(name).length)
  const called = (isCalled: (stem: string) => boolean) =>
    free.filter((name) => isArray(name) && isCalled(stemOf(name)))
  const [vectors, labels, ids] = [isVectorName, isUsualLabel, isUsualId].map(called)
  const hasPart = (part: UploadPart) => files.some((name) => partNamed(name) === part)
  const main = files.filter((name) => partNamed(name) === 'vectors')
  const areAll = vectors!.length + labels!.length + ids!.length === free.length
  const chosen = main.length === 0 && areAll ? vectors! : main
  if (chosen.length !== 1 || !isArray(chosen[0]!)) return { vectors: null, labels: null, ids: null }
  return {
    vectors: chosen,
    labels: labels!.length === 1 && !hasPart('labels') ? labels! : null,
    ids: ids!.length === 1 && !hasPart('metadata') ? ids! : null,
  }
}
