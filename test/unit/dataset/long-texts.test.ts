/** Messages stay short and whole however long the ids, labels, names of columns and files are that they quote. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseManifest } from '../../../lib/config/manifest.ts'
import { InputError, LONGEST_MESSAGE } from '../../../lib/core/errors.ts'
import { assembleDataset } from '../../../lib/dataset/assemble.ts'
import type { UploadTables } from '../../../lib/dataset/join.ts'
import { readText } from '../formats/read-fixture.ts'
import { issues, points, table, vectorTable } from './tables.ts'

const text = fc.oneof(
  fc.string({ minLength: 1, maxLength: 30 }),
  fc.string({ unit: 'binary', minLength: 300, maxLength: 900 }),
  fc.constantFrom('\u001b'.repeat(900), '"'.repeat(900), '\\'.repeat(900), 'a b '.repeat(225)),
)

/** Texts that a person sees of an upload, whatever became of it. */
function told(tables: UploadTables, yaml: string): readonly string[] {
  const result = assembleDataset(tables, parseManifest(yaml, 'nearmiss.yaml'))
  if ('dataset' in result) return result.dataset.warnings.map(({ message }) => message)
  const [first, ...others] = result.issues
  return new InputError(first!, others).issues.flatMap(({ message, where, hint }) => [
    message,
    where,
    hint,
  ])
}

describe('texts of any length', () => {
  test('of ids, labels, columns, files and settings make no message long', () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 4, maxLength: 4 }),
        fc.array(text, { minLength: 4, maxLength: 4 }),
        text,
        text,
        fc.constantFrom('id', 'label', 'split', 'image'),
        fc.boolean(),
        (ids, labels, column, file, part, isSet) => {
          const source = `${file}.csv`
          const vectors = {
            ...vectorTable(points(4), { id: [...ids.slice(1), ids[1]!], [column]: labels }),
            source,
          }
          const one = table(source, { id: ids, label: labels })
          const yaml = isSet ? `columns: { ${part}: ${JSON.stringify(column)} }` : ''
          for (const tables of [
            { vectors, labels: null, metadata: null },
            { vectors, labels: one, metadata: one },
            { vectors: { ...vectors, columns: one.columns }, labels: null, metadata: one },
          ]) {
            for (const line of told(tables, yaml)) {
              expect(line.length).toBeLessThan(LONGEST_MESSAGE)
            }
          }
        },
      ),
      { numRuns: 60, seed: 14 },
    )
  })

  test('of entries of a file neither', async () => {
    const long = 'd'.repeat(900)
    for (const csv of [
      `id,label,dim_0,dim_1\n${long},a,1,x${long}\n${long},b,1,2\n`,
      `id,label,dim_0,dim_1,${long},${long}\na,b,1,2,3,4\n`,
      `${long.slice(0, 190)},${long.slice(0, 190)},dim_0\na,b,1\n`,
    ]) {
      const error = await readText(`${long}.csv`, csv).catch((cause: unknown) => cause)
      if (!(error instanceof InputError)) continue
      for (const { message, where, hint } of error.issues) {
        for (const line of [message, where, hint]) expect(line.length).toBeLessThan(600)
      }
    }
  })

  test('are cut within what is quoted, so that the sentence goes on behind it', () => {
    const id = `\u001b[31m${'d'.repeat(900)}`
    const twice = issues({ vectors: vectorTable(points(2), { id: [id, id], label: ['a', 'b'] }) })
    expect(twice[0]!.message).toBe(
      `1 id is there more than once: ${JSON.stringify(`${id.slice(0, 60)}…`)} in rows 0 and 1 (counted from 0).`,
    )
    // Whoever forgets to cut what is quoted has it cut in the end.
    const told = new InputError({
      code: 'csv-number',
      message: `"${'\\u001b'.repeat(900)}" is no number, and "b" is.`,
      where: `${'w'.repeat(900)}.csv, line 3`,
      hint: `Look at ${'h'.repeat(900)}.`,
    }).issues[0]!
    expect(told.message).toBe(`"${'\\u001b'.repeat(60)}…" is no number, and "b" is.`)
    expect(told.where).toBe(`${'w'.repeat(598)}…`)
    expect(told.hint).toBe(`Look at ${'h'.repeat(590)}…`)
  })

  test('one and several are told as such', () => {
    const vectors = (id: string[]) => vectorTable(points(4), { id, label: ['a', 'b', 'a', 'b'] })
    const message = (id: string[], other?: string[]) =>
      issues({
        vectors: vectors(id),
        ...(other ? { metadata: table('metadata.csv', { id: other }) } : {}),
      }).map((issue) => issue.message)
    expect(message(['a', 'a', 'b', 'b'])[0]).toMatch(/^2 ids are there more than once/)
    expect(message(['a', '', 'b', 'c'])[0]).toMatch(/^1 of 4 rows has an empty id/)
    expect(message(['a', '', '', 'c'])[0]).toMatch(/^2 of 4 rows have an empty id/)
    const [one] = message(['a', 'b', 'c', 'd'], ['a', 'b', 'c'])
    expect(one).toMatch(/^1 id of embeddings.npz is not in metadata.csv/)
  })
})
