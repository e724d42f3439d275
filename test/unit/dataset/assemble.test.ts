/** Vectors, labels and metadata become one set of rows, or issues that name what disagrees. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const labelled = vectorTable(points(4), { labels: ['b', 'a', 'b', 'a'], ids: ['w', 'x', 'y', 'z'] })

describe('rows', () => {
  test('are taken as they are', () => {
    const rows = dataset({ vectors: labelled })
    expect(rows).toMatchObject({
      rows: 4,
      dimensions: 2,
      ids: ['w', 'x', 'y', 'z'],
      hasIds: true,
      classes: ['a', 'b'],
      labels: Int32Array.of(1, 0, 1, 0),
      sourceRows: Int32Array.of(0, 1, 2, 3),
      images: null,
      metadata: [],
      inputRows: 4,
      setAside: [],
      warnings: [],
    })
    expect([...rows.vectors]).toEqual([1, 0, 2, 2, 3, 4, 4, 6])
    expect(rows.vectors.buffer).toBeInstanceOf(SharedArrayBuffer)
  })

  test('have labels and ids under the singular or the plural of their name', () => {
    const yaml = 'columns: { label: kinds, id: key }'
    const vectors = vectorTable(points(2), { kind: ['a', 'b'], keys: ['x', 'y'] })
    expect(dataset({ vectors }, yaml)).toMatchObject({ classes: ['a', 'b'], ids: ['x', 'y'] })
  })

  test('without ids go by their number', () => {
    const rows = dataset({ vectors: vectorTable(points(2), { label: ['a', 'a'] }) })
    expect(rows).toMatchObject({ ids: ['0', '1'], hasIds: false })
  })

  test('classes are in the order of code units', () => {
    const vectors = vectorTable(points(4), { label: ['é', 'b', 'Z', '10'] })
    expect(dataset({ vectors }).classes).toEqual(['10', 'Z', 'b', 'é'])
  })

  test('without a finite vector or a label are set aside, each once, and the rest keeps its place', () => {
    const vectors = vectorTable(
      [
        [1, 1],
        [Number.NaN, 1],
        [2, 2],
        [3, 3],
        [Number.POSITIVE_INFINITY, 0],
        [4, 4],
      ],
      {
        id: ['a', 'b', 'c', 'd', 'e', 'f'],
        label: ['k', '', 'k', '  ', 'k', 'm'],
        size: [1, 2, 3, 4, 5, 6],
      },
    )
    const rows = dataset({ vectors })
    expect(rows.setAside).toEqual([
      { reason: 'vector holds NaN or infinity', count: 2, rows: ['b', 'e'] },
      { reason: 'no label', count: 1, rows: ['d'] },
    ])
    expect(rows).toMatchObject({ rows: 3, inputRows: 6, ids: ['a', 'c', 'f'] })
    expect(rows.sourceRows).toEqual(Int32Array.of(0, 2, 5))
    expect([...rows.vectors]).toEqual([1, 1, 2, 2, 4, 4])
    expect(rows.metadata).toEqual([
      { name: 'size', type: 'number', values: Float64Array.of(1, 3, 6) },
    ])
  })

  test('that are all kept share their ids with the file: of a million the list isn’t made again', () => {
    const ids = ['a', 'b', 'c']
    const columns = { id: ids, label: ['x', 'y', 'x'] }
    expect(dataset({ vectors: vectorTable(points(3), columns) }).ids).toBe(ids)
    const without = { id: ids, label: ['x', '', 'y'] }
    expect(dataset({ vectors: vectorTable(points(3), without) }).ids).toEqual(['a', 'c'])
  })

  test('set aside are counted whole and named up to twenty', () => {
    const label = [...Array(30).fill(''), 'a', 'b']
    const { setAside } = dataset({ vectors: vectorTable(points(32), { label }) })
    expect(setAside[0]!.count).toBe(30)
    expect(setAside[0]!.rows).toHaveLength(20)
  })

  test.each([
    ['no rows', vectorTable([]), 'no-vectors', '0 vectors'],
    ['no dimensions', vectorTable([[], []], { label: ['a', 'b'] }), 'no-vectors', '2 vectors of 0'],
    ['no vectors', table('a.csv', { label: ['a'] }), 'no-vectors', 'no vectors'],
    ['one row', vectorTable([[1]], { label: ['a'] }), 'too-few-rows', '1 of 1 rows'],
    [
      'one row left',
      vectorTable([[1], [Number.NaN]], { label: ['a', 'b'] }),
      'too-few-rows',
      '1 of 2 rows can be evaluated; at least 2 are needed: 1 set aside, vector holds NaN or infinity ("1")',
    ],
    ['none left', vectorTable([[1], [2]], { label: ['', ''] }), 'too-few-rows', '0 of 2 rows'],
  ])('%s can not be evaluated', (_, vectors, code, message) => {
    const [issue] = issues({ vectors })
    expect(issue).toMatchObject({ code, message: expect.stringContaining(message) })
    expect(issue!.hint).not.toBe('')
  })
})

describe('joining', () => {
  const bare = vectorTable(points(3), { ids: ['100', '+1', '1e2'] })

  test('by id, as it is written, in any order', () => {
    const metadata = table('metadata.csv', {
      id: ['1e2', '100', '+1'],
      label: ['c', 'a', 'b'],
      size: [3, 1, 2],
      colour: ['red', 'blue', 'green'],
    })
    const rows = dataset({ vectors: bare, metadata })
    expect(rows.ids).toEqual(['100', '+1', '1e2'])
    expect(rows.classes).toEqual(['a', 'b', 'c'])
    expect(rows.labels).toEqual(Int32Array.of(0, 1, 2))
    expect(rows.metadata).toEqual([
      { name: 'size', type: 'number', values: Float64Array.of(1, 2, 3) },
      { name: 'colour', type: 'text', values: ['blue', 'green', 'red'] },
    ])
  })

  test('any order of the metadata gives the same rows', () => {
    const ids = ['a', 'b', 'c', 'd', 'e', 'f']
    const vectors = vectorTable(points(6), { id: ids })
    fc.assert(
      fc.property(fc.shuffledSubarray(ids, { minLength: 6 }), (order) => {
        const metadata = table('m.csv', {
          id: order,
          label: order,
          twice: order.map((id) => id + id),
        })
        const rows = dataset({ vectors, metadata })
        expect(Array.from(rows.labels, (label) => rows.classes[label])).toEqual(ids)
        expect(rows.metadata[0]!.values).toEqual(ids.map((id) => id + id))
      }),
    )
  })

  test('by row where one side has no ids, which are then taken from the other', () => {
    const vectors = vectorTable(points(2))
    const labels = table('labels.csv', { id: ['x', 'y'], label: ['a', 'b'] })
    const metadata = table('metadata.csv', { id: ['y', 'x'], size: [2, 1] })
    const rows = dataset({ vectors, labels, metadata })
    expect(rows).toMatchObject({ ids: ['x', 'y'], hasIds: true })
    expect(rows.metadata[0]!.values).toEqual(Float64Array.of(1, 2))
  })

  test('labels.npy without ids, by row', () => {
    const rows = dataset({ vectors: bare, labels: table('labels.npy', { label: ['a', 'b', 'a'] }) })
    expect(rows).toMatchObject({ ids: ['100', '+1', '1e2'], labels: Int32Array.of(0, 1, 0) })
  })

  test('the only column of a labels file is the label, whatever its name', () => {
    const labels = table('labels.csv', { id: ['1e2', '+1', '100'], species: ['c', 'b', 'a'] })
    expect(dataset({ vectors: bare, labels }).classes).toEqual(['a', 'b', 'c'])
  })

  test('numeric ids of an array are compared as text', () => {
    const vectors = vectorTable(points(2), { sku: [7, 8], label: ['a', 'b'] })
    const metadata = table('metadata.csv', { sku: ['8', '7'], size: [2, 1] })
    expect(dataset({ vectors, metadata }, 'columns: { id: sku }').ids).toEqual(['7', '8'])
  })

  test('different counts name both', () => {
    const [issue] = issues({
      vectors: vectorTable(points(3)),
      labels: table('labels.csv', { label: ['a', 'b'] }),
    })
    expect(issue).toMatchObject({
      code: 'row-count',
      where: 'labels.csv',
      message:
        'labels.csv has 2 rows, embeddings.npz has 3, and embeddings.npz has no ids to join them by.',
    })
  })

  test('ids that are missing on either side are named', () => {
    const found = issues({
      vectors: bare,
      metadata: table('metadata.csv', { id: ['100', '+1', '9', '8'], label: ['a', 'b', 'c', 'd'] }),
    })
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['missing-id', '1 id of embeddings.npz is not in metadata.csv: "1e2".'],
      ['missing-id', '2 ids of metadata.csv are not in embeddings.npz: "9", "8".'],
    ])
  })

  test('ids that are there twice are named with their rows, in every file at once', () => {
    const found = issues({
      vectors: vectorTable(points(3), { id: ['a', 'b', 'a'] }),
      labels: table('labels.csv', { id: ['c', 'c', ''], label: ['a', 'b', 'c'] }),
    })
    expect(found.map(({ code, where, message }) => [code, where, message])).toEqual([
      [
        'duplicate-id',
        'embeddings.npz',
        '1 id is there more than once: "a" in rows 0 and 2 (counted from 0).',
      ],
      ['empty-id', 'labels.csv', '1 of 3 rows has an empty id: row 2, counted from 0.'],
      [
        'duplicate-id',
        'labels.csv',
        '1 id is there more than once: "c" in rows 0 and 1 (counted from 0).',
      ],
    ])
  })

  test('a column that is there twice is taken from the first file, with a warning', () => {
    const vectors = vectorTable(points(2), { id: ['a', 'b'], label: ['k', 'm'], size: [1, 2] })
    const metadata = table('metadata.csv', { id: ['a', 'b'], size: [3, 4] })
    const rows = dataset({ vectors, metadata })
    expect(rows.metadata).toHaveLength(1)
    expect(rows.metadata[0]!.values).toEqual(Float64Array.of(1, 2))
    expect(rows.warnings.map(({ code }) => code)).toContain('column-twice')
  })
})

describe('labels', () => {
  test('in two places may agree, or fill each other', () => {
    const vectors = vectorTable(points(3), { id: ['a', 'b', 'c'], labels: ['k', '', 'm'] })
    const metadata = table('metadata.csv', { id: ['c', 'b', 'a'], label: ['m', 'k', ''] })
    const rows = dataset({ vectors, metadata })
    expect(rows.labels).toEqual(Int32Array.of(0, 0, 1))
    expect(rows.metadata).toEqual([])
  })

  test('that disagree are named with row, id and both values', () => {
    const vectors = vectorTable(points(2), { id: ['a', 'b'], labels: ['k', 'm'] })
    const metadata = table('metadata.csv', { id: ['b', 'a'], label: ['n', 'k'] })
    expect(issues({ vectors, metadata })).toEqual([
      {
        code: 'label-conflict',
        message:
          '1 row has one label in embeddings.npz and another in metadata.csv: row 1 (id "b") is "m" and "n".',
        where: 'metadata.csv, column label',
        hint: expect.any(String),
        rowCount: 1,
        rows: ['b'],
      },
    ])
  })

  test('that have not come yet are told from a labels file without them', () => {
    const vectors = vectorTable(points(2), { size: [1, 2] })
    expect(issues({ vectors })[0]).toMatchObject({ code: 'labels-missing' })
    const labels = table('labels.csv', { class: ['a', 'b'], size: ['1', '2'] })
    const [issue] = issues({ vectors, labels })
    expect(issue).toMatchObject({ code: 'label-column-missing', where: 'labels.csv' })
    expect(issue!.message).toContain('the columns are "size", "class"')
    expect(dataset({ vectors, labels }, 'columns: { label: class }').classes).toEqual(['a', 'b'])
  })
})

describe('pictures', () => {
  const upload = (image: string[]) => ({
    vectors: vectorTable(points(image.length), {
      id: image.map((_, row) => `id/${row} é`),
      label: image.map(() => 'a'),
      image,
    }),
  })

  test('come from the column, which is no metadata', () => {
    const rows = dataset(upload(['a b.png', 'https://pictures.example/1?x=1', '']))
    expect(rows.images).toEqual(['a b.png', 'https://pictures.example/1?x=1', ''])
    expect(rows.metadata).toEqual([])
  })

  test('that a page must not hold are emptied with a warning', () => {
    const bad = [
      'javascript:alert(1)',
      'http://a.example/x',
      '../x.png',
      '/etc/x',
      'a/../b',
      'data:image/png,x',
      'a\\..\\b',
      'x\n/../y',
      'JAVASCRIPT:x',
      'a//b',
      'tab\there',
      'a/./b',
      'folder/',
      '..',
      './../x',
      './',
      '.nearmiss-1/x',
      'x'.repeat(1025),
    ]
    const rows = dataset(upload([...bad, 'ok.png']))
    expect(rows.images).toEqual([...bad.map(() => ''), 'ok.png'])
    expect(rows.warnings).toContainEqual({
      code: 'image-refused',
      message: expect.stringContaining('18 pictures are left out'),
    })
  })

  test('have addresses of up to 2,000 characters', () => {
    const address = (length: number) => 'https://a.example/'.padEnd(length, 'x')
    const rows = dataset(upload([address(2000), address(2001)]))
    expect(rows.images).toEqual([address(2000), ''])
    expect(rows.warnings[0]!.message).toContain('1 pictures are left out')
    expect(rows.warnings[0]!.message.length).toBeLessThan(400)
  })

  test('may be named from the folder that they lie in', () => {
    expect(dataset(upload(['./a.png', '././b/c.png', 'd.png'])).images).toEqual([
      'a.png',
      'b/c.png',
      'd.png',
    ])
  })

  test('come from a template of addresses, with values encoded', () => {
    const rows = dataset(
      upload(['x', 'y']),
      'images: "https://pictures.example/{label}/{id}.jpg?n={image}"',
    )
    expect(rows.images).toEqual([
      'https://pictures.example/a/id%2F0%20%C3%A9.jpg?n=x',
      'https://pictures.example/a/id%2F1%20%C3%A9.jpg?n=y',
    ])
  })

  test('come from a template of keys, with values as written', () => {
    expect(dataset(upload(['x', 'y']), 'images: "pictures/{id}.jpg"').images).toEqual([
      'pictures/id/0 é.jpg',
      'pictures/id/1 é.jpg',
    ])
  })

  test('of a sprite are no concern of the rows', () => {
    const yaml = 'images: { sprite: sprite.png, tile: [8, 8] }'
    expect(dataset(upload(['x', 'y']), yaml).images).toBeNull()
  })

  test('of a template that names no column are an issue', () => {
    const [issue] = issues(upload(['x', 'y']), 'images: "https://pictures.example/{sku}"')
    expect(issue).toMatchObject({ code: 'image-template' })
    expect(issue!.message).toContain('"sku"; the columns are "id", "label", "image"')
  })
})

describe('what is chosen is told', () => {
  test.each([
    [{ label: ['a', 'b'], labels: ['x', 'y'] }, '', 'label', 'labels'],
    [{ labels: ['x', 'y'], label: ['a', 'b'] }, '', 'label', 'labels'],
    [{ labels: ['x', 'y'], label: ['a', 'b'] }, 'columns: { label: labels }', 'labels', 'label'],
    [{ ids: ['p', 'q'], label: ['a', 'b'], id: ['r', 's'] }, '', 'id', 'ids'],
  ] as const)('%j with %j', (columns, yaml, chosen, other) => {
    const rows = dataset({ vectors: vectorTable(points(2), columns) }, yaml)
    const told = rows.warnings.filter(({ code }) => code === 'column-chosen')
    expect(told).toHaveLength(1)
    expect(told[0]!.message).toContain(`the column ${chosen} is taken`)
    expect(told[0]!.message).toContain(`and ${other} as a column like any other`)
    expect(rows.metadata.map(({ name }) => name)).toContain(other)
  })

  test('one column leaves nothing to tell', () => {
    const rows = dataset({
      vectors: vectorTable(points(2), { ids: ['p', 'q'], labels: ['a', 'b'] }),
    })
    expect(rows.warnings.map(({ code }) => code)).not.toContain('column-chosen')
  })

  test.each(['id', 'image', 'time'])('a setting that names no column is an error: %s', (part) => {
    const found = issues(
      { vectors: vectorTable(points(2), { label: ['a', 'b'], taken: ['x', 'y'] }) },
      `columns: { ${part}: sku }`,
    )
    expect(found[0]).toMatchObject({ code: `${part}-column-missing` })
    expect(found[0]!.message).toContain('"sku"')
    expect(found[0]!.message).toContain('"taken"')
  })

  test('one that names a column is not', () => {
    const vectors = vectorTable(points(2), { label: ['a', 'b'], sku: ['x', 'y'] })
    expect(dataset({ vectors }, 'columns: { id: sku }').ids).toEqual(['x', 'y'])
    expect(dataset({ vectors }, 'columns: { time: sku }').rows).toBe(2)
  })
})

describe('names of classes', () => {
  const named = (count: number, length: number) => {
    const names = Array.from({ length: count }, (_, row) => String(row).padStart(length, 'x'))
    return { vectors: vectorTable(points(count), { label: names }) }
  }

  test('have up to 500 characters, wherever they stand', () => {
    expect(dataset(named(2, 500)).classes).toHaveLength(2)
    expect(issues(named(2, 501))[0]).toMatchObject({ code: 'text-too-long' })
  })

  test('have up to 5,000,000 characters in all', () => {
    expect(dataset(named(10_000, 500)).classes).toHaveLength(10_000)
    const [issue] = issues(named(10_001, 500))
    expect(issue!.message).toBe(
      'The names of the 10001 classes have 5000500 characters in all; at most 5000000 are published.',
    )
  })
})
