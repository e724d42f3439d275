/** The header of a NumPy array: versions 1 to 3, every length checked against the bytes there are. */

import { InputError, type Issue } from '../core/errors.ts'
import { countOf } from '../core/words.ts'
import { type Literal, parseLiteral } from './npy-literal.ts'
import { expressionOf, isUnread, type NpyType, npyType, type UnreadType } from './npy-type.ts'

/** Headers of plain arrays take 128 bytes; those of tables name their columns. */
export const MAX_NPY_HEADER_BYTE_LENGTH = 65_536
/** Bytes of a row of a structured array, more than any table has. */
const LONGEST_ROW = 2 ** 31

/** Where the items of an array lie, and how. */
export interface NpyHeader {
  readonly type: NpyType
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
  /** Where the values start, in bytes. */
  readonly dataOffset: number
  /** Bytes from a row to the next one, where other columns lie between them. */
  readonly rowStride?: number
}

/** An array, or a column of a structured one. */
export interface NpyMember {
  /** Null for a plain array, which has none of its own. */
  readonly name: string | null
  readonly descr: string
  readonly shape: readonly number[]
  /** Null where its type isn't read. */
  readonly header: NpyHeader | null
  /** Why it isn't read, where that is so. */
  readonly problem: Issue | null
}

export function isNpy(bytes: Uint8Array): boolean {
  return bytes.length >= 6 && bytes[0] === 0x93 && Buffer.from(bytes.subarray(1, 6)).equals(NUMPY)
}

const NUMPY = Buffer.from('NUMPY', 'latin1')

/**
 * Reads the header at the start of `bytes`, which may be only the first part of an array that has
 * `totalByteLength` bytes in all: one member for a plain array, one a column for a structured one. Throws
 * `InputError` unless shape × item size is exactly what follows.
 *
 * @param name of the array, for remedies
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyMembers(
  bytes: Uint8Array,
  totalByteLength: number,
  where: string,
  name = 'embeddings',
): readonly NpyMember[] {
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
  const { descr, fortranOrder, shape } = parseDictionary(text, where, textOffset)
  if (typeof descr !== 'string') {
    return structured(descr, shape, { dataOffset, totalByteLength, where, name })
  }
  const type = npyType(descr, shape.length, name)
  if (type.byteLength !== null) {
    checkLength(shape, descr, type.byteLength, totalByteLength - dataOffset, where, dataOffset)
  }
  if (isUnread(type)) {
    return [{ name: null, descr, shape, header: null, problem: { ...type.problem, where } }]
  }
  return [
    { name: null, descr, shape, header: { type, fortranOrder, shape, dataOffset }, problem: null },
  ]
}

function parseDictionary(
  text: string,
  where: string,
  offset: number,
): {
  readonly descr: string | readonly Literal[]
  readonly fortranOrder: boolean
  readonly shape: readonly number[]
} {
  const whole = parseLiteral(text)
  const entry = (name: string) => (whole instanceof Map ? whole.get(name) : undefined)
  const [descr, order, shape] = [entry('descr'), entry('fortran_order'), sizesOf(entry('shape'))]
  const isDescribed = typeof descr === 'string' || Array.isArray(descr)
  if (!isDescribed || typeof order !== 'boolean' || shape === null) {
    const lacks = !isDescribed ? 'descr' : typeof order !== 'boolean' ? 'fortran_order' : 'shape'
    throw damaged(where, offset, `its header has no readable ${lacks}: ${excerpt(text)}`)
  }
  if (shape.length > 32 || !shape.every(Number.isSafeInteger)) {
    throw damaged(where, offset, `its shape is not one that can be read: (${shape.slice(0, 5)})`)
  }
  return { descr, fortranOrder: order, shape }
}

function sizesOf(shape: Literal | undefined): readonly number[] | null {
  if (!Array.isArray(shape)) return null
  const sizes = shape.filter((size): size is number => typeof size === 'number' && size >= 0)
  return sizes.length === shape.length ? sizes : null
}

/** A column of a structured array before its place is known. */
interface Part {
  readonly name: string
  readonly descr: string
  readonly shape: readonly number[]
  readonly type: NpyType | UnreadType
}

