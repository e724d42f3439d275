/**
 * Bundles everything that runs outside a checkout into `dist/`: the command, the functions, the
 * worker thread and the browser's script, with the files that they read at run time beside them.
 * `npm ci` runs it (`prepare`), so it needs nothing but the dependencies. `--verbose` tells the sizes.
 */

import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { functionCode } from '../functions/reader/function-code.mjs'

const root = resolve(import.meta.dirname, '..')
const out = join(root, 'dist')

/** CommonJS dependencies ask for these three, which an ES module doesn't have. */
const commonJs = [
  "import { createRequire as createRequireOfBundle } from 'node:module'",
  'const require = createRequireOfBundle(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

const ENTRIES = new Set([
  'cli.js',
  'on-upload.js',
  'plan.js',
  'shard.js',
  'merge.js',
  'api.js',
  'reader-sign-in.js',
  'reader-keys.js',
  'wasm-worker.js',
  'join-worker.js',
  'layout-worker.js',
  'client/upload.js',
  'client/sprint.js',
  'client/map.js',
])

const shared = /** @satisfies {import('esbuild').BuildOptions} */ ({
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  sourcemap: true,
  write: false,
  logLevel: 'warning',
})

const bundles = await Promise.all([
  build({
    ...shared,
    platform: 'node',
    target: 'node20',
    splitting: true,
    outdir: out,
    // Beside the entries: code finds its files from where it is.
    chunkNames: '[name]-[hash]',
    entryPoints: {
      cli: 'functions/cli.ts',
      'on-upload': 'functions/on-upload.ts',
      plan: 'functions/plan.ts',
      shard: 'functions/shard.ts',
      merge: 'functions/merge.ts',
      api: 'functions/api.ts',
      'reader-sign-in': 'functions/reader-sign-in.ts',
      'reader-keys': 'functions/reader-keys.ts',
      'wasm-worker': 'lib/tensor/wasm-worker.ts',
      'join-worker': 'lib/neighbors/threads/worker.ts',
      'layout-worker': 'lib/projection/layout-worker.ts',
    },
    // Native libraries: they can't be bundled, and often aren't there.
    external: ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'],
    banner: { js: commonJs },
  }),
  build({
    ...shared,
    platform: 'browser',
    target: 'es2022',
    minify: true,
    outdir: join(out, 'client'),
    entryPoints: {
      upload: 'reports/client/upload.ts',
      sprint: 'reports/client/sprint.ts',
      map: 'reports/client/map.ts',
      reload: 'reports/client/reload.ts',
    },
  }),
  // Read by people beside their report: as it was written, without its types.
  build({
    ...shared,
    sourcemap: false,
    platform: 'neutral',
    target: 'es2022',
    stdin: { contents: await figuresEntry(), resolveDir: root, sourcefile: 'figures.ts' },
    outfile: join(out, 'figures.js'),
  }),
])

const require = createRequire(import.meta.url)
const wasmFolder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))
/** By path. */
const files = new Map([
  ...bundles.flatMap(({ outputFiles }) =>
    outputFiles.map(({ path, contents }) => /** @type {const} */ ([path, contents])),
  ),
  ...(await filesOf(wasmFolder, '.', '.wasm')),
  ...(await filesOf(join(root, 'lib/neighbors/kernel'), '.', '.wasm')),
  ...(await filesOf(join(root, 'reports/pages'), 'reports/pages', '.mdx')),
  ...(await filesOf(join(root, 'reports/sections'), 'reports/sections', '.mdx')),
  ...(await filesOf(join(root, 'reports/theme'), 'reports/theme', '')),
  ...(await filesOf(join(root, 'reports/fonts'), 'reports/fonts', '.ttf')),
  ...(await filesOf(join(root, 'reports/fonts'), 'reports/fonts', '.json')),
  ...(await filesOf(join(root, 'reports/fonts'), 'reports/fonts', '.txt')),
  /** @type {const} */ ([
    join(out, 'resvg.wasm'),
    await readFile(require.resolve('@resvg/resvg-wasm/index_bg.wasm')),
  ]),
  // CloudFront's function; as text, since what deploys it would run a script.
  /** @type {const} */ ([
    join(out, 'edge/sign-in.txt'),
    Buffer.from(await functionCode('sign-in')),
  ]),
  /** @type {const} */ ([join(out, 'edge/open.txt'), Buffer.from(await functionCode('open'))]),
  // The deployed functions are unpacked from this folder: without it they would be read as CommonJS.
  /** @type {const} */ ([join(out, 'package.json'), Buffer.from('{"type":"module"}\n')]),
])
await replaceChanged()
await chmod(join(out, 'cli.js'), 0o755)
await removeOthers()

if (process.argv.includes('--verbose')) {
  const sizes = [...files]
    .filter(([file]) => !file.endsWith('.map'))
    .map(([file, { byteLength }]) => ({ name: relative(out, file), byteLength }))
  const entries = sizes.filter(({ name }) => ENTRIES.has(name))
  const total = sizes.reduce((sum, { byteLength }) => sum + byteLength, 0)
  process.stdout.write(
    `dist: ${entries.map(({ name, byteLength }) => `${name} ${kilobytes(byteLength)}`).join(', ')}; ` +
      `${sizes.length} files, ${kilobytes(total)}\n`,
  )
}

/** The module of the charts that sections show the code of: the functions of each one's `figures.ts`. */
async function figuresEntry() {
  const sections = (await readdir(join(root, 'reports/sections'), { recursive: true }))
    .filter((file) => basename(file) === 'figures.ts')
    .sort()
  return [
    "export { themed } from './reports/theme/vega.ts'",
    ...sections.map((file) => `export * from './reports/sections/${file.replaceAll('\\', '/')}'`),
  ].join('\n')
}

/**
 * A folder's files with an ending, those of its folders too, by where they go in a folder of `dist/`.
 * @param {string} from
 * @param {string} to
 * @param {string} ending
 */
async function filesOf(from, to, ending) {
  const entries = await readdir(from, { withFileTypes: true, recursive: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map(async ({ parentPath, name }) => {
        const path = relative(from, join(parentPath, name))
        return /** @type {const} */ ([join(out, to, path), await readFile(join(from, path))])
      }),
  )
}

/** Puts each file that changed in place whole: commands that run meanwhile may be reading it. */
async function replaceChanged() {
  await mkdir(join(root, '.cache'), { recursive: true })
  const partial = await mkdtemp(join(root, '.cache/build-'))
  for (const [file, contents] of files) {
    const before = await readFile(file).catch(() => null)
    if (before?.equals(contents)) continue
    await mkdir(dirname(file), { recursive: true })
    await writeFile(join(partial, basename(file)), contents)
    await rename(join(partial, basename(file)), file)
  }
  await rm(partial, { recursive: true })
}

/** What an earlier build left goes last, so that a command that is running finds its chunks meanwhile. */
async function removeOthers() {
  for (const entry of await readdir(out, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && !files.has(file)) await rm(file, { force: true })
  }
}

/** @param {number} byteLength */
function kilobytes(byteLength) {
  return `${Math.round(byteLength / 1024)} kB`
}
