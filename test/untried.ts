/** A trade-off of which nothing was tried, for tests that look at other sections. */

import type { TradeOff } from '../lib/core/trade-off.ts'

export const UNTRIED: TradeOff = {
  queries: 0,
  gallery: 0,
  exactness: 'exact',
  target: 0.01,
  variants: [],
  smallest: null,
  note: 'Nothing was tried.',
}
