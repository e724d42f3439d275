/** The header of a NumPy array: versions 1 to 3, every length checked against the bytes there are. */

import { InputError } from '../core/errors.ts'

/** Headers of plain arrays take 128 bytes; those of structured types a few for each field. */
export const MAX_NPY_HEADER_BYTE_LENGTH = 65_536

export interface NpyType {
  /** As NumPy writes it, for example `<f4`. */
  readonly descr: string
  readonly littleEndian: boolean
  /** NumPy's letters; `V` is a bfloat16, which ml_dtypes saves as two bytes without a type. */
  readonly kind: 'f' | 'i' | 'u' | 'b' | 'U' | 'S' | 'M' | 'V'
  /** Bytes of one item. */
  readonly byteLength: number
  /** Of times: what one of them counts, as `ns`, and how many of it. */
  readonly unit?: { readonly name: string; readonly count: number }
  /** Of a structured type, whose `kind` says nothing. */
  readonly members?: readonly NpyMember[]
}

/** A field of a structured array. */
export interface NpyMember {
  readonly name: string
  readonly type: NpyType
  /** Of one item; empty for a single value. */
  readonly shape: readonly number[]
  /** In the item, in bytes. */
  readonly offset: number
}

export interface NpyHeader {
  readonly type: NpyType
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the values start, in bytes. */
  readonly dataOffset: number
}

export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && bytes[0] === 0x93 && Buffer.from(bytes.subarray(1, 6)).equals(NUMPY)
}

const NUMPY = Buffer.from('NUMPY', 'latin1')

