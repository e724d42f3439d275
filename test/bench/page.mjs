/** What was measured as a page: tables of Markdown, and what is to be known to read them. */

import { figuresPart } from './figures-page.mjs'
import { mapsPart } from './maps-page.mjs'
import { median, medianRatio, remainingError } from './ratios.mjs'
import { reachPart } from './reach-page.mjs'
import { table } from './table.mjs'
import { judge, overProduct, percent, sizeText } from './targets.mjs'

/**
 * @typedef {object} Results
 * @property {string} date
 * @property {{ cpu: string, cores: number, memoryBytes: number, system: string, loadAverage: number }} machine
 * @property {readonly string[]} versions
 * @property {string} command
 * @property {number} rounds
 * @property {readonly import('./targets.mjs').DataSet[]} sets
 * @property {import('./targets.mjs').DataSet | null} large
 * @property {readonly Growth[]} growth
 * @property {readonly import('./end-to-end.mjs').Evaluation[]} evaluations
 * @property {Parameters<typeof figuresPart>[0] | null} figures
 * @property {Parameters<typeof mapsPart>[0] | null} maps
 * @property {import('./reach.mjs').Reach | null} reach
 * @property {readonly string[]} leftOut backends that don't load here
 */

/**
 * @typedef {object} Growth
 * @property {'rows' | 'dimensions' | 'classes'} by
 * @property {import('./places.mjs').Data} data
 * @property {string} backend
 * @property {number} neighborsSeconds
 * @property {number} evaluationSeconds
 */

/** In their order; others that a report tells come behind. */
const STAGES = ['read', 'neighbors', 'metrics', 'projection', 'findings', 'history', 'render']

