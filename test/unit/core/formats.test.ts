/** The list of formats: how each is known, and that what is said of those that aren't read can be followed. */

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import { START_BYTES } from '../../../lib/core/format-marks.ts'
import {
  formatNamed,
  formatOf,
  formatRecord,
  isRead,
  isReadable,
  isReadName,
  partNamed,
  READ_EXTENSIONS,
  unreadIssue,
} from '../../../lib/core/format-of.ts'
import { FORMATS, type FormatId, PART_STEMS, type UploadPart } from '../../../lib/core/formats.ts'

const ids = Object.keys(FORMATS) as FormatId[]
const parts = Object.keys(PART_STEMS) as UploadPart[]
const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

/** A zip's first entry, as far as its name. */
function zipOf(name: string): Uint8Array {
  const header = new Uint8Array(30)
  header.set(ascii('PK\u0003\u0004'))
  header[26] = name.length
  return Uint8Array.of(...header, ...ascii(name))
}

test('those that are read', () => {
  const read = [
    'npz',
    'npy',
    'csv',
    'tsv',
    'safetensors',
    'parquet',
    'arrow',
    'jsonl',
    'json',
    'tensorBytes',
  ]
  expect(ids.filter(isRead)).toEqual(read)
  expect(READ_EXTENSIONS).toEqual(expect.arrayContaining(['.npz', '.tsv', '.pq', '.feather']))
})

test('no two formats have one extension, and each is in lower case with its dot', () => {
  const all = ids.flatMap((id) => formatRecord(id).extensions)
  expect(new Set(all).size).toBe(all.length)
  for (const extension of all) {
    expect(extension).toMatch(/^\.[a-z0-9]+$/)
    expect(formatNamed(`A.${extension.slice(1).toUpperCase()}`)).not.toBeNull()
  }
})

describe('a file is of the format', () => {
  it.each<[name: string, start: Uint8Array, FormatId | null]>([
    ['a.npz', zipOf('embeddings.npy'), 'npz'],
    ['a.csv', zipOf('embeddings.npy'), 'npz'],
    ['a', zipOf('embeddings.npy'), 'npz'],
    ['a.npz', zipOf('archive/data.pkl'), 'torch'],
    ['a.npz', zipOf('notes.txt'), 'npz'],
    ['a.zip', zipOf('notes.txt'), 'zip'],
    ['a.csv', zipOf('notes.txt'), 'zip'],
    ['a.xlsx', zipOf('docProps/app.xml'), 'excel'],
    ['a.csv', zipOf('[Content_Types].xml'), 'excel'],
    ['a.pt', Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9), 'torch'],
    ['a.npy', Uint8Array.of(0x80, 4, 0x95), 'pickle'],
    ['a.npz', ascii('PAR1'), 'parquet'],
    ['embeddings', ascii('ARROW1'), 'arrow'],
    ['a.mat', Uint8Array.of(0x89, ...ascii('HDF\r\n\u001a\n')), 'hdf5'],
    ['a.bin', Uint8Array.of(40, 0, 0, 0, 0, 0, 0, 0, ...ascii('{"embeddings"')), 'safetensors'],
    ['a.json', ascii('{"r000":{"label":"cat"'), 'json'],
    ['a.jsonl', ascii('{"meta":{"label":"cat"'), 'jsonl'],
    ['a.csv', ascii('label,v\n{"cat"'), 'csv'],
    ['a.safetensors', Uint8Array.of(...new Array(8).fill(255), ...ascii('{"a"')), 'safetensors'],
    ['a.rds', gzipSync('x'), 'r'],
    ['labels.csv', gzipSync('x'), 'gzip'],
    ['labels.csv.gz', ascii('id,label'), 'csv'],
    ['labels.tgz', gzipSync('x'), 'gzip'],
    ['a.csv', ascii('id,label'), 'csv'],
    ['a.parquet', ascii('id,label'), 'parquet'],
    ['a.tsv', ascii('id\tlabel'), 'tsv'],
    ['a', ascii('id,label'), null],
    ['a.foo', new Uint8Array(0), null],
  ])('%s, %j → %s', (name, start, format) => {
    expect(formatOf(name, start)).toBe(format)
    const whole = new Uint8Array(4 * START_BYTES)
    whole.set(start)
    expect(formatOf(name, whole)).toBe(format)
  })

  it('that NumPy says, of every file that NumPy wrote', () => {
    const folder = new URL('../formats/fixtures/', import.meta.url)
    for (const name of readdirSync(folder).filter((name) => /\.np[yz]$/.test(name))) {
      const start = readFileSync(new URL(name, folder)).subarray(0, START_BYTES)
      if (start[0] !== 0x50 && start[0] !== 0x93) continue
      expect(formatOf(name, start), name).toBe(formatNamed(name))
    }
  })
})

