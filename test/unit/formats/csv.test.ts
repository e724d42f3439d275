/** CSV: quoting, types, vectors, and the place of what is wrong. */

import { describe, expect, test } from 'vitest'
import type { InputError } from '../../../lib/core/errors.ts'
import { readTable } from '../../read-table.ts'
import { columnOf, problem, readText, rowsOf, vectorOptions } from './read-fixture.ts'

const metadata = (text: string) => readText('metadata.csv', text, { part: 'metadata' })
const vectors = (text: string) => readText('embeddings.csv', text)

describe('columns', () => {
  test('byte order mark, CRLF, quoted commas, quotes and line breaks', async () => {
    const table = await metadata('\ufeffid,note\r\na,"x, ""y"""\r\nb,"two\r\nlines"\r\n')
    expect(table.rows).toBe(2)
    expect(columnOf(table, 'id').values).toEqual(['a', 'b'])
    expect(columnOf(table, 'note').values).toEqual(['x, "y"', 'two\r\nlines'])
  })

  test('a column is numbers only if every entry is one', async () => {
    const table = await metadata(
      'id,label,size,code,mixed,none,huge\n1,0,1.5,007,1,,9007199254740993\n+1,1,,010,x,,1\n',
    )
    expect(columnOf(table, 'id')).toMatchObject({ type: 'text', values: ['1', '+1'] })
    expect(columnOf(table, 'label')).toMatchObject({ type: 'text', values: ['0', '1'] })
    expect(columnOf(table, 'size')).toEqual({
      name: 'size',
      type: 'number',
      values: Float64Array.of(1.5, Number.NaN),
    })
    expect(columnOf(table, 'code')).toMatchObject({ type: 'text', values: ['007', '010'] })
    expect(columnOf(table, 'mixed')).toMatchObject({ type: 'text' })
    expect(columnOf(table, 'none')).toMatchObject({ type: 'text', values: ['', ''] })
    expect(columnOf(table, 'huge')).toMatchObject({
      type: 'text',
      values: ['9007199254740993', '1'],
    })
  })

  test.each(['0', '-1', '+2.50', '.5', '1e-3', '3.', '-0.0E+2'])(
    '%s is a number',
    async (entry) => {
      const table = await metadata(`a,b\n${entry},x\n`)
      expect(columnOf(table, 'a')).toMatchObject({
        type: 'number',
        values: Float64Array.of(Number(entry)),
      })
    },
  )

  test.each(['0x10', '1_000', 'e5', '.', '+', '1e', ' 1', 'NaN', '1.2.3', '2026-01-02', '00'])(
    '%s is text',
    async (entry) => {
      const table = await metadata(`a,b\n${entry},x\n`)
      expect(columnOf(table, 'a')).toMatchObject({ type: 'text', values: [entry] })
    },
  )

  test('a quoted empty entry is a row, an empty line is none', async () => {
    const table = await metadata('label\na\n""\n\nb\n\n')
    expect(columnOf(table, 'label').values).toEqual(['a', '', 'b'])
  })

  test("pandas' unnamed index is none of the columns, and kept for what it says of the order", async () => {
    const table = await metadata(',id\n0,a\n1,b\n')
    expect(table.columns.map(({ name }) => name)).toEqual(['id'])
    expect(table.warnings).toHaveLength(1)
    expect([...table.rowIndex!.values].map(Number)).toEqual([0, 1])
  })

  test('a header without rows has no rows', async () => {
    expect((await metadata('id,label\n')).rows).toBe(0)
  })
})

