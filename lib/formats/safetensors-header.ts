/** The header of a safetensors file: which tensors it holds, and where. Nothing that it claims is believed. */

import { InputError } from '../core/errors.ts'
import type { FileSource } from '../core/file-source.ts'
import { shortName } from '../core/limits.ts'

export interface Tensor {
  readonly name: string
  /** As the format calls it: `F32`, `BF16`, `I64`. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Within the file. */
  readonly start: number
  readonly end: number
}

/** Bytes of one number; those of other types, such as four bits, aren't known here. */
export const DTYPE_BYTES: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
}

/** The header's length stands in so many bytes, least significant first. */
const LENGTH_BYTES = 8
/** Tools write some hundred bytes a tensor; the format itself allows 100 MB. */
const MAX_HEADER_BYTES = 16 * 2 ** 20
const MOST_TENSORS = 10_000
const MOST_AXES = 32

/** Throws `InputError` for a file that is damaged or that contradicts itself. */
export async function readSafetensorsHeader(file: FileSource): Promise<readonly Tensor[]> {
  const { name: source, byteLength } = file
  const wrong = (problem: string) => damaged(source, problem)
  if (byteLength < LENGTH_BYTES + 2) throw wrong(`it has ${byteLength} bytes`)
  const first = await file.slice(0, LENGTH_BYTES)
  const length = new DataView(first.buffer, first.byteOffset, LENGTH_BYTES).getBigUint64(0, true)
  const room = byteLength - LENGTH_BYTES
  if (length > BigInt(Math.min(room, MAX_HEADER_BYTES))) {
    throw wrong(
      length > BigInt(room)
        ? `its header claims ${length} bytes, and ${room} follow`
        : `its header has ${length} bytes; at most ${MAX_HEADER_BYTES} are read`,
    )
  }
  const dataStart = LENGTH_BYTES + Number(length)
  const header = parseHeader(await file.slice(LENGTH_BYTES, dataStart), wrong)
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__')
  if (entries.length > MOST_TENSORS) {
    throw wrong(`it lists ${entries.length} tensors; at most ${MOST_TENSORS} are read`)
  }
  const tensors = entries.map(([name, entry]) => tensorOf(name, entry, dataStart, wrong))
  checkLayout(tensors, dataStart, byteLength, wrong)
  if (tensors.length === 0) {
    throw new InputError({
      code: 'safetensors-empty',
      message: 'The file holds 0 tensors.',
      where: source,
      hint: 'Save the vectors with safetensors.numpy.save_file({"embeddings": embeddings, "labels": labels}, "embeddings.safetensors")',
    })
  }
  return tensors
}

type Wrong = (problem: string) => InputError

function parseHeader(bytes: Uint8Array, wrong: Wrong): Record<string, unknown> {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw wrong('its header is not JSON in UTF-8')
  }
  if (!isRecord(header)) throw wrong('its header is not a JSON object')
  return header
}

function tensorOf(name: string, entry: unknown, dataStart: number, wrong: Wrong): Tensor {
  const called = JSON.stringify(shortName(name))
  if (!isRecord(entry)) throw wrong(`its header says nothing of the tensor ${called}`)
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(offsets)) {
    throw wrong(`its header lacks a dtype, a shape or data_offsets of the tensor ${called}`)
  }
  const [start, end] = offsets
  if (offsets.length !== 2 || start! > end!) {
    throw wrong(`the tensor ${called} lies from byte ${start} to ${end}`)
  }
  if (shape.length > MOST_AXES) throw wrong(`the tensor ${called} has ${shape.length} axes`)
  const size = DTYPE_BYTES[dtype]
  const bytes = shape.reduce((product, axis) => product * axis, size ?? 0)
  if (size !== undefined && bytes !== end! - start!) {
    throw wrong(
      `the tensor ${called} of shape (${shape.join(', ')}) and type ${dtype} needs ${bytes} bytes and has ${end! - start!}`,
    )
  }
  return { name, dtype, shape, start: dataStart + start!, end: dataStart + end! }
}

/** Tensors fill the file one after another: what overlaps or leaves a gap isn't what was saved. */
function checkLayout(
  tensors: readonly Tensor[],
  dataStart: number,
  byteLength: number,
  wrong: Wrong,
): void {
  let at = dataStart
  const ordered = tensors.slice().sort((a, b) => a.start - b.start || a.end - b.end)
  for (const { name, start, end } of ordered) {
    if (start !== at) {
      const called = JSON.stringify(shortName(name))
      throw wrong(
        `the tensor ${called} starts at byte ${start} where the one before it ends at ${at}`,
      )
    }
    at = end
  }
  if (at === byteLength) return
  throw wrong(`its tensors end at byte ${at}, and the file has ${byteLength} bytes`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0)
}

function damaged(source: string, problem: string): InputError {
  return new InputError({
    code: 'safetensors-damaged',
    message: `The file is not safetensors that can be read: ${problem}.`,
    where: source,
    hint: 'It was damaged or cut short: save it again with safetensors.numpy.save_file and upload it whole.',
  })
}
