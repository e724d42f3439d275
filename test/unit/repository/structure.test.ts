/** How the files are arranged: sizes, headers, and tests that lie where the code does. */

import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { codeFiles, root } from './files.ts'

const MOST_LINES = 300

const code = codeFiles('lib', 'functions', 'reports')
const tests = codeFiles('test/unit').filter((file) => /\.test\.tsx?$/.test(file))

/** Folders of test/unit that mirror no folder of the code, and why they are there. */
const OTHER_FOLDERS: Record<string, string> = {
  bench: 'of test/bench',
  fuzz: 'of test/fuzz',
  pipeline: 'of lib/pipeline.ts: the whole way of an upload',
  repository: 'of the files themselves',
}

it(`no file of code has more than ${MOST_LINES} lines`, () => {
  const long = code.filter((file) => linesOf(file) > MOST_LINES)
  expect(long).toEqual([])
})

it('every file of code starts with a sentence that says what it is for', () => {
  const bare = code.filter((file) => !/^(#!.*\n\n)?\/\*\*/.test(textOf(file)))
  expect(bare).toEqual([])
})

it('the folders of test/unit are those of the code', () => {
  const folders = new Set(tests.map((file) => dirname(file).slice('test/unit/'.length)))
  const others = [...folders].filter((folder) => codeFolderOf(folder) === null)
  expect(others.sort()).toEqual(Object.keys(OTHER_FOLDERS).sort())
})

it('a test is named after a file or folder of the code, or says first what it is of', () => {
  const unnamed = tests.filter((file) => {
    const folder = codeFolderOf(dirname(file).slice('test/unit/'.length))
    const name = basename(file).replace(/\.test\.tsx?$/, '')
    const isNamed = folder !== null && new Set(namesBelow(folder)).has(name)
    return !isNamed && !textOf(file).startsWith('/**')
  })
  expect(unnamed).toEqual([])
})

/** The folder of the code that a folder of test/unit mirrors; null where there is none. */
function codeFolderOf(folder: string): string | null {
  const candidates = /^(functions|reports)(\/|$)/.test(folder) ? [folder] : [`lib/${folder}`]
  return candidates.find((candidate) => existsSync(join(root, candidate))) ?? null
}

/** Names of the files and folders below a folder of the code, without their extensions. */
function namesBelow(folder: string): string[] {
  return code
    .filter((file) => file.startsWith(`${folder}/`))
    .flatMap((file) => file.slice(folder.length + 1).split('/'))
    .map((part) => part.replace(/\.[a-z]+$/, ''))
}

function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
}

function linesOf(file: string): number {
  return textOf(file).split('\n').length - 1
}
