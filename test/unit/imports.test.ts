import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * The architecture as a table: what each folder may import besides itself and packages. Stages are a
 * star: only the files directly in `lib` know their order.
 */
const ALLOWED: Record<string, readonly string[]> = {
  'lib/core': [],
  'lib/stats': ['lib/core'],
  'lib/config': ['lib/core'],
  'lib/formats': ['lib/core'],
  'lib/dataset': ['lib/core'],
  'lib/tensor': ['lib/core'],
  'lib/neighbors': ['lib/core', 'lib/tensor'],
  'lib/metrics': ['lib/core', 'lib/stats', 'lib/tensor'],
  'lib/projection': ['lib/core', 'lib/tensor'],
  'lib/findings': ['lib/core', 'lib/stats'],
  'lib/history': ['lib/core', 'lib/stats'],
  'lib/publish': ['lib/core'],
  'lib/planning': ['lib/core'],
  reports: ['lib/core', 'lib/planning'],
  lib: [
    'lib/core',
    'lib/config',
    'lib/formats',
    'lib/dataset',
    'lib/tensor',
    'lib/neighbors',
    'lib/metrics',
    'lib/projection',
    'lib/findings',
    'lib/history',
    'lib/publish',
    'lib/planning',
    'reports',
    'package.json',
  ],
  functions: ['lib/*', 'lib', 'reports', 'package.json'],
}

/** Packages that only one place may know. */
const PACKAGES: Record<string, RegExp> = {
  '@tensorflow/': /^lib\/tensor\//,
  '@aws-sdk/': /^(lib\/publish\/s3[^/]*|functions\/[^/]+)\.ts$/,
  arquero: /^(lib\/dataset|reports)\//,
  vega: /^reports\//,
  yauzl: /^lib\/formats\//,
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const files = ['lib', 'functions', 'reports'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx|js)$/.test(name))
    .map((name) => join(folder, name).split('\\').join('/')),
)

/** The row of the table that a file belongs to. */
function folderOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  if (!file.includes('/')) return file
  return top === 'lib' && !second.includes('.') ? `lib/${second}` : top
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(
    /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g,
  )
  return Array.from(found, (match) => match[1] ?? match[2] ?? match[3]!)
}

describe('imports', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThan(80)
    expect(importsOf('lib/pipeline.ts')).toContain('./neighbors/self-join.ts')
  })

  it('keep to the table', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((name) => problemOf(file, name) ?? []),
    )
    expect(wrong).toEqual([])
  })
})

function problemOf(file: string, name: string): string | null {
  const own = folderOf(file)
  const allowed = ALLOWED[own]
  if (allowed === undefined) return `${own} is not in the table`
  if (!name.startsWith('.')) {
    const rule = Object.entries(PACKAGES).find(([start]) => name.startsWith(start))
    return rule && !rule[1].test(file) ? `${file} may not import ${name}` : null
  }
  const target = folderOf(relative(root, resolve(root, dirname(file), name)))
  const fits =
    target === own ||
    allowed.includes(target) ||
    (target.startsWith('lib/') && allowed.includes('lib/*'))
  return fits ? null : `${file} imports ${name}: ${own} may not import ${target}`
}
