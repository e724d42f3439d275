/** Damage to the bytes of a file, of the kinds that disks, networks and attackers do. */

import type { Chance } from './chance.ts'

/** Written where sizes, counts and offsets stand. */
const EXTREMES: readonly bigint[] = [
  0n,
  1n,
  127n,
  255n,
  65_535n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 40n,
  2n ** 53n,
  2n ** 62n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
]

type Edit = (bytes: Buffer, chance: Chance) => Buffer

/** A place: anywhere, or near the start or the end, where the headers are. */
function place(length: number, chance: Chance): number {
  if (length === 0) return 0
  const near = Math.min(length, 160)
  if (chance.once(3)) return chance.below(near)
  return chance.once(2) ? length - 1 - chance.below(near) : chance.below(length)
}

const flip: Edit = (bytes, chance) => {
  const at = place(bytes.length, chance)
  if (bytes.length > 0) bytes[at] = bytes[at]! ^ (1 << chance.below(8))
  return bytes
}

const byte: Edit = (bytes, chance) => {
  if (bytes.length > 0) {
    bytes[place(bytes.length, chance)] = chance.pick([0, 1, 0x7f, 0x80, 0xff, chance.below(256)])
  }
  return bytes
}

const extreme: Edit = (bytes, chance) => {
  const width = chance.pick([2, 4, 8])
  const at = Math.min(place(bytes.length, chance), bytes.length - width)
  if (at < 0) return bytes
  const value = chance.pick(EXTREMES) & (2n ** BigInt(width * 8) - 1n)
  for (let step = 0; step < width; step++) {
    const shift = BigInt(8 * step)
    bytes[at + step] = Number((value >> shift) & 255n)
  }
  return bytes
}

const insert: Edit = (bytes, chance) => {
  const at = place(bytes.length, chance)
  const added = Buffer.alloc(1 + chance.below(40), chance.pick([0, 0xff, 0x20, chance.below(256)]))
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
}

const remove: Edit = (bytes, chance) => {
  const at = place(bytes.length, chance)
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + chance.below(40))])
}

const splice: Edit = (bytes, chance) => {
  const length = 1 + chance.below(64)
  const [from, to] = [place(bytes.length, chance), place(bytes.length, chance)]
  bytes.copyWithin(to, from, from + length)
  return bytes
}

const repeat: Edit = (bytes, chance) => {
  const at = place(bytes.length, chance)
  const part = bytes.subarray(at, at + 1 + chance.below(200))
  return Buffer.concat([bytes.subarray(0, at), part, part, bytes.subarray(at)])
}

const EDITS: readonly Edit[] = [flip, byte, extreme, insert, remove, splice, repeat]

export function cut(bytes: Buffer, chance: Chance): Buffer {
  return Buffer.from(bytes.subarray(0, chance.below(bytes.length)))
}

/** One to four edits, one after another. */
export function damage(original: Buffer, chance: Chance): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let left = 1 + chance.below(4); left > 0; left--) bytes = chance.pick(EDITS)(bytes, chance)
  return bytes
}
