import { createHash } from 'node:crypto'
import { deserialize } from 'node:v8'
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
        fc.double(),
        fc.nat(15),
        (floats, doubles, integers, small, text, scalar, shift) => {
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
    const bytes = pack(KIND, { shared, part })
    expect(unpack(KIND, bytes)).toEqual({
      value: { shared: Int32Array.of(7, 7, 7), part: Float64Array.of(2, 3) },
    })
    // The part alone and not the array that it is a part of.
    expect(bytes.length).toBeLessThan(pack(KIND, { shared, part: new Float64Array(3) }).length)
  })

  it('are what V8 reads, behind its hash', () => {
    const bytes = pack('a', Int32Array.of(1, -2))
    const body = bytes.subarray(32)
    expect(deserialize(body)).toEqual({ kind: 'a', value: Int32Array.of(1, -2) })
    const hash = createHash('sha256').update(body).digest('hex')
    expect(Buffer.from(bytes.subarray(0, 32)).toString('hex')).toBe(hash)
  })

  it('are told from bytes that are cut, changed, or of something else', () => {
    const bytes = pack(KIND, { rows: Int32Array.of(1, 2, 3) })
    for (let length = 0; length < bytes.length; length++) {
      expect(problemOf(bytes.subarray(0, length)), `${length}`).toMatch('missing or changed')
    }
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice()
      changed[at]! ^= 1
      expect(problemOf(changed), `${at}`).toMatch('missing or changed')
    }
    expect(problemOf(Buffer.from('x'.repeat(99)))).toMatch('missing or changed')
    expect(problemOf(bytes, 'nearmiss.test/2')).toBe(
      'is "nearmiss.test/1" rather than "nearmiss.test/2"',
    )
  })

  it("can't be made of what is no data", () => {
    expect(() => pack(KIND, { count: () => 1 })).toThrow('could not be cloned')
  })
})
