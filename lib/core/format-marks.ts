/** How a file's first bytes tell its format. */

type Mark = (start: Uint8Array) => boolean

/** So many of a file's first bytes tell any format. */
export const START_BYTES = 512

/** Where the name of a zip's first entry stands, and its length. */
const ZIP_NAME = 30
const ZIP_NAME_LENGTH = 26

export function startsWith(...bytes: readonly number[]): Mark {
  return (start) => bytes.every((byte, at) => start[at] === byte)
}

export function startsWithText(...texts: readonly string[]): Mark {
  return (start) => texts.some((text) => textAt(0, text)(start))
}

export function textAt(place: number, text: string): Mark {
  return (start) => [...text].every((letter, at) => start[place + at] === letter.charCodeAt(0))
}

/**
 * Eight bytes say how long the header is, and that begins as JSON does. Of such a length some byte is
 * zero, or 255 in a damaged one, which no text holds: `{"r000":{"label"` is JSON.
 */
export function startsAsSafetensors(start: Uint8Array): boolean {
  const length = start.subarray(0, 8)
  return textAt(8, '{"')(start) && length.some((byte) => byte === 0 || byte === 255)
}

/** A zip whose first entry has such a name. */
export function zipStartsWith(name: RegExp): Mark {
  const isZip = startsWithText('PK\u0003\u0004')
  return (start) => {
    if (!isZip(start)) return false
    const length = start[ZIP_NAME_LENGTH]! + 256 * start[ZIP_NAME_LENGTH + 1]!
    return name.test(String.fromCharCode(...start.subarray(ZIP_NAME, ZIP_NAME + length)))
  }
}
