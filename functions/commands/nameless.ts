/** What a file without a name is called by its first bytes. */

import { constants, gunzipSync } from 'node:zlib'
import { formatOf, formatRecord } from '../../lib/core/format-of.ts'

const BYTE_ORDER_MARKS = ['fffe', 'feff']

/** The extension that such a file would have. */
export function extensionBy(start: Uint8Array): string {
  const format = formatOf('', start)
  // What is packed may be a text, which only its name or its first bytes tell.
  if (format === 'gzip') return `${textExtension(unpackedStart(start)) ?? ''}.gz`
  if (format !== null) return formatRecord(format).extensions[0]!
  return textExtension(start) ?? '.bin'
}

/** Null where it is no text. */
function textExtension(start: Uint8Array): string | null {
  const mark = Buffer.from(start.subarray(0, 2)).toString('hex')
  if (BYTE_ORDER_MARKS.includes(mark)) return '.csv'
  if (start.length === 0 || start.some(isControl)) return null
  const text = new TextDecoder().decode(start).trimStart()
  // Which kind of JSON it is, its reader finds out.
  return /^[{[]/.test(text) ? '.json' : '.csv'
}

/** Of what was cut off after these bytes. */
function unpackedStart(start: Uint8Array): Uint8Array {
  try {
    // So few bytes unfold to a few hundred kilobytes at most.
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return new Uint8Array(0)
  }
}

function isControl(byte: number): boolean {
  return byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte)
}
