/** How many of the rows that are heard must agree, worked by hand: four fifths of them, of five at least. */

import { expect, test } from 'vitest'
import { isAgreed } from '../../../../lib/metrics/quality/label-votes.ts'

test.each([
  { votes: 8, voters: 10, agreed: true },
  { votes: 7, voters: 10, agreed: false },
  { votes: 4, voters: 5, agreed: true },
  { votes: 5, voters: 6, agreed: true },
  { votes: 4, voters: 6, agreed: false },
  { votes: 4, voters: 4, agreed: false },
])('$votes of $voters votes: $agreed', ({ votes, voters, agreed }) => {
  expect(isAgreed(votes, voters)).toBe(agreed)
})
