/** Who may import whom: the architecture as a table, and no circle in it. */

import { readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeFiles, importsOf, root } from './files.ts'

/**
 * What each folder may import besides itself and packages; `lib/*` stands for all folders of `lib`. The
 * stages (`config` to `planning`) are a star: they speak through `lib/core`, and only `lib/pipeline.ts`,
 * with the steps in `lib/run`, knows their order.
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
  'lib/publish': ['lib/core', 'docs/schema'],
  'lib/planning': ['lib/core'],
  'lib/announce': ['lib/core'],
  'lib/reference': [
    'lib/core',
    'lib/config',
    'lib/findings',
    'lib/history',
    'lib/metrics',
    'lib/projection',
  ],
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
  // From words to pages: each knows only those above it.
  'reports/files': [],
  'reports/theme': [],
  'reports/words': ['lib/core', 'reports/files'],
  'reports/view': ['lib/core', 'reports/words'],
  'reports/client': ['lib/core', 'lib/planning'],
  'reports/charts': ['lib/core', 'reports/files', 'reports/theme', 'reports/words'],
  'reports/components': [
    'lib/core',
    'lib/planning',
    'reports/charts',
    'reports/files',
    'reports/view',
    'reports/words',
  ],
  'reports/sections': [
    'lib/core',
    'lib/planning',
    'reports/charts',
    'reports/client',
    'reports/components',
    'reports/files',
    'reports/theme',
    'reports/view',
    'reports/words',
  ],
  'reports/preview': ['lib/core', 'reports/files', 'reports/view', 'reports/words'],
  'reports/pages': ['lib/core', 'lib/planning', 'reports/*'],
  reports: ['lib/core', 'reports/*'],
  lib: ['lib/core', 'lib/run', 'lib/site', 'lib/upload'],
  // Who may read the site: it sees no report and no store.
  'functions/reader': ['lib/core'],
  'functions/metrics': ['lib/core'],
  functions: [
    'lib/*',
    'lib',
    'functions/commands',
    'functions/metrics',
    'functions/reader',
    'reports',
    'package.json',
  ],
  'functions/serve': [
    'lib/*',
    'lib',
    'functions',
    'functions/metrics',
    'functions/commands',
    'functions/reader',
    'reports',
    'package.json',
  ],
  'functions/commands': [
    'lib/*',
    'lib',
    'functions',
    'functions/metrics',
    'functions/reader',
    'functions/serve',
    'reports',
    'reports/words',
    'package.json',
  ],
  infra: ['lib/neighbors', 'functions/reader'],
  // Beside the folders: what tests of several of them share.
  test: ['lib/*', 'lib'],
  'test/attack': ['lib/*', 'lib'],
  'test/fault': [],
  'test/fuzz': ['lib/core', 'lib/formats', 'lib/config'],
  'test/oracles': ['infra'],
  'test/bench': ['lib/*', 'lib', 'infra', 'test'],
  'test/cases': ['test', 'test/contract', 'lib/core', 'lib/publish', 'infra'],
  'test/contract': ['lib/core', 'lib/publish', 'infra', 'test'],
  'test/unit': [
    'lib/*',
    'lib',
    'functions/*',
    'functions',
    'reports/*',
    'reports',
    'infra',
    'package.json',
    'test',
    'test/attack',
    'test/bench',
    'test/contract',
    'test/fuzz',
  ],
  'test/browser': [
    'lib/*',
    'functions/serve',
    'reports/*',
    'reports',
    'infra',
    'test',
    'test/cases',
    'test/contract',
    'test/unit',
  ],
  'test/cloud': [
    'lib/*',
    'lib',
    'functions',
    'infra',
    'test',
    'test/browser',
    'test/contract',
    'test/unit',
  ],
}

/** Packages that only one place may know. */
const PACKAGES: Record<string, RegExp> = {
  '@tensorflow/': /^lib\/tensor\//,
  '@aws-sdk/': /^(lib\/publish\/s3[^/]*|functions\/[^/]+)\.ts$/,
  arquero: /^(lib\/dataset|reports)\//,
  vega: /^reports\//,
  yauzl: /^lib\/formats\//,
}

const files = codeFiles('lib', 'functions', 'reports', 'infra', 'test')

/** The row of the table that a file belongs to: its folder, or the one that this lies in. */
function folderOf(file: string): string {
  const [top = '', second = ''] = file.split('/')
  if (!file.includes('/')) return file
  return top === 'infra' || second.includes('.') ? top : `${top}/${second}`
}

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
    expect(circles()).toEqual([])
  })

  it('leave a section of the report to itself: what several need is shared, not lent', () => {
    const folderOfSection = (file: string) =>
      /^reports\/sections\/([^/]+)\//.exec(file)?.[1] ?? null
    const lent = files.flatMap((file) =>
      importsOf(file)
        .map((name) => relative(root, resolve(root, dirname(file), name)))
        .filter((target) => {
          const [own, other] = [folderOfSection(file), folderOfSection(target)]
          return own !== null && other !== null && own !== other
        })
        .map((target) => `${file} imports ${target}`),
    )
    expect(lent).toEqual([])
  })

  it('leave nothing but the entry at the root of reports', () => {
    expect(files.filter((file) => /^reports\/[^/]+$/.test(file))).toEqual(['reports/render.ts'])
  })

  it('are found', () => {
    expect(files.length).toBeGreaterThan(80)
    expect(importsOf('lib/pipeline.ts')).toContain('./run/measure.ts')
  })

  it('render pages of a publication in one module', () => {
    const ofRendering = ['lib/site/render.ts', 'lib/site/plain-page.ts', 'lib/site/sprint.ts']
    const renderers = files.filter(
      (file) =>
        file.startsWith('lib/') &&
        /\b(?:render[A-Z]\w*|drawPng|\w*[pP]reviewSvg|pageOrPlain)\(/.test(
          readFileSync(join(root, file), 'utf8'),
        ),
    )
    expect(renderers).toEqual(ofRendering.toSorted())
    for (const file of ofRendering.slice(1)) {
      const name = file.replace('lib/site/', './')
      expect(
        files.filter((one) => one.startsWith('lib/site/') && importsOf(one).includes(name)),
      ).toEqual(['lib/site/render.ts'])
    }
  })

  it('keep to the table', () => {
    const wrong = files.flatMap((file) =>
      importsOf(file).flatMap((name) => problemOf(file, name) ?? []),
    )
    expect(wrong).toEqual([])
  })

  it('are of folders that there are', () => {
    const folders = new Set(files.map(folderOf))
    expect(Object.keys(ALLOWED).filter((folder) => !folders.has(folder))).toEqual([])
    const targets = new Set(Object.values(ALLOWED).flat())
    const named = [...targets].filter(
      (name) => !name.endsWith('/*') && name !== 'package.json' && name !== 'docs/schema',
    )
    expect(named.filter((folder) => !folders.has(folder))).toEqual([])
  })
})

function problemOf(file: string, name: string): string | null {
  const own = folderOf(file)
  const allowed = ALLOWED[own]
  if (allowed === undefined) return `${own} is not in the table`
  if (!name.startsWith('.')) {
    const rule = Object.entries(PACKAGES).find(([start]) => name.startsWith(start))
    return rule && !own.startsWith('test') && !rule[1].test(file)
      ? `${file} may not import ${name}`
      : null
  }
  const target = folderOf(relative(root, resolve(root, dirname(file), name)))
  const fits =
    target === own ||
    allowed.includes(target) ||
    (target.includes('/') && allowed.includes(`${target.split('/')[0]}/*`))
  return fits ? null : `${file} imports ${name}: ${own} may not import ${target}`
}
