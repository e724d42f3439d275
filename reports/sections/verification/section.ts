/** Whether a distance tells pairs of one class from pairs of two. */

import type { Section } from '../section.ts'
import { VerificationCharts } from './charts.tsx'
import { verificationConclusion } from './conclusion.ts'
import * as snippets from './snippets.ts'
import { OperatingPoints, WorstVerified } from './tables.tsx'

export const section: Section = {
  id: 'verification',
  topic: 'Verification',
  conclusion: verificationConclusion,
  bare: {
    'all-equal': 'All rows are equal: no distance tells a pair of one class from a pair of two.',
  },
  parts: { OperatingPoints, VerificationCharts, WorstVerified },
  snippets,
}
