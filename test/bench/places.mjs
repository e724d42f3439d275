/** Where the benchmark keeps what it makes, and the commands that it starts. */

import { copyFile, mkdir, readdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { run } from '../../infra/command.mjs'
import { pythonEnvironment } from '../../infra/python-environment.mjs'

export const root = resolve(import.meta.dirname, '../..')
export const cache = join(root, '.cache/bench')
export const python = join(root, '.cache/bench-venv/bin/python')
export const scripts = join(import.meta.dirname, 'python')
/** A copy of `dist/`, which a later build doesn't change, with nearmiss's sides beside it. */
export const program = join(cache, 'program')
export const peakHook = join(import.meta.dirname, 'peak.mjs')

/** CommonJS dependencies ask for these, which an ES module doesn't have; see `infra/build.mjs`. */
const commonJs = [
  "import { createRequire as createRequireOfBundle } from 'node:module'",
  'const require = createRequireOfBundle(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

/** Makes the Python environment, unless it is there with the very packages. */
export async function makeEnvironment() {
  await pythonEnvironment({
    folder: join(root, '.cache/bench-venv'),
    requirements: join(scripts, 'requirements.txt'),
    logFile: join(cache, 'environment.log'),
  })
}

export async function makeProgram() {
  await run(process.execPath, [join(root, 'infra/build.mjs')], { says: 'building nearmiss' })
  await rm(program, { recursive: true, force: true })
  await copyFolder(join(root, 'dist'), program)
  await build({
    absWorkingDir: root,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    outdir: program,
    entryPoints: {
      'nearmiss-side': 'test/bench/nearmiss-side.ts',
      'product-worker': 'test/bench/product-worker.ts',
      'maps-side': 'test/bench/maps-side.ts',
      'pages-side': 'test/bench/pages-side.ts',
    },
    external: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
    banner: { js: commonJs },
  })
}

/** @param {string} from @param {string} to */
async function copyFolder(from, to) {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyFolder(source, target)
    else await copyFile(source, target)
  }
}

/**
 * @typedef {object} Data
 * @property {'embedding' | 'random'} kind
 * @property {number} rows
 * @property {number} dimensions
 * @property {number} classes
 * @property {string} vectors file of float32, rows × dimensions
 * @property {string} labels file of int32
 */

/**
 * Makes vectors and labels, unless they are there: the same each time for the same arguments. In a
 * folder of their own they are an upload.
 * @param {'embedding' | 'random'} kind
 * @param {number} rows
 * @param {number} dimensions
 * @param {number} [classes]
 * @returns {Promise<Data>}
 */
export async function makeData(kind, rows, dimensions, classes = 50) {
  const folder = join(cache, 'data', `${kind}-${rows}x${dimensions}-${classes}`)
  const [vectors, labels] = [join(folder, 'embeddings.npy'), join(folder, 'labels.npy')]
  await mkdir(folder, { recursive: true })
  // The labels are written last.
  if (!(await readdir(folder)).includes('labels.npy')) {
    const sizes = [rows, dimensions, classes].map(String)
    await run(python, [join(scripts, 'data.py'), kind, ...sizes, vectors, labels], {
      says: `making ${rows} × ${dimensions}`,
    })
  }
  return { kind, rows, dimensions, classes, vectors, labels }
}
