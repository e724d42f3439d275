import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/**
 * The architecture as a table: what each folder may import besides itself and packages. The stages
 * (`config` to `planning`) are a star: they speak through `lib/core`, and only `lib/pipeline.ts`, with
 * the steps in `lib/run`, knows their order.
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
  'lib/reference': ['lib/core', 'lib/findings', 'lib/history', 'lib/metrics', 'lib/projection'],
  'lib/upload': ['lib/core', 'lib/config', 'lib/dataset', 'lib/formats', 'lib/publish'],
  'lib/site': [
    'lib/core',
    'lib/config',
    'lib/dataset',
    'lib/history',
    'lib/planning',
    'lib/publish',
    'lib/upload',
    'reports',
  ],
  'lib/run': [
    'lib/core',
    'lib/dataset',
    'lib/findings',
    'lib/history',
    'lib/metrics',
    'lib/neighbors',
    'lib/planning',
    'lib/projection',
    'lib/publish',
    'lib/site',
    'lib/tensor',
    'lib/upload',
    'reports',
    'package.json',
  ],
  // An evaluation in shards ends in the very pipeline that evaluates a small one.
  'lib/shards': [
    'lib',
    'lib/core',
    'lib/neighbors',
    'lib/publish',
    'lib/run',
    'lib/tensor',
    'lib/upload',
  ],
  reports: ['lib/core', 'lib/planning', 'package.json'],
  lib: [
    'lib/core',
    'lib/findings',
    'lib/history',
    'lib/metrics',
    'lib/neighbors',
    'lib/projection',
    'lib/publish',
    'lib/run',
    'lib/site',
    'lib/tensor',
    'lib/upload',
    'reports',
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

const root = fileURLToPath(new URL('../../..', import.meta.url))
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

/** Where circles are left. */
const CIRCLES_LEFT = /^(lib\/neighbors|reports)\//

/** Files that reach themselves by their imports: each circle's files by name. */
function circles(): string[][] {
  const all = new Set(files)
  const targets = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((target) => all.has(target)),
    ]),
  )
  const reachable = new Map(files.map((file) => [file, reach(file)]))
  const inCircles = files.filter((file) => reachable.get(file)!.has(file))
  const groups = new Map<string, string[]>()
  for (const file of inCircles.sort()) {
    const first = inCircles.find(
      (other) => reachable.get(file)!.has(other) && reachable.get(other)!.has(file),
    )!
    groups.set(first, [...(groups.get(first) ?? []), file])
  }
  return [...groups.values()]

  function reach(start: string): Set<string> {
    const seen = new Set<string>()
    const queue = [...targets.get(start)!]
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      if (seen.has(file)) continue
      seen.add(file)
      queue.push(...targets.get(file)!)
    }
    return seen
  }
}

describe('imports', () => {
  it('leave nothing but the pipeline at the root of lib', () => {
    const atRoot = files.filter((file) => /^lib\/[^/]+$/.test(file))
    expect(atRoot).toEqual(['lib/pipeline.ts'])
  })

  it('run in no circle, those of types included', () => {
    expect(circles().filter(([first = '']) => !CIRCLES_LEFT.test(first))).toEqual([])
  })

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
