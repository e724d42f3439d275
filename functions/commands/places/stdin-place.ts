/** Standard input as a file: read to its end, since what it is shows in its first bytes and counts as a whole. */

import { basename } from 'node:path'
import { CancelledError, InputError, UsageError } from '../../../lib/core/errors.ts'
import { MAX_FILE_BYTES } from '../../../lib/formats/format.ts'
import type { Transfer } from '../../../lib/publish/resumed-body.ts'
import { bytesStore } from './bytes-store.ts'
import type { Found } from './place.ts'

export interface StandardInput extends AsyncIterable<Uint8Array> {
  readonly isTTY?: boolean
  destroy(): unknown
}

/** Reads it; a second time there is nothing more to read. */
export function stdinPlace(
  stdin: StandardInput,
  { received, signal }: Transfer,
): () => Promise<Found> {
  let isRead = false
  return async () => {
    if (isRead) {
      throw new UsageError('wrong-usage', '- is given twice, and standard input holds one file', {
        hint: 'Give the other one by its path.',
      })
    }
    isRead = true
    if (stdin.isTTY) {
      throw new UsageError(
        'wrong-usage',
        '- reads a file from standard input, and nothing is piped in',
        {
          hint: 'Such as: python embed.py | nearmiss report -',
        },
      )
    }
    const store = bytesStore('standard input', await readAll())
    const place = { name: 'stdin', shown: 'standard input', store, key: 'stdin', info: null }
    return {
      file: { ...place, remoteBytes: 0, isUpload: false },
      folder: {
        shown: 'standard input',
        path: [basename(process.cwd())],
        all: async () => [],
        startingWith: async () => [],
        file: async () => null,
        parent: null,
      },
    }
  }

  async function readAll(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = []
    let byteLength = 0
    const stop = () => stdin.destroy()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      for await (const chunk of stdin) {
        chunks.push(chunk)
        byteLength += chunk.length
        received?.(chunk.length)
        if (byteLength > MAX_FILE_BYTES) throw tooLong()
      }
    } catch (error) {
      if (signal?.aborted) throw new CancelledError()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
    if (signal?.aborted) throw new CancelledError()
    return Buffer.concat(chunks)
  }
}

function tooLong(): InputError {
  return new InputError({
    code: 'file-too-large',
    message: `more than ${MAX_FILE_BYTES} bytes came, which is the most that is read from there`,
    where: 'standard input',
    hint: 'Write it to a file, and give that: of a Parquet file only what is needed is read.',
  })
}
