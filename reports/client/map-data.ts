/** What the interactive map reads: columns by row, packed as text so that a page from disk can load them. */

export interface MapData {
  readonly rows: number
  readonly run: string
  /** Best first. */
  readonly maps: readonly PackedMap[]
  /** One a line. */
  readonly ids: string
  readonly classes: readonly string[]
  /** Classes to tell apart by colour, those with the most errors first. */
  readonly told: readonly number[]
  readonly label: string
  /** 1 where the nearest neighbour has the row's label. */
  readonly right: string
  /** 0 wrong, 1 right, 2 not there; null without a baseline. */
  readonly before: { readonly run: string; readonly right: string } | null
  /** Row of the nearest neighbour, −1 without, and how far it is. */
  readonly nearest: string
  readonly distance: string
  readonly margin: string
  readonly slices: readonly PackedSlice[]
  readonly images: PackedImages | null
  readonly evidence: readonly {
    readonly title: string
    readonly href: string
    readonly rows: string
  }[]
}

export interface PackedMap {
  readonly title: string
  readonly note: string
  /** 0 to 65,534 across the map's longer side; 65,535: not on it. */
  readonly x: string
  readonly y: string
  /** Where the baseline had the row, likewise; null where the maps don't share their places. */
  readonly before: { readonly x: string; readonly y: string } | null
}

/** A metadata column: a name for each value, or numbers in 254 steps from `low` to `high`. */
export interface PackedSlice {
  readonly name: string
  readonly values: readonly string[] | null
  readonly low: number
  readonly high: number
  /** 255: none. */
  readonly codes: string
}

export type PackedImages =
  | {
      readonly kind: 'sprite'
      readonly tile: readonly [number, number]
      readonly perLine: number
      readonly place: string
    }
  /** What all addresses begin with is left out; an empty line: no picture. */
  | { readonly kind: 'links'; readonly start: string; readonly rest: string }

export const ABSENT = 65_535
export const NO_CODE = 255

type Kind<T> = new (buffer: ArrayBuffer) => T

/** The numbers of a packed column. */
export function unpack<T>(text: string, kind: Kind<T>): T {
  const bytes = atob(text)
  const array = new Uint8Array(bytes.length)
  for (let at = 0; at < array.length; at++) array[at] = bytes.charCodeAt(at)
  return new kind(array.buffer)
}
