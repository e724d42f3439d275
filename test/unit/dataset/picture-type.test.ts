import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { pictureType } from '../../../lib/dataset/picture-type.ts'
import { sampleFile } from '../../evaluate-sample.ts'

/** First bytes as the formats' specifications give them. */
const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

it.each([
  ['jpg', 'ff d8 ff e0 00 10 4a 46 49 46'],
  ['gif', '47 49 46 38 39 61 01 00 01 00'],
  ['gif', '47 49 46 38 37 61 01 00 01 00'],
  ['webp', '52 49 46 46 24 00 00 00 57 45 42 50 56 50 38 20'],
  ['avif', '00 00 00 1c 66 74 79 70 61 76 69 66 00 00 00 00'],
])('tells %s by its first bytes (%s)', (type, hex) => {
  expect(pictureType(bytes(hex))).toBe(type)
})

it('tells a real PNG, and not its beginning', () => {
  const png = new Uint8Array(readFileSync(sampleFile('digits/sprite.png')))
  expect(pictureType(png)).toBe('png')
  expect(pictureType(png.subarray(0, 7))).toBeNull()
})

it.each([
  ['a page', '<!doctype html><script>1</script>'],
  ['a drawing that may hold a script', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['an archive', 'PK\u0003\u0004embeddings.npy'],
  ['another RIFF file', 'RIFF....WAVEfmt '],
  ['a film', '....ftypisom....'],
  ['nothing', ''],
])('takes %s for no picture', (_, text) => {
  expect(pictureType(new TextEncoder().encode(text))).toBeNull()
})
