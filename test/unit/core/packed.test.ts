import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pack, unpack } from '../../../lib/core/packed.ts'
import { sharedInt32 } from '../../../lib/core/shared-memory.ts'

const KIND = 'nearmiss.test/1'

function problemOf(bytes: Uint8Array, kind = KIND): string | null {
  const unpacked = unpack(kind, bytes)
  return 'problem' in unpacked ? unpacked.problem : null
}

describe('packed values', () => {
  it('come back as they were, wherever the bytes start', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ maxLength: 20 }),
        fc.float64Array({ maxLength: 20 }),
        fc.int32Array({ maxLength: 20 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.nat(15),
        (floats, doubles, integers, small, text, number, shift) => {
          // JSON has no −0; counts and positions don't need it.
          const scalar = number === 0 ? 0 : number
          const value = { text, list: [scalar, { floats, doubles }], integers, small, none: null }
          const bytes = pack(KIND, value)
          const shifted = new Uint8Array(bytes.length + shift)
          shifted.set(bytes, shift)
          expect(unpack(KIND, shifted.subarray(shift))).toEqual({ value })
        },
      ),
    )
  })

  it('hold arrays on shared memory, and parts of arrays', () => {
    const shared = sharedInt32(3).fill(7)
    const part = Float64Array.of(1, 2, 3).subarray(1)
    expect(unpack(KIND, pack(KIND, { shared, part }))).toEqual({
      value: { shared: Int32Array.of(7, 7, 7), part: Float64Array.of(2, 3) },
    })
  })

  it('lie as the description says', () => {
    const bytes = pack('a', Int32Array.of(1, -2))
    const header = '{"kind":"a","value":{"packed":"Int32Array","offset":0,"length":2}}'
    expect(header).toHaveLength(66)
    const start = Buffer.alloc(88)
    start.write('NMPACK01')
    start.writeUInt32LE(66, 8)
    start.writeDoubleLE(8, 12)
    start.write(header, 20)
    const body = Buffer.concat([start, Buffer.from([1, 0, 0, 0, 254, 255, 255, 255])])
    const hash = createHash('sha256').update(body).digest()
    expect(Buffer.from(bytes)).toEqual(Buffer.concat([body, hash]))
  })

  it('are told from bytes that are cut, changed, or of something else', () => {
    const bytes = pack(KIND, { rows: Int32Array.of(1, 2, 3) })
    for (let length = 0; length < bytes.length; length++) {
      expect(problemOf(bytes.subarray(0, length)), `${length}`).not.toBeNull()
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at]! ^= 1
      expect(problemOf(changed), `${at}`).not.toBeNull()
    }
    expect(problemOf(new Uint8Array(3))).toBe('has 3 bytes, and the shortest has 52')
    expect(problemOf(Buffer.from('x'.repeat(99)))).toBe(
      'starts with "xxxxxxxx" rather than "NMPACK01"',
    )
    expect(problemOf(bytes.subarray(0, -1))).toBe(
      `has ${bytes.length - 1} bytes where its start promises ${bytes.length}`,
    )
    expect(problemOf(bytes, 'nearmiss.test/2')).toBe(
      'is "nearmiss.test/1" rather than "nearmiss.test/2"',
    )
  })

  it("can't be made of what has no place in them", () => {
    expect(() => pack(KIND, { words: new Uint16Array(1) })).toThrow("Uint16Array can't be packed")
  })
})