/** @param {Results} results */
export function page(results) {
  const { sets, large, growth, evaluations, machine, leftOut, rounds, figures, maps, reach } =
    results
  const parts = [
    '# Benchmarks',
    `Measured on ${results.date} by \`${results.command}\`, which writes this page.`,
    table(
      ['', ''],
      [
        ['processor', `${machine.cpu}, ${machine.cores} cores`],
        ['memory', `${(machine.memoryBytes / 2 ** 30).toFixed(0)} GiB`],
        [
          'system',
          `${machine.system}, load average ${machine.loadAverage.toFixed(2)} at the start`,
        ],
        ['versions', results.versions.join('; ')],
        ...leftOut.map((backend) => ['not measured', `${backend}, which does not load here`]),
      ],
    ),
    `Neighbours: the 10 nearest of every row among all others, Euclidean. Each side is a process that has loaded the data and warmed up; ${rounds === 1 ? 'one round' : `in each of ${rounds} rounds all sides run one after the other, each round starting with another side`}. Seconds are medians, with the fastest and the slowest round behind them; a ratio is the median of the ratios within the rounds. Peak memory is the process's largest resident size after the first round, with its runtime and the data; after the last round it may hold more, because it is one process for all rounds.`,
    'Embedding data: 50 classes, with the spectrum of the emoji sample’s embeddings: the variance on the i-th principal axis falls as i^-1.3, and 0.645 of it is within the classes. Random data: independent normal components, of which no few axes tell anything, in fewer rounds.',
    '## Targets',
    targets(results),
    ...sets.flatMap(dataSet),
    '## Do the sides agree?',
    agreement(large === null ? sets : [...sets, large]),
    ...largeParts(large),
    ...wholeCommand(evaluations),
    ...growthOf(growth),
    ...(figures === null ? [] : figuresPart(figures)),
    ...(maps === null ? [] : mapsPart(maps)),
    ...(reach === null ? [] : reachPart(reach)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** @param {Results['evaluations']} evaluations */
function wholeCommand(evaluations) {
  if (evaluations.length === 0) return []
  return [
    '## The whole command',
    'Wall time and peak memory of `nearmiss report`, from its start to its end, with a site written; data that are spread as embeddings are. Stages are those of `timings` in `report.json`; the rest is the start of the process, publishing, and its end.',
    endToEnd(evaluations),
  ]
}

/** @param {readonly Growth[]} growth */
function growthOf(growth) {
  if (growth.length === 0) return []
  return [
    '## How the cost grows',
    'Embedding data, the median of three runs; with figures by class, as in a report, and for neighbours alone.',
    growthTable(growth),
  ]
}

/** @param {Results} results */
function targets({ sets, large, machine, rounds }) {
  const judged = judge(sets, large)
  const met = judged.filter((target) => target.met === true).length
  const missed = judged.filter((target) => target.met === false).length
  const rows = judged.map(({ work, target, reached, met }) => [
    work,
    target,
    reached,
    met === null ? '' : met ? 'yes' : '**no**',
  ])
  const sizes =
    machine.cores === 2 ? '' : ` They are meant for 2 cores; this machine has ${machine.cores}.`
  const few = rounds < 5 ? ` They are meant as medians of 5 rounds; these are of ${rounds}.` : ''
  return [
    `${met} met, ${missed} missed, ${judged.length - met - missed} not measured.${sizes}${few}`,
    table(['work', 'to reach', 'reached', 'met'], rows),
  ].join('\n\n')
}

/** @param {import('./targets.mjs').DataSet} set */
function dataSet(set) {
  const { data, sides } = set
  const own = sides.filter(({ kind }) => kind.work === 'neighbors')
  const flops = 2 * (data.rows ** 2 / 2) * data.dimensions
  const rows = sides.map((side) => [
    side.kind.name,
    secondsText(side.seconds),
    ...own.map((one) => `${medianRatio(side.seconds, one.seconds).toFixed(2)}×`),
    `${megabytes(side.peakBytes)} / ${megabytes(side.lastPeakBytes)}`,
    ['product', 'numpy'].includes(side.kind.work)
      ? `${(flops / median(side.seconds) / 1e9).toFixed(0)}`
      : '',
  ])
  const over = own.flatMap(({ kind: { backend } }) => {
    const ratio = backend === null ? null : overProduct(set, backend)
    return ratio === null ? [] : [`${ratio.toFixed(2)}× on ${backend}`]
  })
  return [
    `## ${sizeText(data)}, ${data.kind}`,
    table(
      [
        'side',
        'seconds',
        ...own.map(({ kind }) => `time against ${kind.name}`),
        'peak MB, first / last round',
        'GFLOP/s',
      ],
      rows,
    ),
    over.length === 0
      ? ''
      : `nearmiss takes, against its backend's own product: ${over.join(', ')}. Products are of half the size: each pair of rows once. The bare product multiplies blocks that are tensors already, again and again, and reads nothing out of them; it is scaled up from a part of the work where that is long.`,
  ]
}

/** @param {readonly import('./targets.mjs').DataSet[]} sets */
function agreement(sets) {
  const rows = sets.flatMap(({ data, agreement }) =>
    Object.entries(agreement).map(([name, told]) => [
      `${sizeText(data)}, ${data.kind}`,
      name,
      `${told.different} of ${told.places}${told.wrongRows === 0 ? '' : `, and ${told.wrongRows} rows twice, missing or their own neighbour`}`,
      String(told.beyondFloat32),
      told.largestGap === 0 ? '0' : told.largestGap.toExponential(1),
      told.largestDistanceError === null ? '' : told.largestDistanceError.toExponential(1),
    ]),
  )
  return [
    'Neighbours of up to 500 rows, compared place by place with the order by distance in double precision, then row. nearmiss is to be exact; the others are to name another row only where the distances differ by less than 10⁻⁶ of their size, which is what float32 can tell apart.',
    table(
      [
        'data',
        'side',
        'other row',
        'of these, distances differ by more than 10⁻⁶',
        'largest difference, relative',
        'error of its distances, relative',
      ],
      rows,
    ),
  ].join('\n\n')
}

/** @param {import('./targets.mjs').DataSet | null} large */
function largeParts(large) {
  if (large === null) return []
  const { data, sides } = large
  const rows = sides.map(({ kind, seconds, peakBytes, marks }) => {
    const error = remainingError(marks, median(seconds))
    return [
      kind.name,
      secondsText(seconds),
      megabytes(peakBytes),
      error === null ? '' : `${percent(error.first)}; ${percent(error.worst)}`,
    ]
  })
  return [
    `## ${sizeText(data)}`,
    'One run. The remaining time is what elapsed time and progress foretell; its error is relative to the time that did remain, at the first tenth and at worst until nine tenths were done.',
    table(['side', 'seconds', 'peak MB', 'error of the remaining time'], rows),
  ]
}

/** @param {readonly import('./end-to-end.mjs').Evaluation[]} evaluations */
function endToEnd(evaluations) {
  const timed = new Set(evaluations.flatMap(({ stageSeconds }) => Object.keys(stageSeconds)))
  const stages = [...STAGES.filter((stage) => timed.delete(stage)), ...timed]
  const rows = evaluations.map(({ stageSeconds, wallSeconds, ...of }) => {
    const staged = Object.values(stageSeconds).reduce((sum, seconds) => sum + seconds, 0)
    return [
      `${sizeText(of)}, ${of.classes} classes`,
      of.backend,
      ...stages.map((stage) => (stageSeconds[stage] ?? 0).toFixed(2)),
      (wallSeconds - staged).toFixed(2),
      `**${wallSeconds.toFixed(2)}**`,
      megabytes(of.peakBytes),
    ]
  })
  return table(['data', 'backend', ...stages, 'rest', 'wall', 'peak MB'], rows)
}

/** @param {readonly Growth[]} growth */
function growthTable(growth) {
  const rows = growth.map(({ by, data, backend, neighborsSeconds, evaluationSeconds }) => [
    by,
    sizeText(data),
    data.classes.toLocaleString('en-US'),
    backend,
    neighborsSeconds.toFixed(2),
    evaluationSeconds.toFixed(2),
  ])
  return table(
    ['grows', 'data', 'classes', 'backend', 'neighbours, s', 'with figures by class, s'],
    rows,
  )
}

/** @param {readonly number[]} seconds */
function secondsText(seconds) {
  const text = (/** @type {number} */ value) => value.toFixed(value < 10 ? 2 : 1)
  const range =
    seconds.length > 1 ? ` (${text(Math.min(...seconds))}–${text(Math.max(...seconds))})` : ''
  return `${text(median(seconds))}${range}`
}

/** @param {number} byteLength */
function megabytes(byteLength) {
  return String(Math.round(byteLength / 1e6))
}
