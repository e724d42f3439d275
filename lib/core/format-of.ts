/** Which format a file is of, and what a person is told where it can't be read. */

import type { Issue } from './errors.ts'
import {
  FORMATS,
  type FormatId,
  type FormatRecord,
  PART_STEMS,
  type PackingId,
  type ReadFormatId,
  type UploadPart,
} from './formats.ts'

const IDS = Object.keys(FORMATS) as FormatId[]

export function formatRecord(id: FormatId): FormatRecord {
  return FORMATS[id]
}

export function isRead(id: FormatId): id is ReadFormatId {
  const { unread, isPacking } = formatRecord(id)
  return unread === undefined && isPacking === undefined
}

export function isPacking(id: FormatId): id is PackingId {
  return formatRecord(id).isPacking === true
}

/** Whether a file of the format is read in parts, where it lies. */
export function isReadByRange(id: FormatId): boolean {
  return formatRecord(id).byRange === true
}

/** Extensions of the formats that are read, each with its dot. */
export const READ_EXTENSIONS: readonly string[] = IDS.filter(isRead).flatMap(
  (id) => FORMATS[id].extensions,
)

/**
 * The name's last dot and what follows it, in lower case; empty without one. Of a packed file what it
 * holds counts too: `.csv.gz`.
 */
export function extensionOf(name: string): string {
  const last = lastExtension(name)
  const inner = lastExtension(name.slice(0, name.length - last.length))
  const isPacked = PACKED_EXTENSIONS.includes(last) && withExtension(inner) !== null
  return isPacked ? `${inner}${last}` : last
}

function lastExtension(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot).toLowerCase()
}

function withExtension(extension: string): FormatId | null {
  return IDS.find((id) => formatRecord(id).extensions.includes(extension)) ?? null
}

/** Of what is packed, whether it is unpacked here or not. */
const PACKED_EXTENSIONS: readonly string[] = (['gzip', 'zstd', 'bzip2', 'xz'] as const).flatMap(
  (id) => FORMATS[id].extensions,
)

/** The format that a name says; of a packed file how it is packed. */
export function formatNamed(name: string): FormatId | null {
  return withExtension(lastExtension(name))
}

/** What a packed file is called once it is unpacked. */
export function innerName(name: string): string {
  const last = lastExtension(name)
  return PACKED_EXTENSIONS.includes(last) ? name.slice(0, -last.length) : name
}

export function isReadName(name: string): boolean {
  const id = formatNamed(name)
  if (id === null || !isPacking(id)) return id !== null && isRead(id)
  const inner = formatNamed(innerName(name))
  return inner !== null && isRead(inner)
}

/**
 * Whether a file can be read, by its first bytes and its name. What is packed without a name of what it
 * holds is only known once it is unpacked.
 */
export function isReadable(name: string, start: Uint8Array): boolean {
  const id = start.length === 0 ? null : formatOf(name, start)
  if (id === null || !isPacking(id)) return id !== null && isRead(id)
  const inner = formatNamed(innerName(name))
  return inner === null || isRead(inner)
}

/** Whether the name is one of notes and settings as much as of data. */
export function isLooseName(name: string): boolean {
  const id = formatNamed(innerName(name))
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
  if (marked === undefined) {
    // Unpacked on its way, and called as before.
    return named !== null && isPacking(named) ? formatNamed(innerName(name)) : named
  }
  return named !== null && formatRecord(named).within === marked ? named : marked
}

/**
 * The part that a file's name says; null where it says none: `labels.csv.gz` are labels.
 */
export function partNamed(name: string): UploadPart | null {
  const parts = Object.keys(PART_STEMS) as UploadPart[]
  const stem = name.slice(0, name.length - extensionOf(name).length)
  return parts.find((part) => PART_STEMS[part] === stem) ?? null
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
  const inner = formatNamed(innerName(name))
  if (isPacking(id) && inner !== null) return packedIssue(name, part, id, inner)
  const { title, unread, extensions } = formatRecord(id)
  const isWrongName = extensionOf(name) !== '' && !extensions.includes(lastExtension(name))
  const what = isWrongName ? `By its first bytes the file is ${title}` : `The file is ${title}`
  const why = unread?.why === undefined ? '' : ` ${unread.why}`
  return {
    code: 'unknown-format',
    message: `${what}, which is not read${unread === undefined ? `; these formats are: ${known}` : ''}.${why}`,
    where: name,
    hint: unread?.instead(name, PART_STEMS[part]) ?? SAVE[part],
  }
}

/** Of what can't be read once it is unpacked. */
function packedIssue(name: string, part: UploadPart, packing: PackingId, inner: FormatId): Issue {
  const { title, unread } = formatRecord(inner)
  const why = unread?.why === undefined ? '' : ` ${unread.why}`
  const unpacked = innerName(name)
  return {
    code: 'unknown-format',
    message: `The file is ${title}, ${FORMATS[packing].title}, which is not read.${why}`,
    where: name,
    hint:
      inner === 'tar'
        ? FORMATS.tar.unread.instead(name, PART_STEMS[part])
        : `Unpack it (${packing === 'gzip' ? 'gunzip' : 'unzstd'} ${name}), and go on with what it holds. ${unread?.instead(unpacked, PART_STEMS[part]) ?? SAVE[part]}`,
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
    'Save it as .npz: np.savez("embeddings.npz", embeddings=embeddings, labels=labels, ids=ids)',
  gallery:
    'Save it as .npz: np.savez("gallery.npz", embeddings=embeddings, labels=labels, ids=ids)',
  labels: 'Save them as .npz: np.savez("labels.npz", labels=labels, ids=ids)',
  metadata: 'Save it as CSV with a header line: frame.to_csv("metadata.csv", index=False)',
}
