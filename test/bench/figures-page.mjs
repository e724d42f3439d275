/** What the figures cost, as a section of the benchmark's page. */

import { STAGES } from './figures.mjs'
import { median } from './ratios.mjs'
import { table } from './table.mjs'
import { percent, sizeText } from './targets.mjs'

const MOST = 0.6

/**
 * @param {import('./figures.mjs').Figures & { date: string, command: string }} figures
 * @returns {string[]} paragraphs
 */
export function figuresPart({ date, command, data, sides }) {
  return [
    '## All figures beside the join',
    `Measured on ${date} by \`${command}\`: \`nearmiss report\` of ${sizeText(data)}, ${data.classes} classes, with a baseline and without maps; seconds of \`timings\` in \`report.json\`, medians of ${sides[0]?.rounds.length ?? 0} rounds, the backends one after the other. The share is the median of the rounds’ own, with the least and the greatest behind it.`,
    table(
      ['backend', 'the join', ...STAGES, 'share of the join', 'to reach', 'met'],
      sides.map(({ backend, rounds }) => {
        const of = (/** @type {string} */ stage) => rounds.map((round) => round[stage] ?? 0)
        const shares = rounds.map((round) => {
          const sum = STAGES.reduce((all, stage) => all + (round[stage] ?? 0), 0)
          return sum / (round.neighbors ?? Number.NaN)
        })
        const share = median(shares)
        return [
          backend,
          ...['neighbors', ...STAGES].map((stage) => median(of(stage)).toFixed(2)),
          `${percent(share)} (${percent(Math.min(...shares))}–${percent(Math.max(...shares))})`,
          `at most ${percent(MOST)}`,
          share <= MOST ? 'yes' : '**no**',
        ]
      }),
    ),
  ]
}