describe('vectors', () => {
  test.each(['embedding_', 'embedding', 'emb_', 'emb', 'dim_', 'dim', 'e_', 'e', ''])(
    'columns %s0, %s1, %s2 in the order of their numbers',
    async (prefix) => {
      const table = await vectors(
        `id,${prefix}2,${prefix}0,${prefix}1,size\na,3,1,2,9\nb,-0.5,inf,1e-3,8\nc,1,,-Infinity,7\n`,
      )
      expect(rowsOf(table)).toEqual([
        [1, 2, 3],
        ['inf', 1e-3, -0.5],
        ['nan', '-inf', 1],
      ])
      expect(table.columns.map(({ name }) => name)).toEqual(['id', 'size'])
    },
  )

  describe('of two groups of columns', () => {
    const header = (...groups: readonly (readonly [string, number])[]) =>
      groups.flatMap(([prefix, count]) =>
        Array.from({ length: count }, (_, at) => `${prefix}${at}`),
      )
    const file = (...groups: readonly (readonly [string, number])[]) => {
      const names = header(...groups)
      return `${names.join(',')}\n${names.map((_, at) => at).join(',')}\n`
    }
    const choose = (embeddings: string) => ({ columns: { ...vectorOptions.columns, embeddings } })

    test.each([
      [
        [
          ['', 16],
          ['dim_', 2],
        ],
        ['16 columns 0 to 15', '2 columns dim_0 to dim_1'],
      ],
      [
        [
          ['dim_', 2],
          ['', 16],
        ],
        ['16 columns 0 to 15', '2 columns dim_0 to dim_1'],
      ],
      [
        [
          ['feature_', 16],
          ['dim_', 2],
        ],
        ['16 columns feature_0', '2 columns dim_0'],
      ],
      [
        [
          ['feature_', 2],
          ['dim_', 2],
        ],
        ['2 columns feature_0', '2 columns dim_0'],
      ],
      [
        [
          ['emb_', 8],
          ['emb', 8],
          ['e', 2],
        ],
        ['8 columns emb_0', '8 columns emb0', '2 columns e0'],
      ],
      [
        [
          ['embedding_', 8],
          ['dim', 2],
        ],
        ['8 columns embedding_0', '2 columns dim0'],
      ],
    ] as const)('%j is refused, and both are named', async (groups, names) => {
      const found = await problem(vectors(file(...groups)))
      expect(found.code).toBe('embeddings-ambiguous')
      for (const name of names) expect(found.message).toContain(name)
    })

    test('the setting chooses, by prefix, by name, or by the first column', async () => {
      const text = file(['feature_', 3], ['dim_', 2], ['', 4])
      const first = async (embeddings: string) =>
        rowsOf(await readText('embeddings.csv', text, choose(embeddings)))[0]
      expect(await first('feature_')).toEqual([0, 1, 2])
      expect(await first('feature')).toEqual([0, 1, 2])
      expect(await first('dim_0')).toEqual([3, 4])
      expect(await first('0')).toEqual([5, 6, 7, 8])
    })

    test('the remedy that is told works', async () => {
      const text = file(['', 4], ['dim_', 2])
      const error: unknown = await vectors(text).catch((caught: unknown) => caught)
      const { hint } = (error as InputError).issues[0]!
      const settings = [...hint.matchAll(/embeddings: "?([^" ]+)"? \}/g)].map(([, name]) => name!)
      expect(settings).toEqual(['0', 'dim_'])
      for (const name of settings) {
        const table = await readText('embeddings.csv', text, choose(name))
        expect(table.vectors!.dimensions).toBe(name === '0' ? 4 : 2)
        expect(table.columns).toHaveLength(name === '0' ? 2 : 4)
        expect(table.warnings).toEqual([])
      }
    })

    test('a setting that names none is an error that lists them', async () => {
      const found = await problem(readText('embeddings.csv', file(['dim_', 2]), choose('feature_')))
      expect(found.code).toBe('embeddings-missing')
      expect(found.message).toContain('columns.embeddings: feature_')
      expect(found.message).toContain('2 columns dim_0 to dim_1')
    })

    test('a smaller one of another name is told, and single ones are not', async () => {
      const table = await vectors(file(['dim_', 4], ['score_', 2], ['top', 1]))
      expect(table.vectors!.dimensions).toBe(4)
      expect(table.warnings).toHaveLength(1)
      expect(table.warnings[0]!.message).toContain('4 columns dim_0 to dim_3')
      expect(table.warnings[0]!.message).toContain('2 columns score_0 to score_1')
      expect(table.warnings[0]!.message).not.toContain('top')
      expect((await vectors(file(['dim_', 4], ['e', 1]))).warnings).toEqual([])
    })

    test('one of another name alone is taken from 4 columns on, and that is told', async () => {
      const table = await vectors(file(['reading_', 4], ['top', 1]))
      expect(table.vectors!.dimensions).toBe(4)
      expect(table.warnings[0]!.message).toContain('its 4 columns reading_0 to reading_3.')
      const found = await problem(vectors(file(['reading_', 3])))
      expect(found.code).toBe('embeddings-missing')
      expect(found.message).toContain('3 columns reading_0 to reading_2')
    })

    test('one number twice is refused', async () => {
      expect(await problem(vectors('dim_1,dim_2,dim_01\n1,2,3\n'))).toMatchObject({
        code: 'csv-vector-twice',
        message: 'Columns 1 and 3, dim_1 and dim_01, have one number.',
      })
    })
  })

  test('numbers may start from 1', async () => {
    expect(rowsOf(await vectors('dim_1,dim_2\n1,2\n'))).toEqual([[1, 2]])
  })

  test('more rows than the first guess', async () => {
    const lines = Array.from({ length: 100 }, (_, row) => `${row},${row * 2}`)
    const table = await vectors(`0,1\n${lines.join('\n')}`)
    expect(rowsOf(table)).toEqual(Array.from({ length: 100 }, (_, row) => [row, row * 2]))
  })

  test('as metadata the same columns are metadata', async () => {
    const table = await metadata('dim_0,dim_1\n1,2\n')
    expect(table.vectors).toBeNull()
    expect(table.columns).toHaveLength(2)
  })
})

