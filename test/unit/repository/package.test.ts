/** What is installed and what is shipped: versions that stand still, licences that allow it, no more files than needed. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

interface Manifest {
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      { readonly license?: string; readonly dev?: boolean; readonly resolved?: string }
    >
  >
}

const root = join(import.meta.dirname, '../../..')
const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T

/** None of them asks for the source of what it is built into. */
const LICENCES = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MPL-2.0',
  'Unlicense',
])

/** Whether all of `A AND B`, or one of `A OR B`, is among them. */
function isAllowed(expression: string): boolean {
  const text = expression.replace(/[()]/g, '')
  return text
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => LICENCES.has(licence.trim())))
}

describe.each(['.', 'infra/serverless'])('the packages of %s', (folder) => {
  it('are asked for by exact versions', () => {
    const manifest = read<Manifest>(join(folder, 'package.json'))
    const ranges = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    expect(ranges).toEqual([])
  })

  it('are locked without the address of a registry', () => {
    const { packages } = read<Lock>(join(folder, 'package-lock.json'))
    expect(Object.keys(packages).length).toBeGreaterThan(100)
    expect(Object.keys(packages).filter((name) => packages[name]?.resolved)).toEqual([])
  })
})

it('every package that may become part of what ships has a licence that allows it', () => {
  const shipped = Object.entries(read<Lock>('package-lock.json').packages).filter(
    ([name, { dev }]) => name !== '' && !dev,
  )
  expect(shipped.length).toBeGreaterThan(100)
  expect(shipped.filter(([, { license = 'none' }]) => !isAllowed(license))).toEqual([])
  expect(['GPL-3.0', 'MIT AND AGPL-3.0-only', 'none'].filter(isAllowed)).toEqual([])
})

it('the package holds the command with what it reads, and nothing that is only built or tested with', async () => {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts']
  const { stdout } = await promisify(execFile)('npm', pack, {
    cwd: root,
    maxBuffer: 64 * 2 ** 20,
  })
  const [{ files, unpackedSize }] = JSON.parse(stdout) as [
    { files: { path: string }[]; unpackedSize: number },
  ]
  const paths = files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining([
      ...Object.values(read<Manifest>('package.json').bin ?? {}),
      'LICENSE',
      'README.md',
      'dist/reports/pages/item/page.mdx',
      'dist/reports/sections/items/section.mdx',
      'dist/wasm-worker.js',
      'infra/command.mjs',
      'infra/tensorflow/install.mjs',
      'samples/digits/nca-32.npz',
    ]),
  )
  expect(paths.filter((path) => /node_modules|\.map$|^(lib|reports|test|\.)/.test(path))).toEqual(
    [],
  )
  expect(unpackedSize).toBeLessThan(25e6)
})