function structured(
  descr: readonly Literal[],
  shape: readonly number[],
  file: {
    readonly dataOffset: number
    readonly totalByteLength: number
    readonly where: string
    readonly name: string
  },
): readonly NpyMember[] {
  const { dataOffset, totalByteLength, where, name } = file
  const parts = partsOf(descr, '')
  if (parts === null || parts.length === 0) {
    throw damaged(
      where,
      10,
      'its header has no readable descr: its columns are described otherwise',
    )
  }
  if (shape.length !== 1) {
    throw new InputError({
      code: 'npy-type',
      message: `The array's type is structured (${countOf(parts.length, 'column')}), and its shape is ${shapeText(shape)}; a table has one axis.`,
      where,
      hint: `Save the rows one after another: ${expressionOf(name)}.ravel()`,
    })
  }
  const rows = shape[0]!
  const sizes = parts.map(({ shape, type }) => {
    const items = shape.reduce((product, size) => product * size, 1)
    return type.byteLength === null ? null : items * type.byteLength
  })
  // Where one of them is objects all of it is pickled.
  const unsized = parts.find((_, at) => sizes[at] === null)
  const rowStride = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  if (unsized === undefined) {
    if (rowStride < 1 || rowStride > LONGEST_ROW) {
      throw damaged(where, 10, `its rows have ${rowStride} bytes; 1 to ${LONGEST_ROW} are read`)
    }
    const type = `${countOf(parts.length, 'column')}, ${rowStride} bytes a row,`
    checkLength(shape, type, rowStride, totalByteLength - dataOffset, where, dataOffset)
  }
  let offset = dataOffset
  return parts.flatMap((part, at): NpyMember[] => {
    const start = offset
    offset += sizes[at] ?? 0
    // Padding between columns has no name.
    if (part.name === '') return []
    const member = { name: part.name, descr: part.descr, shape: [rows, ...part.shape] }
    const type = isUnread(part.type) || unsized === undefined ? part.type : unsized.type
    if (isUnread(type)) {
      return [{ ...member, header: null, problem: { ...type.problem, where } }]
    }
    const header = { type, fortranOrder: false, shape: member.shape, dataOffset: start, rowStride }
    return [{ ...member, header, problem: null }]
  })
}

/** Columns of a table in a column have a name with a dot. */
function partsOf(descr: readonly Literal[], prefix: string): readonly Part[] | null {
  const parts: Part[] = []
  for (const entry of descr) {
    if (!Array.isArray(entry)) return null
    const [names, type, sizes] = entry as readonly (Literal | undefined)[]
    // A title may stand before the name.
    const name: unknown = Array.isArray(names) ? names[1] : names
    const shape = sizes === undefined ? [] : sizesOf(sizes)
    if (typeof name !== 'string' || shape === null) return null
    const full = name === '' ? '' : `${prefix}${name}`
    if (typeof type === 'string') {
      parts.push({ name: full, descr: type, shape, type: npyType(type, shape.length + 1, name) })
    } else if (Array.isArray(type) && shape.length === 0) {
      const inner = partsOf(type, `${full}.`)
      if (inner === null) return null
      parts.push(...inner)
    } else {
      return null
    }
  }
  return parts
}

function checkLength(
  shape: readonly number[],
  type: string,
  itemByteLength: number,
  available: number,
  where: string,
  dataOffset: number,
): void {
  // Exact at any size: the sizes' product overflows a double long before they do.
  const needed =
    shape.reduce((product, size) => product * BigInt(size), 1n) * BigInt(itemByteLength)
  if (needed === BigInt(available)) return
  throw new InputError({
    code: 'npy-length',
    message: `The array's shape ${shapeText(shape)} of ${type} needs ${needed} bytes, and ${available} are there.`,
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
