/** `<project>/badge.svg`: the latest run's figure and what is left to do, for a README. */

import { escapeXml } from '../../lib/core/escape.ts'
import type { ProjectIndex } from '../../lib/core/project-index.ts'
import { publishedRuns } from '../view/project-view.ts'
import { count, share } from '../words/format.ts'
import { textWidth } from './text.ts'

const NAME = 'nearmiss'
const SIZE = 11
const PADDING = 7
const COLOURS = { passed: '#155fa8', failed: '#b5400c', unknown: '#5d646d' } as const

export function renderBadge(index: ProjectIndex): string {
  const latest = publishedRuns(index).at(-1)
  const gate = latest?.summary.gatePassed ?? null
  const says = latest
    ? `${share(latest.summary.accuracy).replace('\u00a0', ' ')}, ${count(latest.summary.openItems)} to fix${gate === false ? ', gate failed' : ''}`
    : 'no report yet'
  const colour = COLOURS[gate === null ? 'unknown' : gate ? 'passed' : 'failed']
  // A reader's own font may be wider than the one that is measured.
  const width = (text: string) => Math.ceil(textWidth(text, SIZE, 'regular') * 1.12) + 2 * PADDING
  const [left, right] = [width(NAME), width(says)]
  const text = (words: string, x: number) =>
    `<text x="${x}" y="14" text-anchor="middle">${escapeXml(words)}</text>`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${NAME}: ${escapeXml(says)}">`,
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    '<g clip-path="url(#r)">',
    `<rect width="${left}" height="20" fill="#16191d"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${colour}"/>`,
    '</g>',
    `<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="${SIZE}">`,
    text(NAME, left / 2),
    text(says, left + right / 2),
    '</g></svg>\n',
  ].join('')
}
