/** What a hint says to type is copied: no mark of a sentence stands behind it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeFiles, root } from './files.ts'

/** A call, or a setting in braces, with a mark behind it at the end of a text. */
const CODE =
  /(?:[\w\]"]\((?:[^()'`]|\((?:[^()]|\([^()]*\))*\))*\)|: \{ (?:[^'`{}]|\$\{[^}]*\})+\})[.,;]['`]/

test.each([
  ['np.savez("a.npz", x=np.stack(d["x"])).', true],
  ['say in nearmiss.yaml: columns: { id: NAME }.', true],
  ['np.savez("a.npz", x=np.stack(d["x"]))', false],
  ['Give each row an id (see below).', false],
])('in %j a mark is noticed: %s', (text, isNoticed) => {
  expect(CODE.test(`'${text}'`)).toBe(isNoticed)
})

test('code ends a hint', () => {
  const lines = codeFiles('lib/core', 'lib/dataset', 'lib/formats', 'lib/upload', 'functions')
    .flatMap((file) =>
      readFileSync(join(root, file), 'utf8')
        .split('\n')
        .map((line, at) => `${file}:${at + 1} ${line.trim()}`),
    )
    .filter((line) => CODE.test(line) && !/message: |definition: /.test(line))
    // Words that a function gives are no code.
    .filter((line) => !/\.(?:join|map)\([^)]*\)\}?[.,;]['`]/.test(line))
  expect(lines).toEqual([])
})
