/** Files packed with gzip or zstd, unpacked in memory and never past a limit. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { InputError } from '../core/errors.ts'
import { type FileSource, fileInMemory } from '../core/file-source.ts'
import { innerName } from '../core/format-of.ts'
import type { PackingId } from '../core/formats.ts'
import { damageText } from './damage-text.ts'
import { unpackZstd } from './zstd.ts'

/** What goes into the unpacking at a time: an end of it is noticed after so much. */
const PIECE_BYTES = 2 ** 16
const FIRST_BYTES = 2 ** 20

/**
 * What a packed file holds, by the name that it would have beside it. Throws `InputError` for a file that
 * is damaged, cut short or followed by something else, or that unfolds to more than the limit.
 */
export async function unpack(
  file: FileSource,
  packing: PackingId,
  maxByteLength: number,
): Promise<FileSource> {
  const bytes = await file.bytes()
  const content = new Content(file, maxByteLength)
  if (packing === 'gzip') await gunzip(bytes, content, file.name)
  else unzstd(bytes, content, file.name)
  return fileInMemory({ name: innerName(file.name), bytes: content.bytes() })
}

/** What was unpacked so far. */
class Content {
  readonly #file: FileSource
  readonly #limit: number
  #bytes: Uint8Array
  #length = 0
  /** Set once the limit is passed; a stream that is stopped by it may end in an error of its own. */
  problem: InputError | null = null

  constructor(file: FileSource, limit: number) {
    this.#file = file
    this.#limit = limit
    this.#bytes = new Uint8Array(Math.min(FIRST_BYTES, limit))
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length
    if (length > this.#limit) {
      this.problem = new InputError({
        code: 'packed-too-large',
        message: `Its ${this.#file.byteLength} bytes unfold to more than ${this.#limit}, the most that are unpacked.`,
        where: this.#file.name,
        hint: 'Save the vectors as Parquet or safetensors, of which only what is needed is read; or evaluate a sample of the rows.',
      })
      throw this.problem
    }
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(length, this.#bytes.length * 2)))
      grown.set(this.#bytes.subarray(0, this.#length))
      this.#bytes = grown
    }
    this.#bytes.set(chunk, this.#length)
    this.#length = length
  }

  bytes(): Uint8Array {
    return this.tail(this.#length)
  }

  tail(length: number): Uint8Array {
    return this.#bytes.subarray(this.#length - length, this.#length)
  }
}

async function gunzip(bytes: Uint8Array, content: Content, source: string): Promise<void> {
  const stream = createGunzip()
  try {
    await pipeline(Readable.from(piecesOf(bytes)), stream, async (chunks) => {
      for await (const chunk of chunks as AsyncIterable<Uint8Array>) content.add(chunk)
    })
  } catch (cause) {
    if (content.problem !== null) throw content.problem
    throw damaged(source, 'gzip', damageText(cause))
  }
  // Zeros are what tapes and some copies fill up with.
  const rest = bytes.subarray(stream.bytesWritten)
  if (rest.some((byte) => byte !== 0)) {
    throw damaged(source, 'gzip', `${rest.length} bytes follow its end that are no gzip`)
  }
}

function unzstd(bytes: Uint8Array, content: Content, source: string): void {
  try {
    unpackZstd(bytes, content)
  } catch (cause) {
    if (content.problem !== null) throw content.problem
    throw damaged(source, 'zstd', damageText(cause))
  }
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
    yield bytes.subarray(at, at + PIECE_BYTES)
  }
}

function damaged(source: string, packing: PackingId, problem: string): InputError {
  return new InputError({
    code: 'packed-damaged',
    message: `The file can't be unpacked as ${packing}: ${problem}.`,
    where: source,
    hint: 'It was damaged or cut short: pack it again and upload it whole, or upload it as it is, unpacked.',
  })
}
