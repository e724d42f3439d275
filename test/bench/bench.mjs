/**
 * `npm run bench`: nearmiss, faiss, scikit-learn and bare matrix products, alternately on the same
 * data; then whole evaluations, and the report's pages in a browser. Prints the page and writes it to
 * `docs/benchmarks.md`. Needs Python 3 with venv; ends with status 1 where nearmiss's neighbours are not exact.
 */

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os'
import { join, resolve } from 'node:path'
import { run } from '../../infra/command.mjs'
import { evaluate } from './end-to-end.mjs'
import { measureFigures } from './figures.mjs'
import { figuresPart } from './figures-page.mjs'
import { measureMaps } from './maps.mjs'
import { mapsPart } from './maps-page.mjs'
import { page } from './page.mjs'
import { cache, makeData, makeEnvironment, makeProgram, python, root } from './places.mjs'
import { readPlan, USAGE } from './plan.mjs'
import { median } from './ratios.mjs'
import { measureReach } from './reach.mjs'
import { reachPart } from './reach-page.mjs'
import { withSection } from './section.mjs'
import { measure, openSide, sideKind } from './sides.mjs'
import { sizeText } from './targets.mjs'

const BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm']
const GROWTH_RUNS = 3
/** Sums in another order differ by so much, relative. */
const ROUNDING = 1e-12
const startMs = performance.now()
const words = process.argv.slice(2)
const command = ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ')

/** @param {string} line */
function say(line) {
  const seconds = Math.round((performance.now() - startMs) / 1000)
  process.stderr.write(`${String(seconds).padStart(4)} s  ${line}\n`)
}

/** Which backends load here, and which don't. */
async function availableBackends() {
  const data = await makeData('random', 1000, 16)
  /** @type {string[]} */
  const backends = []
  /** @type {string[]} */
  const leftOut = []
  for (const backend of BACKENDS) {
    try {
      await (await openSide(sideKind('product', backend), data)).end()
      backends.push(backend)
    } catch (error) {
      if (!String(error).includes(`${backend} does not load`)) throw error
      leftOut.push(backend)
    }
  }
  return { backends, leftOut }
}

/** @param {import('./plan.mjs').Plan} plan @param {readonly string[]} backends */
async function measureSets({ sizes, rounds, randomRounds, large }, backends) {
  const [fastest = 'wasm'] = backends
  const neighbors = backends.map((backend) => sideKind('neighbors', backend))
  const all = [
    ...neighbors,
    sideKind('evaluation', fastest),
    sideKind('faiss'),
    sideKind('scikit-learn'),
    sideKind('numpy'),
    ...backends.map((backend) => sideKind('product', backend)),
  ]
  /** @type {import('./targets.mjs').DataSet[]} */
  const sets = []
  for (const { rows, dimensions } of sizes) {
    const data = await makeData('embedding', rows, dimensions)
    sets.push({ data, ...(await measure(all, data, rounds, say)) })
  }
  for (const { rows, dimensions } of sizes) {
    const data = await makeData('random', rows, dimensions)
    const kinds = [...neighbors, sideKind('faiss')]
    sets.push({ data, ...(await measure(kinds, data, randomRounds, say)) })
  }
  if (large === null) return { sets, large }
  const data = await makeData('embedding', large.rows, large.dimensions)
  const measured = await measure([sideKind('neighbors', fastest)], data, 1, say)
  return { sets, large: { data, ...measured } }
}

/** @param {import('./plan.mjs').GrowthStep} step @param {string} backend */
async function measureGrowth({ by, rows, dimensions, classes }, backend) {
  const data = await makeData('embedding', rows, dimensions, classes)
  /** @param {'neighbors' | 'evaluation'} work */
  const secondsOf = async (work) => {
    const side = await openSide(sideKind(work, backend), data)
    try {
      const seconds = []
      for (let run = 0; run < GROWTH_RUNS; run++) seconds.push((await side.run()).seconds)
      return median(seconds)
    } finally {
      await side.end()
    }
  }
  const neighborsSeconds = await secondsOf('neighbors')
  const evaluationSeconds = await secondsOf('evaluation')
  say(
    `growth, ${sizeText(data)}, ${classes} classes: ${neighborsSeconds.toFixed(2)} s, ` +
      `with figures by class ${evaluationSeconds.toFixed(2)} s`,
  )
  return { by, data, backend, neighborsSeconds, evaluationSeconds }
}

