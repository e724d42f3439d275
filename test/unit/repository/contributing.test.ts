/** What CONTRIBUTING.md says of where things are and what to touch. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codeFiles, filesBelow, importsOf, root } from './files.ts'

const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
const table = guide.slice(
  guide.indexOf('## To add something'),
  guide.indexOf('## How code looks here'),
)
const files = filesBelow('lib', 'functions', 'reports', 'test', 'infra', 'docs')

/** What stands in backquotes and is a path of this checkout. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`([^`\s]+\/[^`\s]*)`/g)].map(([, path = '']) => path)

describe('CONTRIBUTING.md', () => {
  it('names files and folders that there are', () => {
    const paths = pathsIn(guide).filter((path) =>
      /^(lib|functions|reports|test|infra|docs)\//.test(path),
    )
    expect(paths.length).toBeGreaterThan(40)
    expect(paths.filter((path) => !path.includes('<') && !existsSync(join(root, path)))).toEqual([])
  })

  it('names patterns that files have', () => {
    const patterns = pathsIn(table).filter((path) => path.includes('<'))
    expect(patterns.length).toBeGreaterThan(5)
    const without = patterns.filter((pattern) => {
      const form = new RegExp(
        `^${pattern.replaceAll('.', '\\.').replace(/<\w+>/g, '[^/]+')}${pattern.endsWith('/') ? '' : '$'}`,
      )
      return !files.some((file) => form.test(file))
    })
    expect(without).toEqual([])
  })

  it('names closed lists where they are', () => {
    const lists = [...table.matchAll(/`([A-Z][A-Z_]+)` (?:of|in) `([^`]+)`/g)]
    expect(lists.length).toBeGreaterThan(5)
    const elsewhere = lists.filter(
      ([, name, file]) =>
        !new RegExp(`^export const ${name}\\b`, 'm').test(readFileSync(join(root, file!), 'utf8')),
    )
    expect(elsewhere.map(([text]) => text)).toEqual([])
  })

  it('names every folder of lib', () => {
    const folders = new Set(files.flatMap((file) => /^lib\/[^/]+\//.exec(file)?.[0] ?? []))
    expect([...folders].filter((folder) => !guide.includes(`\`${folder}\``))).toEqual([])
  })
})

/** Where a member of a list is a file, and the one place that takes it in. */
const MEMBERS = [
  { of: /^lib\/metrics\/[^/]+\/family\.ts$/, by: 'lib/metrics/registry.ts' },
  { of: /^reports\/sections\/[^/]+\/section\.ts$/, by: 'reports/sections/index.ts' },
  { of: exporting('Rule', 'lib/findings'), by: 'lib/findings/registry.ts' },
  { of: exporting('Opener', 'lib/formats'), by: 'lib/formats/registry.ts' },
]

describe.each(MEMBERS)('the members of $by', ({ of, by }) => {
  const code = codeFiles('lib', 'functions', 'reports')
  const members = code.filter((file) => of.test(file))

  it('are all in it, and in nothing else', () => {
    expect(members.length).toBeGreaterThan(2)
    for (const member of members) {
      // Beside one another they may share what they are made of.
      const importers = code
        .filter((file) => file === by || dirname(file) !== dirname(member))
        .filter((file) => targetsOf(file).includes(member))
      expect(importers, member).toEqual([by])
    }
  })
})

/** The files of a folder that export something of a type. */
function exporting(type: string, folder: string): RegExp {
  const declaration = new RegExp(`^export const \\w+: ${type} = `, 'm')
  const members = codeFiles(folder).filter((file) =>
    declaration.test(readFileSync(join(root, file), 'utf8')),
  )
  return new RegExp(`^(${members.map((file) => file.replaceAll('.', '\\.')).join('|')})$`)
}

function targetsOf(file: string): string[] {
  return importsOf(file)
    .filter((name) => name.startsWith('.'))
    .map((name) => relative(root, resolve(root, dirname(file), name)))
}
