/** Which file of an upload plays which part, by name alone. */

import type { Issue } from '../core/errors.ts'

/** Extensions of files that can hold vectors or columns, whether this version reads them or not. */
const DATA = ['.npz', '.npy', '.parquet', '.csv', '.jsonl', '.arrow', '.safetensors']
const PICTURES = ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif']
/** Names of a file of settings, in an upload and in its project's folder. */
export const MANIFESTS: readonly string[] = ['nearmiss.yaml', 'nearmiss.yml', 'nearmiss.json']

export interface UploadParts {
  /** Null where it hasn't arrived. */
  readonly vectors: string | null
  /** Vectors that those are held against, where they are queries. */
  readonly gallery: string | null
  readonly labels: string | null
  readonly metadata: string | null
  readonly manifest: string | null
  readonly pictures: readonly string[]
  /** Files that play no part. */
  readonly others: readonly string[]
}

/**
 * Names are keys within the upload's folder; only pictures may lie in folders below it.
 *
 * @example classifyUpload(['nca-32.npz', 'metadata.csv']) // { parts: { vectors: 'nca-32.npz', … } }
 */
export function classifyUpload(
  names: readonly string[],
): { readonly parts: UploadParts } | { readonly issues: readonly Issue[] } {
  const data = names.filter((name) => !name.includes('/') && DATA.includes(extension(name)))
  const of = (stem: string) => data.filter((name) => stemOf(name) === stem)
  const embeddings = of('embeddings')
  const gallery = of('gallery')
  const labels = of('labels')
  const metadata = of('metadata')
  const unnamed = data.filter(
    (name) => ![...embeddings, ...gallery, ...labels, ...metadata].includes(name),
  )
  const vectors = embeddings.length > 0 ? embeddings : unnamed
  const manifests = names.filter((name) => MANIFESTS.includes(name))
  const issues = [
    ...ambiguous('vectors', vectors),
    ...ambiguous('gallery', gallery),
    ...ambiguous('labels', labels),
    ...ambiguous('metadata', metadata),
    ...ambiguous('manifest', manifests),
  ]
  if (issues.length > 0) return { issues }
  const pictures = names.filter((name) => PICTURES.includes(extension(name)))
  const taken = new Set([...vectors, ...gallery, ...labels, ...metadata, ...manifests, ...pictures])
  return {
    parts: {
      vectors: vectors[0] ?? null,
      gallery: gallery[0] ?? null,
      labels: labels[0] ?? null,
      metadata: metadata[0] ?? null,
      manifest: manifests[0] ?? null,
      pictures,
      others: names.filter((name) => !taken.has(name)),
    },
  }
}

function ambiguous(part: string, candidates: readonly string[]): readonly Issue[] {
  if (candidates.length < 2) return []
  return [
    {
      code: 'upload-ambiguous',
      message: `${candidates.length} files could be the ${part}: ${candidates.join(', ')}.`,
      where: candidates.join(', '),
      hint:
        part === 'vectors'
          ? 'Name one of them embeddings, for example embeddings.npz, and columns labels.csv or metadata.csv; each run has a folder of its own.'
          : 'Keep one of them in the upload.',
    },
  ]
}

function extension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot).toLowerCase()
}

function stemOf(name: string): string {
  return name.slice(0, name.length - extension(name).length)
}
