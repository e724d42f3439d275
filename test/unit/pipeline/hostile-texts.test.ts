/** Any text anywhere in an upload: it is evaluated, published, and so is the run after it. */

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attackWithTexts, hostileTexts } from '../../attack/texts.ts'

/** How many uploads a long attack takes, each time others. */
const LONG = process.env.ATTACK_RUNS

test('whatever the texts are, all is published and well-formed', async () => {
  await fc.assert(
    fc.asyncProperty(hostileTexts, async (texts) => {
      expect(await attackWithTexts(texts)).toEqual([])
    }),
    LONG
      ? { numRuns: Number(LONG), endOnFailure: true }
      : { numRuns: 3, seed: 12, endOnFailure: true },
  )
}, 3_600_000)

test.each([
  ['the end of a CDATA section', [']]>', 'x', '__proto__']],
  ['names of what every object has', ['__proto__', 'constructor', 'toString']],
  ['half-written escapes and controls', ['%ff\u0000', '\ufffe', '\u001b[31m\u202e']],
])('%s', async (_, labels) => {
  const texts = {
    labels,
    ids: Array.from({ length: 48 }, (_, row) => labels[row % 3]!),
    columns: ['__proto__', ']]>'],
    values: labels,
    owner: '\ud800]]>\n::error::x',
    note: '\u0000\ud800 @me #12 <!--',
    ticket: 'https://example.org/%ff',
  }
  expect(await attackWithTexts(texts)).toEqual([])
})
