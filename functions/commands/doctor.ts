/** `nearmiss doctor`: what works on this machine, what doesn't, and what to do about it. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, freemem, totalmem } from 'node:os'
import { join } from 'node:path'
import { NearmissError } from '../../lib/core/errors.ts'
import { seededRandom } from '../../lib/core/random.ts'
import { BACKEND_NAMES, type Backend, type Matrix } from '../../lib/tensor/backend.ts'
import { openBackend } from '../../lib/tensor/open-backend.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { Arguments } from './arguments.ts'
import type { CommandContext } from './command-context.ts'

interface Check {
  readonly name: string
  readonly ok: boolean
  readonly found: string
  readonly hint: string | null
}

const OLDEST_NODE = [20, 19] as const
/** float32 products of 64 values under 1 in double precision differ by less. */
const TOLERANCE = 1e-4

export async function doctor(args: Arguments, context: CommandContext): Promise<number> {
  const backends: Check[] = []
  for (const name of BACKEND_NAMES) backends.push(await checkBackend(name))
  const checks = [checkNode(), checkMachine(), ...backends, await checkWriting()]
  const usable = backends.find(({ ok }) => ok)
  // A missing backend is no trouble while another one computes the same.
  const healthy =
    usable !== undefined && checks.every((check) => check.ok || backends.includes(check))
  if (args.switches.has('json')) {
    const { version } = packageJson
    await context.print(`${JSON.stringify({ version, healthy, checks }, null, 2)}\n`)
  } else {
    const lines = checks.flatMap(({ name, ok, found, hint }) => [
      `${ok ? 'ok  ' : backends.some((backend) => backend.name === name) ? '-   ' : 'NOT '} ${name}: ${found}`,
      ...(ok || hint === null ? [] : [`       ${hint}`]),
    ])
    const verdict =
      usable === undefined
        ? 'No backend computes here: no report can be made.'
        : healthy
          ? `All is well: --backend auto takes ${usable.name}.`
          : 'Something above needs to be put right first.'
    await context.print(`nearmiss ${packageJson.version}\n\n${lines.join('\n')}\n\n${verdict}\n`)
  }
  return healthy ? 0 : 70
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const ok = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  return {
    name: 'Node',
    ok,
    found: `${process.version} on ${process.platform} ${process.arch}`,
    hint: `Node ${OLDEST_NODE.join('.')} or later is needed.`,
  }
}

function checkMachine(): Check {
  const gibibytes = (byteLength: number) => `${(byteLength / 2 ** 30).toFixed(1)} GiB`
  return {
    name: 'machine',
    ok: true,
    found: `${availableParallelism()} threads, ${gibibytes(totalmem())} of memory, ${gibibytes(freemem())} free`,
    hint: null,
  }
}

async function checkBackend(name: (typeof BACKEND_NAMES)[number]): Promise<Check> {
  let backend: Backend | null = null
  try {
    backend = await openBackend(name)
    const error = await largestError(backend)
    const { version, threads } = backend
    const ok = error < TOLERANCE
    return {
      name,
      ok,
      found: ok
        ? `${version}, ${threads} threads, agrees with double precision to ${error.toExponential(0)}`
        : `computes wrongly: off by ${error.toExponential(1)}, and ${TOLERANCE} is allowed`,
      hint: 'Use another backend with --backend, and report this.',
    }
  } catch (error) {
    if (!(error instanceof NearmissError)) throw error
    return { name, ok: false, found: error.message, hint: error.hint ?? null }
  } finally {
    await backend?.close()
  }
}

/** Over the products of two small matrices, in two tiles, against sums in double precision. */
async function largestError(backend: Backend): Promise<number> {
  const dimensions = 64
  const left = randomMatrix(24, dimensions, 1)
  const right = randomMatrix(40, dimensions, 2)
  const tiles = [
    { leftStart: 0, leftEnd: 24, rightStart: 0, rightEnd: 25 },
    { leftStart: 0, leftEnd: 24, rightStart: 25, rightEnd: 40 },
  ]
  let largest = 0
  let next = 0
  for await (const products of backend.products(left, right, tiles)) {
    const { leftStart, leftEnd, rightStart, rightEnd } = tiles[next++]!
    let at = 0
    for (let a = leftStart; a < leftEnd; a++) {
      for (let b = rightStart; b < rightEnd; b++) {
        let sum = 0
        for (let d = 0; d < dimensions; d++) {
          sum += left.values[a * dimensions + d]! * right.values[b * dimensions + d]!
        }
        const error = Math.abs(sum - products[at++]!)
        // NaN is the largest error of all, and no comparison finds it.
        largest = Number.isNaN(error) ? Number.POSITIVE_INFINITY : Math.max(largest, error)
      }
    }
  }
  return next === tiles.length ? largest : Number.POSITIVE_INFINITY
}

function randomMatrix(rows: number, dimensions: number, seed: number): Matrix {
  const random = seededRandom(seed)
  const values = new Float32Array(new SharedArrayBuffer(rows * dimensions * 4))
  for (let index = 0; index < values.length; index++) values[index] = 2 * random() - 1
  return { values, rows, dimensions }
}

async function checkWriting(): Promise<Check> {
  const folder = process.cwd()
  try {
    const probe = await mkdtemp(join(folder, '.nearmiss-doctor-'))
    await writeFile(join(probe, 'probe'), 'x')
    await rm(probe, { recursive: true })
    return { name: 'this folder', ok: true, found: `${folder} can be written`, hint: null }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return {
      name: 'this folder',
      ok: false,
      found: `${folder} can't be written: ${reason}`,
      hint: 'Run nearmiss in another folder, or give one: --out DIR, --bucket DIR.',
    }
  }
}