describe('what is refused, and where', () => {
  test.each([
    [
      'a line with an entry too many',
      'id,0,1\na,1,2\nb,1,2,3\n',
      'csv-ragged',
      '4 entries, and the header has 3',
      'line 3',
    ],
    [
      'a short line after a quoted break',
      'id,0,1\n"a\nb",1,2\nc,1\n',
      'csv-ragged',
      '2 entries, and the header has 3',
      'line 4',
    ],
    [
      'a word in a vector column',
      'id,dim_0,dim_1\na,1,2\nb,1,two\n',
      'csv-number',
      '"two" is not a number',
      'line 3, column dim_1',
    ],
    [
      'a hexadecimal number',
      '0,1\n1,0x10\n',
      'csv-number',
      '"0x10" is not a number',
      'line 2, column 1',
    ],
    [
      'a decimal comma beside a decimal point',
      '0,1\n0.25,"0,5"\n',
      'csv-number',
      '"0,5" is not a number',
      'line 2, column 1',
    ],
    ['a gap', 'id,dim_0,dim_2\na,1,2\n', 'csv-vector-gap', 'dim_1 is not among them', 'line 1'],
    ['no vector columns', 'id,x,y\na,1,2\n', 'embeddings-missing', '0 of the 3 columns', 'line 1'],
    [
      'a column twice',
      'id,0,0\na,1,2\n',
      'csv-header',
      'Columns 2 and 3 have one name, "0"',
      'line 1',
    ],
    ['an open quote', 'id,0\na,1\n"b,2\n', 'csv-syntax', 'Quote Not Closed', 'line '],
  ])('%s', async (_, text, code, message, where) => {
    const found = await problem(vectors(text))
    expect(found.code).toBe(code)
    expect(found.message).toContain(message)
    expect(found.where).toContain(`embeddings.csv, ${where}`)
  })

  test('blank text', async () => {
    expect((await problem(vectors('\n\n'))).code).toBe('csv-empty')
    expect((await problem(vectors('\ufeff'))).code).toBe('csv-empty')
  })

  test('an empty file', async () => {
    expect(await problem(vectors(''))).toEqual({
      code: 'empty-file',
      message: 'The file has 0 bytes.',
      where: 'embeddings.csv',
    })
  })
})

