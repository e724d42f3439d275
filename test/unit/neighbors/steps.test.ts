/** The steps of the join, as the header of its entry file announces them: their order and their folders. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { codeFiles, root } from '../repository/files.ts'

const FOLDER = 'lib/neighbors'
/** A folder imports only from those before it; files at the root of the join come last. */
const ORDER = ['distance', 'plan', 'kernel', 'prepare', 'scan', 'rank', 'threads']

/** The call that is each step. */
const CALLS: Record<string, string> = {
  plan: 'planJoin',
  prepare: 'prepareInOrder',
  guess: 'pool.guess',
  scan: 'pool.scan',
  rank: 'pool.rank',
  result: 'joinResult',
}

const entry = readFileSync(join(root, FOLDER, 'self-join.ts'), 'utf8')
const [header = ''] = entry.split('*/')

it('are called in the order of the header, once each', () => {
  const steps = Array.from(header.matchAll(/^ \* {3}\d\. (\w+)/gm), (match) => match[1]!)
  expect(steps).toEqual(Object.keys(CALLS))
  const code = entry.slice(header.length)
  const places = steps.map((step) => {
    const calls = [...code.matchAll(new RegExp(`(?<![\\w.])${CALLS[step]}\\(`, 'g'))]
    expect(calls.length, step).toBe(1)
    return calls[0]!.index
  })
  expect(places).toEqual(places.toSorted((a, b) => a - b))
})

it('import only what comes before them', () => {
  const wrong = codeFiles(FOLDER).flatMap((file) => {
    const own = ORDER.indexOf(file.slice(FOLDER.length + 1).split('/')[0]!)
    if (own < 0) return []
    const text = readFileSync(join(root, file), 'utf8')
    const others = Array.from(text.matchAll(/from '\.\.\/([\w-]+)\//g), (match) => match[1]!)
    return others.filter((other) => ORDER.indexOf(other) > own).map((other) => `${file}: ${other}`)
  })
  expect(wrong).toEqual([])
})

it('hand on data whose types import nothing of the join', () => {
  for (const file of ['types.ts', 'input.ts']) {
    const text = readFileSync(join(root, FOLDER, file), 'utf8')
    expect(text).not.toMatch(/from '\.\//)
  }
})
