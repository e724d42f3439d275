/** Which format a file is of, and what a person is told where it can't be read. */

import type { Issue } from './errors.ts'
import {
  FORMATS,
  type FormatId,
  type FormatRecord,
  PART_STEMS,
  type ReadFormatId,
  type UploadPart,
} from './formats.ts'

const IDS = Object.keys(FORMATS) as FormatId[]

export function formatRecord(id: FormatId): FormatRecord {
  return FORMATS[id]
}

export function isRead(id: FormatId): id is ReadFormatId {
  return formatRecord(id).unread === undefined
}

/** Whether a file of the format is read in parts, where it lies. */
export function isReadByRange(id: FormatId): boolean {
  return formatRecord(id).byRange === true
}

/** Extensions of the formats that are read, each with its dot. */
export const READ_EXTENSIONS: readonly string[] = IDS.filter(isRead).flatMap(
  (id) => FORMATS[id].extensions,
)

/** The name's last dot and what follows it, in lower case; empty without one. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot).toLowerCase()
}

/** The format that a name says. */
export function formatNamed(name: string): FormatId | null {
  const extension = extensionOf(name)
  return IDS.find((id) => formatRecord(id).extensions.includes(extension)) ?? null
}

export function isReadName(name: string): boolean {
  const id = formatNamed(name)
  return id !== null && isRead(id)
}

/** Whether the name is one of notes and settings as much as of data. */
export function isLooseName(name: string): boolean {
  const id = formatNamed(name)
  return id === null ? extensionOf(name) !== '' : formatRecord(id).isLoose === true
}

/**
 * A file's format: its first bytes say it, then its name does.
 *
 * @param start the first `START_BYTES` bytes, or more
 */
export function formatOf(name: string, start: Uint8Array): FormatId | null {
  const named = formatNamed(name)
  const marked = IDS.find((id) => formatRecord(id).matches?.(start))
  if (marked === undefined) return named
  return named !== null && formatRecord(named).within === marked ? named : marked
}

/**
 * The part that a file's name says; null where it says none. What a packed file holds counts:
 * `labels.csv.gz` are labels.
 */
export function partNamed(name: string): UploadPart | null {
  const parts = Object.keys(PART_STEMS) as UploadPart[]
  const stem = name.slice(0, name.length - extensionOf(name).length)
  const inner = formatNamed(stem) === null ? stem : stem.slice(0, -extensionOf(stem).length)
  return parts.find((part) => PART_STEMS[part] === stem || PART_STEMS[part] === inner) ?? null
}

/**
 * What is told of a file that can't be read: what it is, why it isn't read, and what to do instead.
 *
 * @param start its first bytes
 */
export function unreadIssue(name: string, part: UploadPart, start: Uint8Array): Issue {
  if (start.length === 0) return emptyFile(name)
  const id = formatOf(name, start)
  const known = READ_EXTENSIONS.join(', ')
  if (id === null) {
    const bytes = Array.from(start.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0'))
    return {
      code: 'unknown-format',
      message: `The file's first bytes (${bytes.join('')}) and its name are of no format that is read: ${known}.`,
      where: name,
      hint: SAVE[part],
    }
  }
  const { title, unread, extensions } = formatRecord(id)
  const isWrongName = extensionOf(name) !== '' && !extensions.includes(extensionOf(name))
  const what = isWrongName ? `By its first bytes the file is ${title}` : `The file is ${title}`
  const why = unread?.why === undefined ? '' : ` ${unread.why}`
  return {
    code: 'unknown-format',
    message: `${what}, which is not read; these formats are: ${known}.${why}`,
    where: name,
    hint: unread?.instead(name, PART_STEMS[part]) ?? SAVE[part],
  }
}

function emptyFile(name: string): Issue {
  return {
    code: 'empty-file',
    message: 'The file has 0 bytes.',
    where: name,
    hint: 'The upload was cut short or the file was never written: upload it again.',
  }
}

const SAVE: Readonly<Record<UploadPart, string>> = {
  vectors:
    'Save it as .npz: np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids).',
  gallery:
    'Save it as .npz: np.savez("gallery.npz", embeddings=embeddings, labels=labels, ids=ids).',
  labels: 'Save them as .npz: np.savez("labels.npz", labels=labels, ids=ids).',
  metadata: 'Save it as CSV with a header line: frame.to_csv("metadata.csv", index=False).',
}
