/** The characters of a text file: UTF-8, UTF-16, or a byte a character, found out and told. */

import { isUtf8 } from 'node:buffer'
import { InputError } from '../../core/errors.ts'
import type { Warning } from '../../core/warning.ts'
import { countOf } from '../../core/words.ts'

/** Bytes that are looked at for the zeros that UTF-16 has and text never. */
const LOOK = 4096
/** Letters beyond ASCII that are counted: of a large file that many tell as much. */
const MOST = 10_000

/** The text in UTF-8, and what is told where it wasn't that. */
export function toUtf8(
  bytes: Uint8Array,
  source: string,
): { readonly text: Uint8Array; readonly warnings: readonly Warning[] } {
  const utf16 = utf16Of(bytes)
  if (utf16 !== null) {
    const name = utf16 === 'utf-16le' ? 'UTF-16' : 'UTF-16, big-endian'
    try {
      const text = new TextDecoder(utf16, { fatal: true }).decode(bytes)
      return { text: Buffer.from(text), warnings: [told(source, name)] }
    } catch {
      throw new InputError({
        code: 'csv-syntax',
        message: `The file's ${bytes.length} bytes are not whole ${name} text.`,
        where: source,
        hint: 'Send it again if it was cut off while it was copied, or save it as UTF-8.',
      })
    }
  }
  if (isUtf8(bytes)) return { text: bytes, warnings: [] }
  const { count, letters, example, line } = strayBytes(bytes)
  const first = `the first is 0x${example.toString(16).toUpperCase()} in line ${line}`
  if (letters > count) {
    throw new InputError({
      code: 'csv-syntax',
      message: `The file is UTF-8, but for ${countOf(count, 'byte')}: ${first}.`,
      where: `${source}, line ${line}`,
      hint: 'Text of two encodings was joined, or a byte was damaged: write the whole file again as UTF-8.',
    })
  }
  const many = count === MOST ? 'at least ' : ''
  const letter = new TextDecoder('windows-1252').decode(Uint8Array.of(example))
  return {
    text: Buffer.from(new TextDecoder('windows-1252').decode(bytes)),
    warnings: [
      told(
        source,
        `one byte a character, as Windows and Latin-1 have it: ${many}${countOf(count, 'byte')} can't be UTF-8, and ${first}, read as ${letter}`,
      ),
    ],
  }
}

/** The bytes that are no UTF-8, the first of them with its line, and the letters beyond ASCII that are UTF-8. */
function strayBytes(bytes: Uint8Array): {
  readonly count: number
  readonly letters: number
  readonly example: number
  readonly line: number
} {
  let [count, letters, example, line, lines] = [0, 0, 0, 1, 1]
  for (let at = 0; at < bytes.length && count < MOST && letters < MOST; at += 1) {
    const byte = bytes[at]!
    if (byte === 0x0a) lines += 1
    if (byte < 0x80) continue
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    if (isUtf8(bytes.subarray(at, at + size))) {
      letters += 1
      at += size - 1
      continue
    }
    if (count === 0) [example, line] = [byte, lines]
    count += 1
  }
  return { count, letters, example, line }
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
