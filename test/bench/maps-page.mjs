/** What was measured of the maps, as a section of the benchmark's page. */

import { median, medianRatio } from './ratios.mjs'
import { table } from './table.mjs'
import { sizeText } from './targets.mjs'

const FASTER = 3
const TRUST = 0.01
const TITLES = { tsne: 't-SNE', umap: 'UMAP' }

/**
 * @param {import('./maps.mjs').Maps & { date: string, command: string }} maps
 * @returns {string[]} paragraphs
 */
export function mapsPart({ date, command, backend, version, data, own, theirs, growth }) {
  const ratio = medianRatio(
    theirs.map(({ seconds }) => seconds),
    own.map(({ seconds }) => seconds),
  )
  const trust = (/** @type {readonly { trustworthiness: number }[]} */ rounds) =>
    median(rounds.map(({ trustworthiness }) => trustworthiness))
  const behind = trust(theirs) - trust(own)
  const work = `t-SNE of ${sizeText(data)}`
  return [
    '## Maps',
    `Measured on ${date} by \`${command}\`: embedding data, perplexity 30, from the principal plane, with the search for neighbours; ours on ${backend}, theirs ${version}'s \`TSNE(init='pca', n_jobs=-1)\`. ${own.length === 1 ? 'One round' : `Medians of ${own.length} rounds, the sides one after the other`}. Trustworthiness: 10 neighbours, of the same 5,000 rows at most, by scikit-learn.`,
    table(
      [
        'work',
        'ours, s',
        'theirs, s',
        'trustworthiness, ours',
        'theirs',
        'to reach',
        'reached',
        'met',
      ],
      [
        [
          work,
          seconds(own),
          seconds(theirs),
          trust(own).toFixed(4),
          trust(theirs).toFixed(4),
          `${FASTER}× as fast, at most ${TRUST} less trustworthy`,
          `${ratio.toFixed(1)}×, ${behind > 0 ? `${behind.toFixed(4)} less` : `${(-behind).toFixed(4)} more`}`,
          ratio >= FASTER && behind <= TRUST ? 'yes' : '**no**',
        ],
      ],
    ),
    'How the cost grows, one run each; UMAP runs on one thread, so that one seed gives one picture.',
    table(
      ['map', 'data', 'seconds', 'of them neighbours', 'peak MB', 'trustworthiness'],
      growth.map((one) => [
        TITLES[one.method],
        sizeText(one.data),
        one.seconds.toFixed(1),
        one.neighborsSeconds.toFixed(1),
        String(Math.round(one.peakBytes / 1e6)),
        one.trustworthiness.toFixed(3),
      ]),
    ),
  ]
}

/** @param {readonly { seconds: number }[]} rounds */
function seconds(rounds) {
  const all = rounds.map((round) => round.seconds)
  const range =
    all.length > 1 ? ` (${Math.min(...all).toFixed(1)}–${Math.max(...all).toFixed(1)})` : ''
  return `${median(all).toFixed(1)}${range}`
}
