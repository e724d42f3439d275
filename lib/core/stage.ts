/** The stages of an evaluation, in their order, with the words that tell which one is under way. */

export const STAGE_WORDS = {
  read: 'reading the files',
  baseline: 'reading the baseline',
  backend: 'starting the backend',
  neighbors: 'finding neighbours',
  structure: 'measuring the space',
  'trade-off': 'trying smaller vectors',
  metrics: 'computing figures',
  drift: 'measuring drift',
  projection: 'drawing the map',
  findings: 'looking for what to fix',
  history: 'comparing with earlier runs',
  pictures: 'gathering pictures',
  render: 'writing pages',
  publish: 'publishing',
} as const

export type Stage = keyof typeof STAGE_WORDS

export const STAGES = Object.keys(STAGE_WORDS) as readonly Stage[]
