/** The shape of a made-up space, and its slices. */

import type { Slices } from '../../../lib/core/slices.ts'
import type { Structure } from '../../../lib/core/structure.ts'
import type { TradeOff } from '../../../lib/core/trade-off.ts'

export const STRUCTURE: Structure = {
  hubs: {
    threshold: 20,
    rows: 2,
    places: 0.03,
    most: [
      { id: 'row-3', label: 'cat', occurrences: 31, foreign: 9 },
      { id: 'row-8', label: 'dog', occurrences: 22, foreign: 0 },
    ],
  },
  dimensions: { collapsed: [4], collapsedCount: 1, variance: [0.5, 0.3, 0.15, 0.05] },
  norms: {
    median: 1.2,
    outliers: [{ id: 'row-5', label: 'cat', norm: 4.1, score: 6.3 }],
    outlierCount: 1,
  },
}

export const SLICES: Slices = {
  list: [
    {
      id: 'camera=left',
      conditions: [{ column: 'camera', value: 'left', text: 'left' }],
      rows: 60,
      errors: 18,
      rate: 0.3,
      interval: [0.199, 0.425],
      restRate: 0.08,
      p: 0.00001,
      adjustedP: 0.00004,
      difference: 'worse',
      explainedBy: null,
      expectedErrors: 7.2,
      confused: [{ a: 'cat', b: 'dog', count: 9 }],
    },
    {
      id: 'camera=right',
      conditions: [{ column: 'camera', value: 'right', text: 'right' }],
      rows: 62,
      errors: 5,
      rate: 0.08,
      interval: [0.035, 0.176],
      restRate: 0.3,
      p: 0.2,
      adjustedP: 0.4,
      difference: null,
      explainedBy: null,
      expectedErrors: 7,
      confused: [],
    },
  ],
  tested: 2,
  different: 1,
  columns: [{ name: 'camera', values: 2, by: 'value' }],
  skipped: [{ name: 'file', reason: 'more than 50 values' }],
  pairs: { tested: 0, possible: 0 },
  note: null,
}

const NO_LOSS = { value: 0, interval: [0, 0] } as const

export const TRADE_OFF: TradeOff = {
  queries: 180,
  gallery: 400,
  exactness: 'sampled',
  target: 0.01,
  variants: [
    {
      id: 'full',
      kind: 'full',
      title: 'As they are',
      dimensions: 8,
      bytesPerRow: 32,
      searchCost: 1,
      hitAt1: 0.8,
      hitAt10: 0.95,
      mapAtR: 0.6,
      hitAt1Loss: NO_LOSS,
      mapAtRLoss: NO_LOSS,
      keepsTarget: true,
    },
    {
      id: 'pca-4',
      kind: 'pca',
      title: 'PCA to 4 dimensions',
      dimensions: 4,
      bytesPerRow: 16,
      searchCost: 0.5,
      hitAt1: 0.795,
      hitAt10: 0.95,
      mapAtR: 0.601,
      hitAt1Loss: { value: 0.005, interval: [-0.002, 0.012] },
      mapAtRLoss: { value: -0.001, interval: [-0.003, 0.001] },
      keepsTarget: true,
    },
    {
      id: 'binary',
      kind: 'binary',
      title: 'Binary',
      dimensions: 8,
      bytesPerRow: 1,
      searchCost: 0.03125,
      hitAt1: 0.5,
      hitAt10: 0.8,
      mapAtR: 0.3,
      hitAt1Loss: { value: 0.3, interval: [0.2, 0.4] },
      mapAtRLoss: { value: 0.3, interval: [0.25, 0.35] },
      keepsTarget: false,
    },
  ],
  smallest: 'pca-4',
  note: null,
}
