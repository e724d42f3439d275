/**
 * Bundles everything that runs outside a checkout into `dist/`: the command, the two functions, the
 * worker thread and the browser's script, with the files that they read at run time beside them.
 * `npm ci` runs it (`prepare`), so it needs nothing but the dependencies. `--verbose` tells the sizes.
 */

import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const out = join(root, 'dist')

/** CommonJS dependencies ask for these three, which an ES module doesn't have. */
const commonJs = [
  "import { createRequire as createRequireOfBundle } from 'node:module'",
  'const require = createRequireOfBundle(import.meta.url)',
  'const __filename = import.meta.filename',
  'const __dirname = import.meta.dirname',
].join('\n')

const ENTRIES = new Set(['cli.js', 'on-upload.js', 'api.js', 'wasm-worker.js', 'client/upload.js'])

const shared = /** @satisfies {import('esbuild').BuildOptions} */ ({
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  sourcemap: true,
  metafile: true,
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
      api: 'functions/api.ts',
      'wasm-worker': 'lib/tensor/wasm-worker.js',
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
    entryPoints: { upload: 'reports/client/upload.ts' },
  }),
])

const require = createRequire(import.meta.url)
const wasmFolder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))
const files = [
  ...bundles.flatMap(({ metafile }) =>
    Object.keys(metafile.outputs).map((file) => resolve(root, file)),
  ),
  ...(await copyFiles(wasmFolder, '.', '.wasm')),
  ...(await copyFiles(join(root, 'reports/pages'), 'reports/pages', '.mdx')),
  ...(await copyFiles(join(root, 'reports/theme'), 'reports/theme', '')),
  join(out, 'package.json'),
]
// The deployed functions are unpacked from this folder: without it they would be read as CommonJS.
await writeFile(join(out, 'package.json'), '{"type":"module"}\n')
await chmod(join(out, 'cli.js'), 0o755)
await removeAllBut(new Set(files))

if (process.argv.includes('--verbose')) {
  const sizes = await Promise.all(
    files
      .filter((file) => !file.endsWith('.map'))
      .map(async (file) => ({ name: relative(out, file), byteLength: (await stat(file)).size })),
  )
  const told = sizes.filter(({ name }) => ENTRIES.has(name))
  const total = sizes.reduce((sum, { byteLength }) => sum + byteLength, 0)
  process.stdout.write(
    `dist: ${told.map(({ name, byteLength }) => `${name} ${kilobytes(byteLength)}`).join(', ')}; ` +
      `${sizes.length} files, ${kilobytes(total)}\n`,
  )
}

/**
 * Copies a folder's files with an ending to a folder of `dist/`; returns where they went.
 * @param {string} from
 * @param {string} to
 * @param {string} ending
 */
async function copyFiles(from, to, ending) {
  await mkdir(join(out, to), { recursive: true })
  const entries = await readdir(from, { withFileTypes: true })
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
      .map(async ({ name }) => {
        await copyFile(join(from, name), join(out, to, name))
        return join(out, to, name)
      }),
  )
}

/**
 * What an earlier build left goes last, so that a command that is running finds its chunks meanwhile.
 * @param {Set<string>} kept
 */
async function removeAllBut(kept) {
  for (const entry of await readdir(out, { withFileTypes: true, recursive: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && !kept.has(file)) await rm(file, { force: true })
  }
}

/** @param {number} byteLength */
function kilobytes(byteLength) {
  return `${Math.round(byteLength / 1024)} kB`
}
