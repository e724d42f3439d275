/** The choice of a format, and readers that only ever fail with an error for people. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { columns, fixture, problem, readText, rowsOf, vectorOptions } from './read-fixture.ts'

test('first bytes choose before the extension', async () => {
  const bytes = await fixture('stored.npz')
  const table = await readTable({ name: 'embeddings.csv', bytes }, vectorOptions)
  expect(table.vectors!.dimensions).toBe(3)
})

test('the extension chooses in any case', async () => {
  expect(rowsOf(await readText('EMBEDDINGS.CSV', '0,1\n1,2\n'))).toEqual([[1, 2]])
})

test('a format that isn’t read is named', async () => {
  const found = await problem(readText('embeddings.h5', 'x'))
  expect(found).toMatchObject({ code: 'unknown-format', where: 'embeddings.h5' })
  expect(found.message).toContain('The file is HDF5')
})

test('bytes of no known format are told with those that are read', async () => {
  const found = await problem(readText('embeddings.foo', 'FOO1....'))
  expect(found).toMatchObject({ code: 'unknown-format', where: 'embeddings.foo' })
  expect(found.message).toContain('464f4f31')
  expect(found.message).toContain('.npz, .npy, .csv, .tsv')
})

describe('damaged files end in an InputError with a place and a remedy, or are read', () => {
  const files = [
    'stored.npz',
    'compressed.npz',
    'float32.npy',
    'float64-fortran-big-endian.npy',
    'unicode.npy',
    'version-3.npy',
    'usual.safetensors',
  ]
  const survives = async (name: string, bytes: Uint8Array): Promise<void> => {
    for (const part of ['vectors', 'labels', 'metadata'] as const) {
      try {
        const table = await readTable({ name, bytes }, { part, columns })
        expect(table.columns.every(({ values }) => values.length === table.rows)).toBe(true)
      } catch (error) {
        if (!(error instanceof InputError)) throw error
        const [issue] = error.issues
        expect(issue!.where).toContain(name)
        expect(issue!.hint).not.toBe('')
      }
    }
  }

  test.each(files)('%s cut anywhere', async (name) => {
    const bytes = await fixture(name)
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), (length) =>
        survives(name, bytes.subarray(0, length)),
      ),
      { numRuns: 60 },
    )
  })

  test.each(files)('%s with bytes changed', async (name) => {
    const bytes = await fixture(name)
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 5 }), async (changes) => {
        const damaged = Uint8Array.from(bytes)
        for (const [at, value] of changes) damaged[at] = value
        await survives(name, damaged)
      }),
      { numRuns: 150 },
    )
  })

  test('bytes of any kind under any name', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('a.npz', 'a.npy', 'a.csv', 'a.txt'),
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.string().map((text) => Buffer.from(text)),
        ),
        survives,
      ),
      { numRuns: 200 },
    )
  })
})
