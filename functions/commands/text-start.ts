/** What a file without a name is taken for where its first bytes are text. */

const BYTE_ORDER_MARKS = ['fffe', 'feff']

/** The extension that such a text would have; null where it is none. */
export function textExtension(start: Uint8Array): string | null {
  const mark = Buffer.from(start.subarray(0, 2)).toString('hex')
  if (BYTE_ORDER_MARKS.includes(mark)) return '.csv'
  if (start.length === 0 || start.some(isControl)) return null
  const text = new TextDecoder().decode(start).trimStart()
  if (text.startsWith('{')) return '.jsonl'
  return text.startsWith('[') ? '.json' : '.csv'
}

function isControl(byte: number): boolean {
  return byte < 0x20 && ![0x09, 0x0a, 0x0d].includes(byte)
}
