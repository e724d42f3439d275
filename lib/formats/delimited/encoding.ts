/** The characters of a text file: UTF-8, UTF-16, or a byte a character, found out and told. */

import { isUtf8 } from 'node:buffer'
import type { Warning } from '../../core/warning.ts'

/** Bytes that are looked at for the zeros that UTF-16 has and text never. */
const LOOK = 4096

/** The text in UTF-8, and what is told where it wasn't that. */
export function toUtf8(
  bytes: Uint8Array,
  source: string,
): { readonly text: Uint8Array; readonly warnings: readonly Warning[] } {
  const utf16 = utf16Of(bytes)
  if (utf16 !== null) {
    const text = Buffer.from(new TextDecoder(utf16).decode(bytes))
    return {
      text,
      warnings: [told(source, utf16 === 'utf-16le' ? 'UTF-16' : 'UTF-16, big-endian')],
    }
  }
  if (isUtf8(bytes)) return { text: bytes, warnings: [] }
  const text = Buffer.from(new TextDecoder('windows-1252').decode(bytes))
  const place = bytes.findIndex((byte) => byte > 0x7f)
  const example = new TextDecoder('windows-1252').decode(
    bytes.subarray(Math.max(0, place - 10), place + 10),
  )
  return {
    text,
    warnings: [
      told(
        source,
        `one byte a character, as Windows and Latin-1 have it, since it is not UTF-8: ${JSON.stringify(example)}`,
      ),
    ],
  }
}

function told(source: string, encoding: string): Warning {
  return { code: 'encoding-chosen', message: `${source} is read as ${encoding}` }
}

/** By its mark, else by zeros in every other of its first bytes. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const zeros = [0, 0]
  const size = Math.min(LOOK, bytes.length)
  for (let at = 0; at < size; at++) if (bytes[at] === 0) zeros[at % 2]!++
  const [even, odd] = zeros as [number, number]
  const many = size / 4
  if (odd > many && even === 0) return 'utf-16le'
  return even > many && odd === 0 ? 'utf-16be' : null
}
