/** `docs/inputs.md` lists every code, which `npm run docs` writes; each code is made somewhere, and some test provokes it. */

import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ISSUE_CODE_FAMILIES, ISSUE_CODES, severityOf } from '../../../lib/core/issue-codes.ts'
import { issueCodeTables } from '../../../lib/reference/issue-codes.ts'

const PAGE = '../../../docs/inputs.md'
const ROOT = new URL('../../../', import.meta.url)
/** Sources that put the end of a code together. */
const MADE_OF_PARTS = /^(?:array-ignored|(?:id|image|time|split|group)-column-missing)$/

it('docs/inputs.md has every code', async () => {
  const page = readFileSync(new URL(PAGE, import.meta.url), 'utf8')
  const place = /(<!-- codes -->\n)[\s\S]*?(<!-- \/codes -->)/
  expect(page).toMatch(place)
  const now = page.replace(place, (_, before, after) => `${before}${issueCodeTables()}\n${after}`)
  await expect(now).toMatchFileSnapshot(PAGE)
})

it('no code is in two families', () => {
  const codes = ISSUE_CODE_FAMILIES.flatMap((family) => Object.keys(family.codes))
  expect(codes.length).toBe(new Set(codes).size)
  expect(codes.toSorted()).toEqual(Object.keys(ISSUE_CODES).toSorted())
})

it('a code of another version counts as a warning', () => {
  expect(severityOf('npy-object')).toBe('error')
  expect(severityOf('column-ignored')).toBe('note')
  expect(severityOf('toString')).toBe('warning')
})

it('every code is made in the code, and provoked by a test', () => {
  const sources = ['lib/', 'functions/'].flatMap(textsOf).join('\n')
  // Expected codes of the cases and of the tests; this file names none.
  const tests = textsOf('test/').join('\n')
  const quoted = (code: string) => new RegExp(`['"\`]${code}['"\`]|${code}(?=[ :])`)
  const codes = Object.keys(ISSUE_CODES)
  expect(codes.filter((code) => !MADE_OF_PARTS.test(code) && !isMade(sources, code))).toEqual([])
  expect(codes.filter((code) => !quoted(code).test(tests))).toEqual([])
})

function isMade(sources: string, code: string): boolean {
  return sources.includes(`'${code}'`) || sources.includes(`"${code}"`)
}

/** The list itself makes none of them. */
function textsOf(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(?:ts|tsx|json|mjs)$/.test(entry.name))
    .map(({ parentPath, name }) => `${parentPath}/${name}`)
    .filter((path) => !/issue-codes|node_modules|oracles/.test(path))
    .map((path) => readFileSync(path, 'utf8'))
}
