/** Whether a header in Thrift's compact protocol is what it claims: hyparquet makes as many entries as it says, and reads numbers without end. */

const [BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, STRUCT] = [3, 4, 5, 6, 7, 8, 9, 12]
/** Bytes of a number of 64 bits. */
const LONGEST_NUMBER = 10
/** Records in records: those of Parquet have five. */
const DEEPEST = 16
/** Records and entries of lists; those of 100,000 columns take a million. */
const MOST_ENTRIES = 2_000_000

type Wrong = (problem: string) => Error

/** Throws for a header that isn't whole within `bytes`, or of more entries than any has. */
export function checkThrift(bytes: Uint8Array, wrong: Wrong): void {
  let [at, entries] = [0, 0]
  const number = (): number => {
    let value = 0
    for (let place = 0; place < LONGEST_NUMBER; place++) {
      if (at >= bytes.length) throw wrong('its header ends within a number')
      const byte = bytes[at++]!
      value += (byte & 0x7f) * 2 ** (7 * place)
      if (byte < 0x80) return value
    }
    throw wrong(`its header has a number of more than ${LONGEST_NUMBER} bytes`)
  }
  const skip = (count: number): void => {
    if (count > bytes.length - at) {
      throw wrong(`its header claims ${count} bytes, and ${bytes.length - at} are left`)
    }
    at += count
  }
  const count = (more: number): void => {
    entries += more
    if (entries > MOST_ENTRIES) {
      throw wrong(`its header has ${entries} entries or more; at most ${MOST_ENTRIES} are read`)
    }
  }
  const element = (type: number, depth: number): void => {
    if (type === BYTE) skip(1)
    else if (type === I16 || type === I32 || type === I64) number()
    else if (type === DOUBLE) skip(8)
    else if (type === BINARY) skip(number())
    else if (type === LIST) list(depth + 1)
    else if (type === STRUCT) struct(depth + 1)
    else throw wrong(`its header has an entry of type ${type}, which Parquet has none of`)
  }
  const list = (depth: number): void => {
    if (depth > DEEPEST) throw wrong('its header is nested without end')
    skip(1)
    const head = bytes[at - 1]!
    const size = head >> 4 === 15 ? number() : head >> 4
    count(size)
    const type = head & 15
    // In a list a flag takes a byte, in a record none.
    for (let entry = 0; entry < size; entry++) element(type <= 2 ? BYTE : type, depth)
  }
  const struct = (depth: number): void => {
    if (depth > DEEPEST) throw wrong('its header is nested without end')
    count(1)
    for (;;) {
      if (at >= bytes.length) throw wrong('its header has no end')
      const head = bytes[at++]!
      const type = head & 15
      if (type === 0) return
      if (head >> 4 === 0) number()
      if (type > 2) element(type, depth)
    }
  }
  struct(0)
}