describe('what is found out, and told', () => {
  const told = ({ warnings }: Awaited<ReturnType<typeof vectors>>) =>
    warnings.map(({ message }) => message)

  test.each([
    ['semicolons', 'id;0;1\na;1;2\nb;3;4\n', 'semicolons between the columns'],
    ['bars', 'id|0|1\na|1|2\nb|3|4\n', 'vertical bars between the columns'],
    ['tabs', 'id\t0\t1\na\t1\t2\nb\t3\t4\n', 'tabs between the columns'],
    ['Excel’s first line', 'sep=;\nid;0;1\na;1;2\nb;3;4\n', 'semicolons between the columns'],
  ])('%s', async (_, text, message) => {
    const table = await vectors(text)
    expect(rowsOf(table)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(columnOf(table, 'id').values).toEqual(['a', 'b'])
    expect(told(table)).toEqual([`embeddings.csv is read with ${message}`])
  })

  test('decimal commas', async () => {
    const table = await vectors('id;dim_0;dim_1;size\na;0,5;-1;1,25\nb;1e-3;2;3\n')
    expect(rowsOf(table)).toEqual([
      [0.5, -1],
      [1e-3, 2],
    ])
    expect([...columnOf(table, 'size').values]).toEqual([1.25, 3])
    expect(told(table)[0]).toContain('a comma before the fraction of a number')
  })

  test('a file without a line of names', async () => {
    const table = await vectors('a,0.5,1\nb,0.25,2\n')
    expect(rowsOf(table)).toEqual([
      [0.5, 1],
      [0.25, 2],
    ])
    expect(columnOf(table, 'column_1').values).toEqual(['a', 'b'])
    expect(told(table)[0]).toContain('no line of column names')
  })

  test.each([
    ['UTF-16', Buffer.from('\ufeffid\t0\t1\nZoë\t1\t2\n', 'utf16le'), 'UTF-16'],
    ['UTF-16 without a mark', Buffer.from('id\t0\t1\nZoë\t1\t2\n', 'utf16le'), 'UTF-16'],
    ['Latin-1', Buffer.from('id\t0\t1\nZoë\t1\t2\n', 'latin1'), 'one byte a character'],
  ])('%s', async (_, bytes, message) => {
    const table = await readTable({ name: 'a.tsv', bytes }, vectorOptions)
    expect(columnOf(table, 'id').values).toEqual(['Zoë'])
    expect(rowsOf(table)).toEqual([[1, 2]])
    expect(told(table)[0]).toContain(message)
  })

  test('line ends of old Macs', async () => {
    expect(rowsOf(await vectors('id,0,1\ra,1,2\rb,3,4\r'))).toHaveLength(2)
  })
})

describe('vectors in one cell', () => {
  test.each([
    ['JSON', '[0.5, -1, 2e-3]'],
    ['Python’s list', '[0.5, -1.0, 0.002]'],
    ['Python’s tuple', '(0.5, -1, 0.002)'],
    ['NumPy', '[ 0.5   -1.     0.002]'],
    ['NumPy on two lines', '[ 0.5 -1.\n 0.002]'],
    ['NumPy’s repr', 'array([ 0.5, -1. , 0.002], dtype=float32)'],
    ['NumPy 2 in a list', '[np.float32(0.5), np.float32(-1.0), np.float32(0.002)]'],
    ['PyTorch', 'tensor([ 0.5000, -1.0000, 0.0020])'],
    ['pgvector', '[0.5,-1,0.002]'],
    ['PostgreSQL', '{0.5,-1,0.002}'],
  ])('%s', async (_, cell) => {
    const table = await vectors(`id,embedding\na,"${cell}"\nb,"${cell}"\n`)
    expect(rowsOf(table)).toEqual([
      [0.5, -1, 0.002],
      [0.5, -1, 0.002],
    ])
  })

  test('an empty entry is a row that is set aside', async () => {
    const table = await vectors('id,embedding\na,"[1, 2]"\nb,\n')
    expect(rowsOf(table)[1]).toEqual(['nan', 'nan'])
  })

  test.each([
    ['[1 2 ... 3 4]', 'vectors-elided', 'cut short when they were written', 'line 2'],
    ['[0.1, 0.2, ..., 0.3]', 'vectors-elided', '`...` stands where numbers', 'line 2'],
  ])('%s is refused as cut', async (cell, code, message) => {
    const found = await problem(vectors(`id,embedding\na,"${cell}"\n`))
    expect(found.code).toBe(code)
    expect(found.message).toContain(message)
  })

  test('vectors of two lengths are refused with the line and both', async () => {
    const lines = Array.from({ length: 300 }, (_, row) => `r${row},"[1, 2]"`).join('\n')
    const found = await problem(vectors(`id,embedding\n${lines}\nz,"[1, 2, 3]"\n`))
    expect(found).toMatchObject({
      code: 'vectors-ragged',
      message: 'The vector has 3 numbers, and the first one has 2.',
      where: 'embeddings.csv, line 302, column embedding',
    })
  })

  test('a telephone number and a box are no vectors', async () => {
    const table = await vectors('phone,box,dim_0,dim_1\n555 123 4567,10 20 30 40,1,2\n')
    expect(rowsOf(table)).toEqual([[1, 2]])
  })
})
