/** Files that fuzzing broke a reader with: each ends in one message now. What they did is their name. */

import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { vectorOptions } from '../formats/read-fixture.ts'

const CASES: Readonly<Record<string, string>> = {
  // A run of 2^30 entries in a page of some was written out, entry by entry.
  'run-without-end.parquet': 'parquet-damaged',
  'page-without-size.parquet': 'parquet-damaged',
  'count-without-number.parquet': 'parquet-damaged',
  // A length below zero led back to the message before, again and again.
  'message-that-leads-back.arrow': 'arrow-damaged',
  // A list of children claimed 2^31 of them, and as many were made.
  'children-without-end.arrow': 'arrow-damaged',
  // Ten to the power of a scale of millions was worked out.
  'scale-without-end.feather': 'arrow-damaged',
  // A column of views claimed 8 million buffers, and as many were made.
  'views-without-end.arrow': 'arrow-damaged',
  'field-without-name.arrow': 'arrow-damaged',
  'name-of-4-kB.npz': 'zip-damaged',
  'quote-in-long-entry.csv': 'csv-syntax',
}

it.each(Object.entries(CASES))('%s is refused', async (name, code) => {
  const bytes = await readFile(new URL(`../../fuzz/cases/${name}`, import.meta.url))
  const file = { name, bytes }
  const error = await readTable(file, vectorOptions).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(InputError)
  const [issue] = (error as InputError).issues
  expect(issue?.code).toBe(code)
  for (const text of [issue?.message, issue?.where, issue?.hint]) {
    expect(text!.length).toBeLessThanOrEqual(600)
    expect(text).not.toMatch(/undefined|\[object|Cannot read/)
  }
})
