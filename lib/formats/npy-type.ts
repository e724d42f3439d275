/** NumPy's types: those that are read, and what is said of the others. */

import type { Issue } from '../core/errors.ts'
import { shortName } from '../core/limits.ts'

/**
 * `B` is bfloat16, which NumPy has no name for and saves as two bytes, `<V2`; `M` are times and `m` spans of
 * time, both whole numbers of a unit.
 */
export interface NpyType {
  /** As NumPy writes it, for example `<f4`. */
  readonly descr: string
  readonly littleEndian: boolean
  readonly kind: 'f' | 'i' | 'u' | 'b' | 'U' | 'S' | 'B' | 'M' | 'm'
  /** Bytes of one item. */
  readonly byteLength: number
  /** Of times: how many of a unit, and which; null where the array has none. */
  readonly unit?: { readonly count: number; readonly name: string } | null
}

export interface UnreadType {
  readonly descr: string
  /** Bytes of one item; null where only Python knows. */
  readonly byteLength: number | null
  /** As the start and the rest of an issue. */
  readonly problem: Pick<Issue, 'code' | 'message' | 'hint'>
}

export function isUnread(type: NpyType | UnreadType): type is UnreadType {
  return 'problem' in type
}

/**
 * @param axes of the array that has it: two bytes without a name are bfloat16 only in vectors
 * @param name of the array, for the remedy
 */
export function npyType(descr: string, axes: number, name: string): NpyType | UnreadType {
  if (/^[|<>=]?O/.test(descr)) return { descr, byteLength: null, problem: objects(descr, name) }
  const [, order, kind, digits, unit] =
    /^([<>=|]?)([a-zA-Z])(\d{0,9})(?:\[([^\]]*)\])?$/.exec(descr) ?? []
  const size = Number(digits)
  const littleEndian = order !== '>'
  const time = /^(\d*)(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)$/.exec(unit ?? '')
  if ((kind === 'M' || kind === 'm') && size === 8 && (unit === undefined || time !== null)) {
    const parts = time === null ? null : { count: Number(time[1] || 1), name: time[2]! }
    return { descr, littleEndian, kind, byteLength: 8, unit: parts }
  }
  if (kind === 'V' && size === 2 && axes === 2) {
    return { descr, littleEndian, kind: 'B', byteLength: 2 }
  }
  if (unit === undefined && isKind(kind) && isItemSize(kind, size)) {
    return { descr, littleEndian, kind, byteLength: kind === 'U' ? size * 4 : size }
  }
  const isSized = kind !== undefined && 'cfVS'.includes(kind) && size > 0
  return {
    descr,
    byteLength: isSized ? size : null,
    problem: unread(descr, kind ?? '', size, expressionOf(name)),
  }
}

function isKind(kind: string | undefined): kind is 'f' | 'i' | 'u' | 'b' | 'U' | 'S' {
  return kind !== undefined && 'fiubUS'.includes(kind)
}

function isItemSize(kind: NpyType['kind'], size: number): boolean {
  if (kind === 'f') return size === 2 || size === 4 || size === 8
  if (kind === 'i' || kind === 'u') return [1, 2, 4, 8].includes(size)
  if (kind === 'b') return size === 1
  // An item of no bytes would let a tiny file claim any number of rows.
  return size >= 1
}

function objects(descr: string, name: string): UnreadType['problem'] {
  return {
    code: 'npy-object',
    message: `The array holds Python objects (${shortName(descr)}), which only Python's pickle can read, and nearmiss never unpickles anything.`,
    hint: `Turn it into plain strings or numbers before saving: np.array(${expressionOf(name)}, dtype=str)`,
  }
}

function unread(descr: string, kind: string, size: number, array: string): UnreadType['problem'] {
  const type = JSON.stringify(shortName(descr))
  const asFloat = `${array}.astype("float32")`
  const [what, hint] =
    kind === 'c'
      ? [
          'complex numbers',
          `Save real numbers: both parts side by side, np.concatenate([${array}.real, ${array}.imag], axis=1), or one of them.`,
        ]
      : kind === 'f' && size > 8
        ? [
            'long doubles, which each kind of machine writes in another way',
            `Save them as ${array}.astype("float64")`,
          ]
        : (kind === 'f' || kind === 'V') && size === 1
          ? [
              'numbers of one byte, as ml_dtypes saves float8 and int4 without saying which',
              `Save them as ${asFloat}, with the array as ml_dtypes has it.`,
            ]
          : kind === 'V'
            ? [
                `items of ${size} bytes without a type`,
                `Save numbers or strings: ${asFloat} where they are numbers of ml_dtypes; else give the bytes their type with ${array}.view(…)`,
              ]
            : [
                null,
                `Save vectors as ${asFloat}, and other columns as numbers or strings: ${array}.astype(str)`,
              ]
  return {
    code: 'npy-type',
    message: `The array's type is ${type}${what === null ? '' : `, ${what}`}; float16, 32 and 64, bfloat16, integers up to 64 bits, bool, times and strings are read.`,
    hint,
  }
}

/** An array's name where it can be a variable of Python. */
export function expressionOf(name: string): string {
  return /^[A-Za-z_]\w{0,40}$/.test(name) ? name : 'array'
}