test.each([
  ['embeddings.npz', 'vectors'],
  ['embeddings', 'vectors'],
  ['embeddings.csv.gz', 'vectors'],
  ['gallery.TSV', 'gallery'],
  ['labels.txt', 'labels'],
  ['metadata.tar', 'metadata'],
  ['embeddings.v2.npz', null],
  ['my-labels.csv', null],
])('%s is the part %s', (name, part) => {
  expect(partNamed(name)).toBe(part)
})

describe('what isn’t read', () => {
  it.each(ids.filter((id) => formatRecord(id).unread))(
    '%s is told with what it is and what makes a file that is read',
    (id) => {
      const [extension] = formatRecord(id).extensions
      for (const part of parts) {
        const name = `${PART_STEMS[part]}${extension}`
        const issue = unreadIssue(name, part, ascii('?'))
        expect(issue).toMatchObject({ code: 'unknown-format', where: name })
        expect(issue.message).toContain(`The file is ${FORMATS[id].title}, which is not read`)
        expect(issue.hint).toContain(name)
        if (/^Unpack/.test(issue.hint)) continue
        const made = [...issue.hint.matchAll(/"(\w+)(\.\w+)"/g)].filter(
          ([, , end]) => end !== extension,
        )
        expect(made.length).toBeGreaterThan(0)
        for (const [, stem, end] of made) {
          expect(stem).toBe(PART_STEMS[part])
          expect(READ_EXTENSIONS).toContain(end)
        }
      }
    },
  )

  it.each([
    [
      'embeddings.pkl.gz',
      'a pickle, packed with gzip',
      '(gunzip embeddings.pkl.gz), and go on with what it holds. In Python: ',
    ],
    [
      'labels.xlsx.zst',
      'a spreadsheet, packed with zstd',
      '(unzstd labels.xlsx.zst), and go on with what it holds. In Python: ',
    ],
    ['embeddings.tar.gz', 'a tar archive, packed with gzip', 'tar xf embeddings.tar.gz'],
  ])('%s is told with what is in it', (name, what, hint) => {
    const packed = name.endsWith('.gz') ? gzipSync('x') : Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)
    const issue = unreadIssue(name, partNamed(name)!, packed)
    expect(issue.message).toContain(what)
    expect(issue.hint).toContain(hint)
    expect([isReadName(name), isReadable(name, packed)]).toEqual([false, false])
  })

  it.each([
    ['embeddings.csv.gz', true],
    ['x.npz.zst', true],
    ['embeddings.gz', false],
    ['embeddings.csv.bz2', false],
  ])('%s can be read by its name: %s', (name, isIt) => {
    expect(isReadName(name)).toBe(isIt)
    expect(isReadable(name, gzipSync('x'))).toBe(true)
  })

  it('is told with its first bytes where nobody knows it', () => {
    const issue = unreadIssue('embeddings.foo', 'vectors', ascii('FOO1.....'))
    expect(issue.message).toContain('(464f4f312e2e2e2e)')
    expect(unreadIssue('a', 'labels', new Uint8Array(0)).code).toBe('empty-file')
  })
})

test('a line of Python imports what it calls', () => {
  const told = (file: string) => unreadIssue(file, 'vectors', ascii('x')).hint
  expect(told('embeddings.h5')).toContain('import numpy as np, h5py; d = ')
  expect(told('embeddings.pt')).toContain('import numpy as np, torch; d = ')
  expect(told('embeddings.pkl')).toContain('import numpy as np, pandas as pd; d = ')
})
