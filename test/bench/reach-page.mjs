/** What was measured of a run's pages, as a section of the benchmark's page. */

import { table } from './table.mjs'

const HEADING = '## The report’s pages'

const MOST = {
  page: 250_000,
  compressed: 60_000,
  largePage: 500_000,
  paintSeconds: 1,
  shift: 0.02,
  firstSeconds: 1,
  pagesSeconds: 1,
}
const LEAST_FRAMES = 30

/**
 * @param {import('./reach.mjs').Reach} reach
 * @returns {string[]} paragraphs
 */
export function reachPart({ date, command, browser, pages, map }) {
  const [usual, large] = pages
  if (usual === undefined || large === undefined) return []
  const rows = [usual, large].flatMap((made) => [
    ...pageTargets(made, made === large),
    {
      work: named(made.data),
      target: `largest contentful paint from disk under ${MOST.paintSeconds.toFixed(1)} s`,
      reached: `${made.paintSeconds.toFixed(2)} s`,
      met: made.paintSeconds < MOST.paintSeconds,
    },
    {
      work: named(made.data),
      target: `layout shift under ${MOST.shift}`,
      reached: made.shift.toFixed(4),
      met: made.shift < MOST.shift,
    },
  ])
  rows.push(
    {
      work: named(usual.data),
      target: `pages rendered and written in under ${MOST.pagesSeconds.toFixed(1)} s`,
      reached: `${usual.pagesSeconds.toFixed(2)} s, of them ${usual.renderSeconds.toFixed(2)} s rendering`,
      met: usual.pagesSeconds < MOST.pagesSeconds,
    },
    {
      work: `map of ${number(map.points)} points`,
      target: `first drawn in under ${MOST.firstSeconds.toFixed(1)} s`,
      reached: `${map.firstSeconds.toFixed(2)} s`,
      met: map.firstSeconds < MOST.firstSeconds,
    },
    {
      work: `map of ${number(map.points)} points`,
      target: `over ${LEAST_FRAMES} frames/s while it moves and zooms`,
      reached: `${map.framesPerSecond.toFixed(0)} frames/s`,
      met: map.framesPerSecond > LEAST_FRAMES,
    },
  )
  return [
    HEADING,
    `Measured on ${date} by \`${command}\` in ${browser} without a graphics card, a window of 1440 × 900. Paint and shifts: medians of five visits from disk at a quarter of the processor's speed, down to the page's end. Pages: from the start of rendering until the run is complete, in a command that has rendered nothing before; the preview picture and \`rows.parquet\` are among what is written. The map: from the reader's coming to it, its data not yet loaded, until every point is drawn; then moved and zoomed by its keys, once a frame.`,
    table(
      ['work', 'to reach', 'reached', 'met'],
      rows.map(({ work, target, reached, met }) => [work, target, reached, met ? 'yes' : '**no**']),
    ),
    `Beside the page of ${named(large.data)} lie, loaded only when a reader comes to the map, the heatmap or the evidence: ${beside(large)}.${large.loaded.length === 0 ? ' At first it loads none of them.' : ` At first it loads ${large.loaded.join(', ')}.`}`,
  ]
}

/** @param {import('./reach.mjs').Made} made @param {boolean} isLarge */
function pageTargets({ data, pageBytes, compressedBytes }, isLarge) {
  const most = isLarge ? MOST.largePage : MOST.page
  const size = {
    work: named(data),
    target: `page under ${kilobytes(most)}`,
    reached: kilobytes(pageBytes),
    met: pageBytes < most,
  }
  const compressed = {
    work: named(data),
    target: `under ${kilobytes(MOST.compressed)} compressed`,
    reached: kilobytes(compressedBytes),
    met: compressedBytes < MOST.compressed,
  }
  return isLarge ? [size] : [size, compressed]
}

/** @param {import('./reach.mjs').Made} made */
function beside({ files }) {
  const evidence = files.filter(({ name }) => name.startsWith('evidence/'))
  const sum = evidence.reduce((all, { byteLength }) => all + byteLength, 0)
  const told = ['map.js', 'confusion.js'].flatMap((wanted) =>
    files.filter(({ name }) => name === wanted),
  )
  return [
    ...told.map(({ name, byteLength }) => `\`${name}\` (${kilobytes(byteLength)})`),
    `${evidence.length} pages of evidence (${kilobytes(sum)})`,
  ].join(', ')
}

/** @param {{ rows: number, classes: number }} data */
function named({ rows, classes }) {
  return `${number(rows)} rows, ${number(classes)} classes`
}

/** @param {number} value */
function number(value) {
  return value.toLocaleString('en-US')
}

/** @param {number} byteLength */
function kilobytes(byteLength) {
  return `${number(Math.round(byteLength / 1000))} KB`
}
