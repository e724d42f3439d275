import { expect, test } from 'vitest'
import { keysText, parseKeys } from '../../../../functions/reader/key-text.ts'
import {
  newKey,
  type ReaderKeys,
  rotatedKeys,
  signingKey,
} from '../../../../functions/reader/keys.ts'

const HOUR_MS = 3_600_000
const at = (time: string) => new Date(`2026-03-01T${time}Z`)
const key = (kid: string, time: string) => ({ ...newKey(at(time)), kid })
const kids = (keys: ReaderKeys) => keys.map(({ kid }) => kid)

test('a new key signs ten minutes later, when it is known everywhere, and an only one at once', () => {
  const keys = [key('a', '00:00:00'), key('b', '06:00:00')]
  expect(signingKey(keys, at('06:09:59')).kid).toBe('a')
  expect(signingKey(keys, at('06:10:00')).kid).toBe('b')
  expect(signingKey([key('b', '06:00:00')], at('06:00:00')).kid).toBe('b')
})

test('a key stays for as long as a token that it signed may hold', () => {
  const keys = [key('a', '00:00:00'), key('b', '06:00:00')]
  // The last token of a is signed at 06:10, and holds for an hour.
  expect(kids(rotatedKeys(keys, at('07:10:00'), HOUR_MS)).slice(0, 2)).toEqual(['a', 'b'])
  const later = rotatedKeys(keys, at('07:10:01'), HOUR_MS)
  expect(kids(later).slice(0, 1)).toEqual(['b'])
  expect(later).toHaveLength(2)
  expect(signingKey(later, at('07:10:01')).kid).toBe('b')
})

test('keys are random, and read as they were written', () => {
  const keys = [key('a', '00:00:00'), newKey(at('00:00:00'))]
  expect(keys[0]!.key).toMatch(/^[0-9a-f]{64}$/)
  expect(keys[0]!.key).not.toBe(keys[1]!.key)
  expect(parseKeys(keysText(keys))).toEqual(keys)
})

test.each(['', 'x', '{}', '{"keys":[{"kid":"a","key":"short","madeAt":"2026-03-01T00:00:00Z"}]}'])(
  'a damaged secret is told: %j',
  (text) => {
    expect(() => parseKeys(text)).toThrow(/damaged/)
  },
)
