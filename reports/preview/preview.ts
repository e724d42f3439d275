/** The picture that a chat shows beside a link to a run: 1200 × 630, verdict and worst pair. */

import { escapeXml } from '../../lib/core/escape.ts'
import type { Report } from '../../lib/core/report.ts'
import type { FailedRun } from '../../lib/core/run-record.ts'
import { count, share, shortened } from '../words/format.ts'
import { verdict } from '../words/verdict.ts'
import { fitted, isDrawable, textWidth, type Weight, wrapped } from './text.ts'

const PREVIEW_WIDTH = 1200
const PREVIEW_HEIGHT = 630

const MARGIN = 72
const INNER = PREVIEW_WIDTH - 2 * MARGIN
const INK = '#16191d'
const MUTED = '#5d646d'
const GOOD = '#155fa8'
const BAD = '#b5400c'
const LINE = '#e0e0da'

/** What stands where a run's own picture can't be drawn: no text from outside is in it. */
export function plainPreviewSvg(): string {
  return framed([sentence('A report on embeddings.', INK), rule(430)])
}

/** A run's picture as SVG. */
export function previewSvg(report: Report): string {
  // Names of classes stand below, where there is room for them.
  const says = verdict({ ...report, confusion: { ...report.confusion, pairs: [] } })
  const tone = report.comparison?.verdict
  const colour = tone === 'better' ? GOOD : tone === 'worse' ? BAD : INK
  const [worst, next] = report.confusion.pairs
  const { passed } = report.gate
  const gate = passed === null ? 'gates not judged' : passed ? 'gates passed' : 'gate failed'
  const accuracy = report.metrics.nearest_neighbor_accuracy?.value ?? null
  return picture(report.project, report.run, [
    sentence(plain(says), colour),
    rule(430),
    worst
      ? pairText(
          worst.a,
          worst.b,
          `${next?.count === worst.count ? 'among the worst pairs' : 'worst pair'}, ${count(worst.count)} ${worst.count === 1 ? 'error' : 'errors'}`,
        )
      : text('No row is confused with another class.', { x: MARGIN, y: 510, size: 34 }),
    accuracy === null
      ? ''
      : text(plain(share(accuracy)), {
          x: PREVIEW_WIDTH - MARGIN,
          y: 512,
          size: 62,
          weight: 'semibold',
          anchor: 'end',
        }) +
        text('nearest-neighbour accuracy', {
          x: PREVIEW_WIDTH - MARGIN,
          y: 548,
          size: 22,
          fill: MUTED,
          anchor: 'end',
        }),
    text(report.gate.results.length === 0 ? '' : gate, {
      x: PREVIEW_WIDTH - MARGIN,
      y: 580,
      size: 22,
      fill: passed === false ? BAD : passed ? GOOD : MUTED,
      anchor: 'end',
    }),
  ])
}

/** The picture of an upload that couldn't be evaluated. */
export function failurePreviewSvg({ project, run, issues }: FailedRun): string {
  const reason = issues[0]?.message ?? 'Its page says why.'
  return picture(project, run, [
    sentence('Couldn’t be evaluated: nothing of this upload was.', BAD),
    rule(430),
    ...wrapped(isDrawable(reason) ? reason : 'Its page says why.', 32, 'regular', INNER)
      .slice(0, 3)
      .map((line, at) => text(line, { x: MARGIN, y: 486 + 44 * at, size: 32 })),
  ])
}

function picture(project: string, run: string, parts: readonly string[]): string {
  const place = fitted(`${project} / ${run}`, 28, 'regular', INNER - 240)
  return framed([
    text(place, { x: PREVIEW_WIDTH - MARGIN, y: 85, size: 28, fill: MUTED, anchor: 'end' }),
    ...parts,
  ])
}

function framed(parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${PREVIEW_WIDTH}" height="${PREVIEW_HEIGHT}" viewBox="0 0 ${PREVIEW_WIDTH} ${PREVIEW_HEIGHT}">`,
    `<rect width="${PREVIEW_WIDTH}" height="${PREVIEW_HEIGHT}" fill="#fdfdfb"/>`,
    `<rect width="${PREVIEW_WIDTH}" height="10" fill="${INK}"/>`,
    `<g transform="translate(${MARGIN},56) scale(1.6)"><circle cx="9" cy="12" r="6.5" fill="none" stroke="${GOOD}" stroke-width="3"/><circle cx="20" cy="12" r="3" fill="#d4541c"/></g>`,
    text('nearmiss', { x: MARGIN + 50, y: 85, size: 30, weight: 'semibold' }),
    ...parts,
    '</svg>',
  ].join('')
}

/** The verdict, as large as three lines allow; what stands before its colon is coloured. */
function sentence(says: string, colour: string): string {
  const sizes = [68, 60, 52, 46, 40]
  const size = sizes.find((one) => wrapped(says, one, 'semibold', INNER).length <= 3) ?? 40
  const lines = wrapped(says, size, 'semibold', INNER).slice(0, 4)
  let isVerdict = says.includes(':')
  return lines
    .map((line, at) => {
      const end = isVerdict ? line.indexOf(':') : -1
      const fill = isVerdict ? colour : INK
      if (end >= 0) isVerdict = false
      const spans =
        end < 0
          ? `<tspan fill="${fill}">${escapeXml(line)}</tspan>`
          : `<tspan fill="${colour}">${escapeXml(line.slice(0, end + 1))}</tspan><tspan fill="${INK}">${escapeXml(line.slice(end + 1))}</tspan>`
      return textElement(spans, { x: MARGIN, y: 186 + at * size * 1.16, size, weight: 'semibold' })
    })
    .join('')
}

function rule(y: number): string {
  return `<rect x="${MARGIN}" y="${y}" width="${INNER}" height="2" fill="${LINE}"/>`
}

function pairText(a: string, b: string, says: string): string {
  const room = INNER - 380
  const names = `${shortened(a, 40)} / ${shortened(b, 40)}`
  const shown = isDrawable(names) ? names : 'Two classes'
  const size = textWidth(shown, 44, 'semibold') <= room ? 44 : 34
  return (
    text(fitted(shown, size, 'semibold', room), {
      x: MARGIN,
      y: 512,
      size,
      weight: 'semibold',
    }) + text(says, { x: MARGIN, y: 556, size: 26, fill: MUTED })
  )
}

/** As the two files name themselves. */
const FONTS: Readonly<Record<Weight, string>> = {
  regular: 'font-family="Inter" font-weight="400"',
  semibold: 'font-family="Inter SemiBold" font-weight="600"',
}

interface TextStyle {
  readonly x: number
  readonly y: number
  readonly size: number
  readonly weight?: Weight
  readonly fill?: string
  readonly anchor?: 'end'
}

function text(words: string, style: TextStyle): string {
  return words === '' ? '' : textElement(escapeXml(words), style)
}

function textElement(content: string, { x, y, size, weight, fill, anchor }: TextStyle): string {
  return `<text x="${x}" y="${y.toFixed(1)}" ${FONTS[weight ?? 'regular']} font-size="${size}" fill="${fill ?? INK}"${anchor ? ` text-anchor="${anchor}"` : ''}>${content}</text>`
}

/** Spaces and marks that the font has no glyph for. */
function plain(words: string): string {
  return words.replace(/[\u00a0\u202f]/g, ' ').replace(/[\u2068\u2069]/g, '')
}