/**
 * Reads the header at the start of `bytes`, which may be only the first part of an array that has
 * `totalByteLength` bytes in all. Throws `InputError` unless shape × item size is exactly what follows.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyHeader(
  bytes: Uint8Array,
  totalByteLength: number,
  where: string,
): NpyHeader {
  if (!isNpy(bytes)) {
    throw damaged(where, 0, 'it does not start with \\x93NUMPY')
  }
  const version = bytes[6]
  if (version !== 1 && version !== 2 && version !== 3) {
    throw damaged(
      where,
      6,
      version === undefined
        ? `it ends after ${bytes.length} bytes, inside the header`
        : `its version is ${version}; versions 1, 2 and 3 are read`,
    )
  }
  const lengthByteLength = version === 1 ? 2 : 4
  const textOffset = 8 + lengthByteLength
  if (bytes.length < textOffset) {
    throw damaged(where, bytes.length, `it ends after ${bytes.length} bytes, inside the header`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const textByteLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (textByteLength > MAX_NPY_HEADER_BYTE_LENGTH) {
    throw damaged(
      where,
      8,
      `its header claims ${textByteLength} bytes; at most ${MAX_NPY_HEADER_BYTE_LENGTH} are read`,
    )
  }
  const dataOffset = textOffset + textByteLength
  if (dataOffset > bytes.length) {
    throw damaged(
      where,
      8,
      `its header claims ${textByteLength} bytes, and ${bytes.length - textOffset} follow`,
    )
  }
  const text = Buffer.from(bytes.subarray(textOffset, dataOffset)).toString(
    version === 3 ? 'utf8' : 'latin1',
  )
  const header = { ...parseDictionary(text, where, textOffset), dataOffset }
  checkLength(header, totalByteLength, where)
  return header
}

function parseDictionary(
  text: string,
  where: string,
  offset: number,
): Pick<NpyHeader, 'type' | 'fortranOrder' | 'shape'> {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[.*\])\s*,\s*'fortran_order')/s.exec(text)
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)
  const shape = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)
  if (descr === null || order === null || shape === null || !/^\s*\{.*\}\s*$/s.test(text)) {
    const lacks = descr === null ? 'descr' : order === null ? 'fortran_order' : 'shape'
    throw damaged(where, offset, `its header has no readable ${lacks}: ${excerpt(text)}`)
  }
  const sizes = shape[1]!
    .split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number)
  if (sizes.length > 32 || !sizes.every(Number.isSafeInteger)) {
    throw damaged(where, offset, `its shape is not one that can be read: ${excerpt(shape[0])}`)
  }
  return {
    type: descr[2] === undefined ? parseType(descr[1]!, where) : structuredType(descr[2], where),
    fortranOrder: order[1] === 'True',
    shape: sizes,
  }
}

function parseType(descr: string, where: string): NpyType {
  if (/^[|<>=]?O/.test(descr)) {
    throw new InputError({
      code: 'npy-object',
      message: `The array holds Python objects (${descr}), which only Python's pickle can read, and nearmiss never unpickles anything.`,
      where,
      hint: 'Turn it into plain strings or numbers before saving: labels.astype(str).',
    })
  }
  const [, order, kind, digits, count, unit] =
    /^([<>=|]?)([fiubUSMV])(\d{1,9})(?:\[(\d*)([A-Za-z]+)\])?$/.exec(descr) ?? []
  const size = Number(digits)
  if (!isKind(kind) || !isItemSize(kind, size) || (kind === 'M' && unit === undefined)) {
    throw unreadType(descr, where)
  }
  return {
    descr,
    littleEndian: order !== '>',
    kind,
    byteLength: kind === 'U' ? size * 4 : size,
    ...(unit === undefined ? {} : { unit: { name: unit, count: Number(count || 1) } }),
  }
}

/** One member: its name, its type, and the shape of an item where it is more than one value. */
const MEMBER = /\(\s*'([^']*)'\s*,\s*'([^']*)'\s*(?:,\s*\(([\d,\s]*)\)\s*)?\)\s*,?\s*/y

function structuredType(text: string, where: string): NpyType {
  const members: NpyMember[] = []
  let offset = 0
  const inner = text.slice(1, -1)
  MEMBER.lastIndex = 0
  for (let at = 0; at < inner.length; at = MEMBER.lastIndex) {
    const member = MEMBER.exec(inner)
    if (member === null) throw unreadType('structured, with records inside of records', where)
    const [, name, descr, sizes = ''] = member
    const shape = sizes
      .split(',')
      .map((size) => size.trim())
      .filter((size) => size !== '')
      .map(Number)
    const isPadding = name === '' && /^\|V\d+$/.test(descr!)
    const count = shape.reduce((product, size) => product * size, 1)
    const bytes = isPadding ? Number(descr!.slice(2)) : 0
    const type = isPadding ? null : parseType(descr!, `${where}, member ${name}`)
    if (type !== null) members.push({ name: name!, type, shape, offset })
    offset += type === null ? bytes : type.byteLength * count
  }
  if (!Number.isSafeInteger(offset) || offset === 0)
    throw unreadType('structured, of 0 bytes', where)
  return { descr: 'structured', littleEndian: true, kind: 'V', byteLength: offset, members }
}

function unreadType(type: string, where: string): InputError {
  const isComplex = /^[<>=|]?c\d/.test(type)
  return new InputError({
    code: 'npy-type',
    message: `The array's type is ${excerpt(type)}; float16, 32 and 64, bfloat16, integers up to 64 bits, bool, datetime64, strings and records of these are read.`,
    where,
    hint: isComplex
      ? 'Save real and imaginary parts side by side: np.concatenate([embeddings.real, embeddings.imag], axis=1).'
      : 'Save vectors as float32, for example embeddings.astype("float32"), and other columns as numbers or strings: column.astype(str).',
  })
}

function isKind(kind: string | undefined): kind is NpyType['kind'] {
  return kind !== undefined && 'fiubUSMV'.includes(kind)
}

function isItemSize(kind: NpyType['kind'], size: number): boolean {
  if (kind === 'f') return size === 2 || size === 4 || size === 8
  if (kind === 'i' || kind === 'u') return [1, 2, 4, 8].includes(size)
  if (kind === 'b') return size === 1
  if (kind === 'M') return size === 8
  // Two bytes without a type are a bfloat16; others could be anything.
  if (kind === 'V') return size === 2
  // An item of no bytes would let a tiny file claim any number of rows.
  return size >= 1
}

function checkLength(header: NpyHeader, totalByteLength: number, where: string): void {
  const { shape, type, dataOffset } = header
  // Exact at any size: the sizes' product overflows a double long before they do.
  const needed =
    shape.reduce((product, size) => product * BigInt(size), 1n) * BigInt(type.byteLength)
  const available = totalByteLength - dataOffset
  if (needed === BigInt(available)) return
  throw new InputError({
    code: 'npy-length',
    message: `The array's shape ${shapeText(shape)} of ${type.descr} needs ${needed} bytes, and ${available} are there.`,
    where: `${where}, byte ${dataOffset}`,
    hint:
      needed > BigInt(available)
        ? 'The file was cut short: save it again and upload it whole.'
        : 'More than one array was saved into the file: save each into a file of its own, or all with np.savez.',
  })
}

/** As Python writes it: `(899, 32)`, `(899,)`. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
}

function damaged(where: string, byte: number, problem: string): InputError {
  return new InputError({
    code: 'npy-header',
    message: `This is not a NumPy array that can be read: ${problem}.`,
    where: `${where}, byte ${byte}`,
    hint: 'Save the array again with np.save or np.savez and upload the whole file.',
  })
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