/** The report's pages. @param {import('./plan.mjs').Plan} plan @param {string} backend */
async function reachOf({ quick }, backend) {
  return { date: today(), command, ...(await measureReach(quick, backend, say)) }
}

function today() {
  return new Date().toISOString().slice(0, 10)
}

/** The maps. @param {import('./plan.mjs').Plan} plan @param {string} backend */
async function mapsOf(plan, backend) {
  return { date: today(), command, ...(await measureMaps(plan.maps, backend, say)) }
}

/** What figures cost. @param {import('./plan.mjs').Plan} plan @param {readonly string[]} backends */
async function figuresOf(plan, backends) {
  return { date: today(), command, ...(await measureFigures(plan.figures, backends, say)) }
}

/** One section is replaced, the rest of the page stays. @param {import('./plan.mjs').Plan} plan */
async function benchSection(plan) {
  await mkdir(cache, { recursive: true })
  await makeEnvironment()
  await makeProgram()
  const { backends } = await availableBackends()
  const [fastest = 'wasm'] = backends
  const part =
    plan.alone === 'maps'
      ? mapsPart(await mapsOf(plan, fastest))
      : plan.alone === 'figures'
        ? figuresPart(await figuresOf(plan, backends))
        : reachPart(await reachOf(plan, fastest))
  const file = resolve(root, plan.out)
  await writeFile(file, withSection(await readFile(file, 'utf8'), part))
  process.stdout.write(`${part.join('\n\n')}\n`)
  say(`written: ${plan.out}`)
}

/** @param {import('./plan.mjs').Plan} plan */
async function bench(plan) {
  const [loadAverage = 0] = loadavg()
  await mkdir(cache, { recursive: true })
  await makeEnvironment()
  await makeProgram()
  const { backends, leftOut } = await availableBackends()
  const [fastest = 'wasm'] = backends
  say(`backends: ${backends.join(', ')}`)
  const measured = await measureSets(plan, backends)
  const evaluations = []
  for (const rows of plan.evaluationRows) {
    const evaluation = await evaluate(await makeData('embedding', rows, 256), fastest)
    say(`nearmiss report, ${sizeText(evaluation)}: ${evaluation.wallSeconds.toFixed(2)} s`)
    evaluations.push(evaluation)
  }
  /** @type {import('./page.mjs').Growth[]} */
  const growth = []
  for (const step of plan.growth) {
    // Rows, dimensions and classes grow from the same start.
    const same = growth.find(
      ({ data }) =>
        data.rows === step.rows &&
        data.dimensions === step.dimensions &&
        data.classes === step.classes,
    )
    growth.push(same === undefined ? await measureGrowth(step, fastest) : { ...same, by: step.by })
  }
  const versions = new Set(measured.sets.flatMap(({ sides }) => sides.map((side) => side.version)))
  return {
    ...measured,
    evaluations,
    growth,
    figures: plan.joins ? null : await figuresOf(plan, backends),
    maps: plan.joins ? null : await mapsOf(plan, fastest),
    reach: plan.joins ? null : await reachOf(plan, fastest),
    leftOut,
    date: today(),
    command,
    rounds: plan.rounds,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
      system: `${type()} ${release()}`,
      loadAverage,
    },
    versions: [`Node ${process.version}`, (await run(python, ['--version'])).trim(), ...versions],
  }
}

/** @type {import('./plan.mjs').Plan} */
let plan
try {
  plan = readPlan(words)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`)
  process.exit(64)
}
if (plan.alone !== null) {
  await benchSection(plan)
  process.exit()
}
const results = await bench(plan)
await writeFile(join(cache, 'results.json'), `${JSON.stringify(results, null, 2)}\n`)
const text = page(results)
await writeFile(resolve(root, plan.out), text)
process.stdout.write(text)
say(`written: ${plan.out}`)

const sets = results.large === null ? results.sets : [...results.sets, results.large]
for (const { data, agreement } of sets) {
  for (const [name, told] of Object.entries(agreement)) {
    const { different, wrongRows, places, largestDistanceError } = told
    const exact = different === 0 && (largestDistanceError ?? 0) < ROUNDING
    if (wrongRows === 0 && (exact || !name.startsWith('nearmiss'))) continue
    say(
      `NOT EXACT: ${name} on ${sizeText(data)} ${data.kind}: ${different} of ${places} places differ, ` +
        `${wrongRows} rows are broken, distances are off by up to ${largestDistanceError}`,
    )
    process.exitCode = 1
  }
}
