/** Entries of a zip in memory. Nothing that it declares is believed: not a size, not a checksum. */

import { crc32 } from 'node:zlib'
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from 'yauzl'
import { InputError } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'
import { whereCutShort } from './zip-cut-short.ts'

/** Deflate can't do better than 1032 to 1; a few bytes more are its own frame. */
const MAX_DEFLATE_RATIO = 1032

/** Each costs a look into it, and no upload has so many columns. */
const MAX_ENTRIES = 1000

export interface ZipEntry {
  /** Text as any other, whatever path it may be elsewhere: nothing is written under it. */
  readonly name: string
  /** As declared; `read` throws where it turns out wrong. */
  readonly byteLength: number
  /** The first bytes, at most `byteLength` of them. */
  peek(byteLength: number): Promise<Uint8Array>
  read(): Promise<Uint8Array>
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5)
}

/** Throws `InputError` where the zip is damaged, encrypted, or unfolds to more than the limit. */
export async function openZip(
  bytes: Uint8Array,
  maxInflatedByteLength: number,
  source: string,
): Promise<readonly ZipEntry[]> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const entries: ZipEntry[] = []
  let left = maxInflatedByteLength
  const zip = await orDamaged(source, () =>
    fromBufferPromise(buffer, { decodeStrings: false }).catch((cause: unknown) => {
      const cut = whereCutShort(bytes)
      throw cut === null ? cause : damaged(source, `it was cut short: ${cut}`)
    }),
  )
  await orDamaged(source, async () => {
    for await (const entry of zip.eachEntry()) {
      if (entries.length === MAX_ENTRIES) {
        throw unusable(
          source,
          `it has ${zip.entryCount} entries; at most ${MAX_ENTRIES} are read`,
          `Of one array a row make one array of all: ${arrayOfArrays(source)}`,
        )
      }
      const name = nameOf(entry)
      const where = `${source}, entry ${shortName(name)}`
      entries.push({
        name,
        byteLength: entry.uncompressedSize,
        peek: (byteLength) =>
          orDamaged(where, () =>
            take(zip, entry, Math.min(byteLength, entry.uncompressedSize), where),
          ),
        read: () => {
          if (entry.uncompressedSize > left) {
            throw tooLarge(where, entry.uncompressedSize, left, maxInflatedByteLength)
          }
          left -= entry.uncompressedSize
          return orDamaged(where, () => take(zip, entry, entry.uncompressedSize, where))
        },
      })
    }
  })
  return entries
}

/** Left as it is: as text no name is outside of anything. */
function nameOf({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string {
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true)
}

async function take(
  zip: ZipFile,
  entry: Entry,
  byteLength: number,
  where: string,
): Promise<Uint8Array> {
  if (entry.isEncrypted()) {
    throw unusable(where, 'it is encrypted', 'Save it again with np.savez, which encrypts nothing.')
  }
  if (byteLength > (entry.compressedSize + 16) * MAX_DEFLATE_RATIO) {
    throw damaged(
      where,
      `it claims to unfold from ${entry.compressedSize} to ${entry.uncompressedSize} bytes, more than deflate can`,
    )
  }
  const content = new Uint8Array(byteLength)
  let filled = 0
  const stream = await zip.openReadStreamPromise(entry)
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    const room = content.subarray(filled)
    content.set(chunk.subarray(0, room.length), filled)
    filled += Math.min(chunk.length, room.length)
    // A whole entry is read to its end, so that yauzl sees one that unfolds to more than it declared.
    if (filled === byteLength && byteLength < entry.uncompressedSize) break
  }
  if (filled < byteLength) {
    throw damaged(where, `it claims ${entry.uncompressedSize} bytes and holds ${filled}`)
  }
  if (byteLength === entry.uncompressedSize) {
    const checksum = crc32(content)
    if (checksum !== entry.crc32) {
      throw damaged(where, `its checksum is ${hex(checksum)} where ${hex(entry.crc32)} was stored`)
    }
  }
  return content
}

async function orDamaged<T>(where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (cause) {
    if (cause instanceof InputError) throw cause
    throw damaged(where, cause instanceof Error ? cause.message : String(cause))
  }
}

function damaged(where: string, problem: string): InputError {
  return unusable(
    where,
    problem.replace(/\.$/, ''),
    'The file was damaged or cut short: save it again with np.savez and upload it whole.',
  )
}

function unusable(where: string, problem: string, hint: string): InputError {
  return new InputError({
    code: 'zip-damaged',
    message: `The zip can't be read: ${problem}.`,
    where,
    hint,
  })
}

/** The line that makes one array of a file that has one for each row, by its name. */
export function arrayOfArrays(source: string): string {
  return `import numpy as np; d = np.load(${JSON.stringify(source)}); np.savez("embeddings.npz", ids=d.files, embeddings=np.stack([d[k].ravel() for k in d.files]))`
}

function tooLarge(where: string, byteLength: number, left: number, limit: number): InputError {
  return new InputError({
    code: 'zip-too-large',
    message: `The array claims ${byteLength} bytes, and ${left} of the ${limit} that a file may unfold to are left.`,
    where,
    hint: 'Evaluate a sample of the rows, or save the vectors as float16: embeddings.astype("float16")',
  })
}

function hex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}
