/** Ids that are hashed: what is told by them, and what is not. */

import { describe, expect, it } from 'vitest'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const HASHED = 'privacy: { ids: hashed }'
/** `printf patient-1 | openssl dgst -sha256 -hmac 'a key for tests'`, cut to 16 digits; likewise the others. */
const HASH: Record<string, string> = {
  'patient-1': 'e8f88958bedd43a2',
  'patient-2': '2d9fd16a244bb9a3',
  'patient-3': '0ada735ea4bf05f6',
}
const vectors = (id: string[], columns: Record<string, string[]> = {}) =>
  vectorTable(points(id.length), { id, label: id.map(() => 'a'), ...columns })

describe('ids that are hashed', () => {
  it('are told by their rows in messages, which a person can look up', () => {
    const messages = (tables: Parameters<typeof issues>[0]) =>
      issues(tables, HASHED).map(({ message }) => message)
    expect(messages({ vectors: vectors(['patient-1', 'patient-2', 'patient-1']) })).toEqual([
      '1 id is there more than once: one in rows 0 and 2 (counted from 0).',
    ])
    expect(
      messages({
        vectors: vectors(['patient-1', 'patient-2']),
        metadata: table('metadata.csv', { id: ['patient-1', 'patient-3'], size: [1, 2] }),
      }),
    ).toEqual([
      '1 id of embeddings.npz is not in metadata.csv: that of row 1 (counted from 0).',
      '1 id of metadata.csv is not in embeddings.npz: that of row 1 (counted from 0).',
    ])
    expect(
      messages({
        vectors: vectors(['patient-1', 'patient-2']),
        labels: table('labels.csv', { id: ['patient-1', 'patient-2'], label: ['a', 'b'] }),
      }),
    ).toEqual([
      '1 row has one label in embeddings.npz and another in labels.csv: row 1 is "a" and "b".',
    ])
  })

  it('leave no column that repeats them, and no picture whose address does', () => {
    const id = ['patient-1', 'patient-2']
    const rows = dataset(
      {
        vectors: vectors(id, {
          file: ['scans/patient-1/a.dcm', 'scans/patient-2/b.dcm'],
          same: id,
          site: ['north', 'south'],
          image: ['https://pictures.example/patient-1.jpg', 'https://pictures.example/2.jpg'],
        }),
      },
      HASHED,
    )
    expect(rows.metadata.map(({ name }) => name)).toEqual(['site'])
    expect(rows.images).toEqual(['', 'https://pictures.example/2.jpg'])
    expect(rows.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['column-withheld', 'column-withheld', 'image-refused']),
    )
    expect(JSON.stringify(rows)).not.toContain('patient')
  })

  it('are hashed by a rule for their column too, and their key has a name', () => {
    const upload = { vectors: vectors(['patient-1', 'patient-2']) }
    const byRule = dataset(upload, 'privacy: { columns: { id: hash } }')
    expect(byRule.ids).toEqual(dataset(upload, HASHED).ids)
    // As above, of "nearmiss id key".
    expect(byRule.idKey).toBe('8bc7c52fcedc9351')
    expect(dataset(upload).idKey).toBeUndefined()
  })

  it('take the place of ids everywhere', () => {
    const rows = dataset(
      {
        vectors: vectorTable([[1], [2], [Number.NaN]], {
          id: Object.keys(HASH),
          label: ['a', 'b', 'a'],
        }),
      },
      `${HASHED}\nimages: "https://pictures.example/{id}.jpg"`,
    )
    expect(rows.ids).toEqual([HASH['patient-1'], HASH['patient-2']])
    expect(rows.setAside[0]!.rows).toEqual([HASH['patient-3']])
    expect(rows.images?.[0]).toBe(`https://pictures.example/${HASH['patient-1']}.jpg`)
    expect(JSON.stringify(rows)).not.toContain('patient')
  })

  it('still join the files of an upload', () => {
    const metadata = table('metadata.csv', { id: ['patient-2', 'patient-1'], size: [2, 1] })
    const rows = dataset({ vectors: vectors(['patient-1', 'patient-2']), metadata }, HASHED)
    expect(rows.metadata[0]!.values).toEqual(Float64Array.of(1, 2))
  })

  it.each([
    ['duplicate-id', { vectors: vectors(['patient-1', 'patient-1']) }],
    [
      'missing-id',
      {
        vectors: vectors(['patient-1', 'patient-2']),
        metadata: table('metadata.csv', { id: ['patient-1', 'patient-3'], size: [1, 2] }),
      },
    ],
    [
      'label-conflict',
      {
        vectors: vectors(['patient-1', 'patient-2']),
        labels: table('labels.csv', { id: ['patient-1', 'patient-2'], label: ['a', 'b'] }),
      },
    ],
    [
      'too-few-rows',
      { vectors: vectorTable([[1], [Number.NaN]], { id: ['x', 'patient-1'], label: ['a', 'a'] }) },
    ],
  ])('are what the issue %s quotes', (code, tables) => {
    const found = issues(tables, HASHED)
    expect(found.map((issue) => issue.code)).toContain(code)
    expect(JSON.stringify(found)).not.toContain('patient')
    expect(JSON.stringify(issues(tables))).toContain('patient')
  })

  it('are what warnings quote', () => {
    const ids = Array.from({ length: 24 }, (_, row) => `patient-${row % 6}-${row}`)
    const upload = { vectors: vectors(ids) }
    const image = 'images: "pictures//{id}.jpg"'
    expect(JSON.stringify(dataset(upload, image).warnings)).toContain('patient')
    expect(JSON.stringify(dataset(upload, `${HASHED}\n${image}`).warnings)).not.toContain('patient')
  })

  it('leave an empty id empty, and row numbers as they are', () => {
    expect(issues({ vectors: vectors(['', 'patient-1']) }, HASHED)[0]).toMatchObject({
      code: 'empty-id',
    })
    const unnamed = vectorTable(points(2), { label: ['a', 'a'] })
    expect(dataset({ vectors: unnamed }, HASHED)).toMatchObject({ ids: ['0', '1'], hasIds: false })
  })
})
