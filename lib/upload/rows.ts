/** The rows of an upload, read from its files and checked. */

import { toBaselines } from '../config/completion.ts'
import type { Dataset } from '../core/dataset.ts'
import { InputError, type Issue } from '../core/errors.ts'
import { extensionOf, formatNamed, formatRecord } from '../core/format-of.ts'
import type { Manifest } from '../core/manifest.ts'
import { compareText } from '../core/names.ts'
import type { Table } from '../core/table.ts'
import type { Warning } from '../core/warning.ts'
import { countOf, joinWords } from '../core/words.ts'
import { assembleDataset } from '../dataset/assemble.ts'
import { lacksFirstRow, withFirstRow } from '../dataset/first-row.ts'
import { withGallery } from '../dataset/gallery.ts'
import { withIndicatorLabels } from '../dataset/indicator-labels.ts'
import { type ProjectorSettings, projectorSettings } from '../dataset/projector-settings.ts'
import { checkSprite } from '../dataset/sprite.ts'
import { type UploadParts, unusedColumns } from '../dataset/upload-parts.ts'
import { MAX_INFLATED_BYTES, type Part, type ReadOptions } from '../formats/format.ts'
import { readTable } from '../formats/registry.ts'
import type { Upload } from './content.ts'
import { usableMemory } from './memory-limit.ts'
import { manifestOf, type Overrides } from './settings.ts'

/** Rows, and what to evaluate them by. */
export interface ReadUpload {
  readonly manifest: Manifest
  readonly dataset: Dataset
  readonly sprite: {
    readonly bytes: Uint8Array
    readonly tile: readonly [number, number]
    readonly sheet: readonly [number, number]
  } | null
}

/**
 * Reads and checks everything. Resolves to null where labels are missing but may still arrive; throws
 * `InputError` with all that was found wrong otherwise.
 */
export async function readUpload(upload: Upload, overrides: Overrides): Promise<ReadUpload | null> {
  const { parts } = upload
  if (parts === null || upload.issues.length > 0) throw inputError(upload.issues)
  const parsed = manifestOf(upload)
  const projector = await readProjector(upload)
  const manifest: Manifest = {
    ...parsed,
    images: parsed.images ?? spriteImages(projector),
    metric: overrides.metric ?? parsed.metric,
    maps: overrides.maps ?? parsed.maps,
    ...(overrides.baseline === undefined ? {} : toBaselines(overrides.baseline.split(','))),
  }
  const maxInflatedByteLength = Math.min(MAX_INFLATED_BYTES, Math.floor(usableMemory() / 2))
  const table = async (
    name: string | null,
    part: Part,
    reading: Pick<ReadOptions, 'hasHeader'> = {},
  ): Promise<Table | null> => {
    const file = name === null ? undefined : upload.sources.get(name)
    if (file === undefined) return null
    const { columns } = manifest
    const read = withIndicatorLabels(
      await readTable(file, {
        part,
        columns,
        dropped: droppedColumns(manifest),
        ...reading,
        maxInflatedByteLength,
        ...(projector?.shape ? { tensorShape: projector.shape } : {}),
      }),
      columns,
    )
    const { source, gallery } = read
    const placed = (warnings: Table['warnings']) =>
      warnings.map((warning) => ({ where: source, ...warning }))
    return {
      ...read,
      warnings: placed(read.warnings),
      ...(gallery && { gallery: { ...gallery, warnings: placed(gallery.warnings) } }),
    }
  }
  const vectors = await table(parts.vectors, 'vectors')
  const [labelsRead, metadataRead] = [
    await table(parts.labels, 'labels'),
    await table(parts.metadata, 'metadata'),
  ]
  if (vectors === null) return null
  const ownGallery = vectors.gallery && withIndicatorLabels(vectors.gallery, manifest.columns)
  const gallery = (await table(parts.gallery, 'vectors')) ?? ownGallery ?? null
  const whole = gallery === null ? { table: vectors } : withGallery(vectors, gallery, manifest)
  if ('issues' in whole) throw inputError(whole.issues)
  const withRow = async (read: Table | null, part: 'labels' | 'metadata') => {
    if (read === null || !lacksFirstRow(read, whole.table.rows, manifest.columns)) return read
    const again = await table(parts[part], part, { hasHeader: false })
    return again?.rows === whole.table.rows ? withFirstRow(again, part, manifest.columns) : read
  }
  const labels = await withRow(labelsRead, 'labels')
  const metadata = await withRow(metadataRead, 'metadata')
  const assembly = assembleDataset(
    { vectors: whole.table, labels, metadata },
    manifest,
    upload.pseudonyms,
  )
  if ('issues' in assembly) {
    const areLabelsMissing = assembly.issues.every(({ code }) => code === 'labels-missing')
    const unused = unusedColumns(parts)
    // They may be on their way, unless a file is there that was meant to hold them.
    if (areLabelsMissing && unused.length === 0) return null
    throw inputError([...assembly.issues, ...(areLabelsMissing ? unused.map(notLabels) : [])])
  }
  const { dataset } = assembly
  return {
    manifest,
    dataset: { ...dataset, warnings: [...dataset.warnings, ...unusedFiles(parts)] },
    sprite: await readSprite(upload, manifest, dataset.inputRows),
  }
}

function droppedColumns({ privacy }: Manifest): readonly string[] {
  return Object.keys(privacy.columns).filter((name) => privacy.columns[name] === 'drop')
}

/** What the Embedding Projector's settings say of the vectors; null without any. */
async function readProjector({ parts, sources }: Upload): Promise<ProjectorSettings | null> {
  const file = sources.get(parts?.projector ?? '')
  const vectors = parts?.vectors ?? ''
  // Beside any other file it is somebody else's.
  if (file === undefined || !/\.(?:tsv|bytes)$/i.test(vectors)) return null
  return projectorSettings(await file.bytes(), vectors)
}

function spriteImages(projector: ProjectorSettings | null): Manifest['images'] {
  if (!projector?.sprite) return null
  const { name: sprite, tile } = projector.sprite
  return { sprite, tile }
}

function unusedFiles({ others }: UploadParts): readonly Warning[] {
  if (others.length === 0) return []
  return [
    {
      code: 'files-unused',
      message: `${countOf(others.length, 'file')} of the upload ${others.length === 1 ? 'plays' : 'play'} no part: ${joinWords(others.slice().sort(compareText), 5)}`,
    },
  ]
}

/** Said of a file without a part's name, where labels are missing. */
function notLabels(name: string): Issue {
  const format = formatNamed(name)
  const convert = format === null ? null : formatRecord(format).unread?.instead(name, 'labels')
  return {
    code: 'file-unused',
    message: `${name} plays no part in the upload: a file of labels is called labels, as in labels.csv.`,
    where: name,
    hint: convert ?? `If it holds them, call it labels${extensionOf(name)}.`,
  }
}

function inputError(issues: readonly Issue[]): InputError {
  const [first, ...others] = issues
  return new InputError(first!, others)
}

async function readSprite(
  upload: Upload,
  { images, privacy }: Manifest,
  rows: number,
): Promise<ReadUpload['sprite']> {
  if (images === null || !('sprite' in images) || privacy.images !== 'thumbnails') return null
  const bytes = (await upload.sources.get(images.sprite)?.bytes()) ?? null
  const checked = checkSprite(bytes, images, rows)
  if ('issue' in checked) throw inputError([checked.issue])
  return bytes === null ? null : { bytes, tile: images.tile, sheet: checked.sheet }
}
