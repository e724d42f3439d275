/** Delimiters, quotes, line ends, comments, encodings and headers: found out, told, and never guessed silently. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readTable } from '../../../read-table.ts'
import { columnOf, problem, readText, rowsOf, vectorOptions } from '../read-fixture.ts'

const read = (text: string, name = 'embeddings.csv') => readText(name, text)
const told = ({ warnings }: Awaited<ReturnType<typeof read>>) =>
  warnings.map(({ message }) => message).join('\n')

describe('as tools write it', () => {
  test.each([
    ['pandas, its index first', ',id,dim_0,dim_1\n0,a,0.5,1.0\n1,b,-2.0,1e-05\n'],
    ['pandas with QUOTE_ALL', '"id","dim_0","dim_1"\n"a","0.5","1.0"\n"b","-2.0","1e-05"\n'],
    ['R’s write.csv', '"","id","dim_0","dim_1"\n"1","a",0.5,1\n"2","b",-2,1e-05\n'],
    ['R’s write.csv2', '"";"id";"dim_0";"dim_1"\n"1";"a";0,5;1\n"2";"b";-2;1e-05\n'],
    ['DuckDB’s COPY with bars', 'id|dim_0|dim_1\na|0.5|1.0\nb|-2.0|1e-05\n'],
    ['Excel in German', '\ufeffid;dim_0;dim_1\r\na;0,5;1\r\nb;-2;0,00001\r\n'],
    ['Excel with sep=', 'sep=;\r\nid;dim_0;dim_1\r\na;0,5;1\r\nb;-2;1e-5\r\n'],
    ['single quotes', "'id','dim_0','dim_1'\n'a','0.5','1'\n'b','-2','1e-5'\n"],
    ['comments', '# made by a tool\n# two, lines\nid,dim_0,dim_1\na,0.5,1\nb,-2,1e-5\n'],
    ['two kinds of line ends', 'id,dim_0,dim_1\na,0.5,1\r\nb,-2,1e-5\r\n'],
    ['names behind #', '#id,dim_0,dim_1\na,0.5,1\nb,-2,1e-5\n'],
  ])('%s', async (_, text) => {
    const table = await read(text)
    expect(rowsOf(table)).toEqual([
      [0.5, 1],
      [-2, 1e-5],
    ])
    expect(columnOf(table, 'id').values).toEqual(['a', 'b'])
  })

  test('NumPy’s savetxt with a header', async () => {
    const table = await read('# dim_0,dim_1\n5.0e-01,1.0e+00\n-2.0e+00,1.0e-05\n')
    expect(rowsOf(table)).toEqual([
      [0.5, 1],
      [-2, 1e-5],
    ])
    expect(told(table)).toContain('column names from the line that begins with #')
  })

  test('a line end of another kind does not stay with a label', async () => {
    const table = await read('dim_0,dim_1,label\n0,1,cat\n0,1,cat\r\n0,1,cat\r\n')
    expect(columnOf(table, 'label').values).toEqual(['cat', 'cat', 'cat'])
  })

  test('PostgreSQL’s COPY: quotes are letters, \\N is empty', async () => {
    const text = 'id\tnote\tembedding\na\t5" pipe\t[1,2]\nb\t\\N\t[3,4]\nc\t"so" he said\t[5,6]\n'
    const table = await read(text, 'embeddings.tsv')
    expect(rowsOf(table)).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ])
    expect(columnOf(table, 'note').values).toEqual(['5" pipe', '', '"so" he said'])
    expect(told(table)).toContain('double quotes as letters like any other')
    expect(told(table)).toContain('\\N as an empty entry')
  })

  test('stray quotes at the start of two entries swallow no line', async () => {
    const text = 'id\tnote\n1\t"a\n2\tb\n3\t"c\n'
    const table = await readText('metadata.tsv', text, { part: 'metadata' })
    expect(columnOf(table, 'note').values).toEqual(['"a', 'b', '"c'])
  })

  test('quotes that enclose a tab or a line break stay quotes', async () => {
    const text = 'id\tnote\n1\t"a\tb"\n2\t"c\nd"\n'
    const table = await readText('metadata.tsv', text, { part: 'metadata' })
    expect(columnOf(table, 'note').values).toEqual(['a\tb', 'c\nd'])
    expect(told(table)).toBe('')
  })

  test('apostrophes are no quotes', async () => {
    const table = await read("label,dim_0,dim_1\n'tis,1,2\ndon't,3,4\n")
    expect(columnOf(table, 'label').values).toEqual(["'tis", "don't"])
  })

  test('vectors in single quotes', async () => {
    const table = await read("id,embedding\na,'[1, 2, 3]'\nb,'[4, 5, 6]'\n")
    expect(rowsOf(table)[1]).toEqual([4, 5, 6])
    expect(told(table)).toContain('single quotes around entries')
  })

  test('what is skipped counts as lines', async () => {
    const found = await problem(read('# one\nsep=;\nid;dim_0;dim_1\na;1;2\nb;1\n'))
    expect(found).toMatchObject({ code: 'csv-ragged', where: 'embeddings.csv, line 5' })
  })
})

describe('numbers with a comma', () => {
  test('beside points they are none, in one column', async () => {
    const found = await problem(read('id;dim_0;dim_1\na;0,5;1\nb;0.5;1\n'))
    expect(found.message).toContain('"0.5" is not a number')
  })

  test('are read in quotes between commas, where no number has a point', async () => {
    const table = await read('id,dim_0,dim_1\na,"0,123",2\nb,"-1,5","1e-3"\n')
    expect(rowsOf(table)).toEqual([
      [0.123, 2],
      [-1.5, 0.001],
    ])
    expect(told(table)).toBe('embeddings.csv is read with a comma before the fraction of a number')
  })

  test('of a column of words leave the points of the vectors alone', async () => {
    const table = await read('size,dim_0,dim_1\n"1,5",0.5,1\n"2,5",2,1e-3\n')
    expect(rowsOf(table)[0]).toEqual([0.5, 1])
    expect(columnOf(table, 'size').values).toEqual(['1,5', '2,5'])
    expect(told(table)).toBe('')
    const wide = await read('size;dim_0;dim_1\n1,5;0.5;1.5\n2,5;2.5;1.5\n')
    expect(rowsOf(wide)[1]).toEqual([2.5, 1.5])
  })
})

describe('marks between thousands', () => {
  const grouped = async (...entries: string[]) => {
    const lines = entries.map((entry, row) => `r${row};${entry};0`)
    const table = await read(`id;dim_0;dim_1\n${lines.join('\n')}\n`)
    return { values: rowsOf(table).map(([first]) => first), told: told(table) }
  }

  test.each([
    ['points, where a comma is proven', ['0,5', '1.234', '-12.345,75'], [0.5, 1234, -12345.75]],
    ['points, in one number', ['1.234,5', '7', '1.234.567'], [1234.5, 7, 1234567]],
    ['points, repeated', ['1.234.567', '1.234'], [1234567, 1234]],
    ['commas, where a point is proven', ['0.5', '1,234', '-12,345.75'], [0.5, 1234, -12345.75]],
    ['commas, repeated', ['1,234,567', '1,234'], [1234567, 1234]],
    ['spaces', ['1 234,5', '12 345', '-7,25'], [1234.5, 12345, -7.25]],
    ['spaces that don’t break', ['1\u00a0234,5', '1\u202f234'], [1234.5, 1234]],
    ['apostrophes', ["1'234.5", '1’234', '2.5'], [1234.5, 1234, 2.5]],
    ['spaces, of whole numbers', ['1 234', '999'], [1234, 999]],
  ])('%s', async (_, entries, values) => {
    const found = await grouped(...entries)
    expect(found.values).toEqual(values)
    expect(found.told).toMatch(/read with marks between thousands: \S.* is -?\d+/)
  })

  test.each([
    ['two digits behind the mark', '1.23'],
    ['four digits before it', '1234.567'],
    ['a zero before it', '0.234'],
    ['two kinds of marks', '1.234 567'],
  ])('are none where they don’t fit: %s', async (_, entry) => {
    const found = await problem(read(`id;dim_0;dim_1\na;0,5;2,5\nb;${entry};1\nc;1,5;1\n`))
    expect(found).toMatchObject({
      code: 'csv-number',
      where: 'embeddings.csv, line 3, column dim_0',
    })
  })

  test.each([
    [';', '1.234', 'csv'],
    [';', '1,234', 'csv'],
    ['\t', '-1.234', 'tsv'],
    [',', '"1,234"', 'csv'],
  ])('that nothing tells from fractions are refused: %j, %s', async (mark, entry, end) => {
    const lines = ['id,dim_0,dim_1', `a,ENTRY,1`, 'b,999,1']
    const text = `${lines.join('\n').replaceAll(',', mark).replace('ENTRY', entry)}\n`
    const found = await problem(read(text, `embeddings.${end}`))
    expect(found.code).toBe('numbers-ambiguous')
    const plain = entry.replaceAll('"', '')
    expect(found.message).toContain(`${JSON.stringify(plain)} may be`)
    // What the message says to do: nothing between thousands, or four digits behind the mark.
    const whole = await read(text.replace(entry, plain.replace(/[.,]/, '')), `embeddings.${end}`)
    expect(Math.abs(Number(rowsOf(whole)[0]![0]))).toBe(1234)
    const fraction = await read(text.replace(plain, `${plain}0`), `embeddings.${end}`)
    expect(Math.abs(Number(rowsOf(fraction)[0]![0]))).toBe(1.234)
  })

  test('between commas a point is before a fraction', async () => {
    expect(rowsOf(await read('id,dim_0,dim_1\na,1.234,1\n'))).toEqual([[1.234, 1]])
  })

  test('are told from fractions by any line of the file', async () => {
    const start = `id;dim_0;dim_1\n${'a;1.234;1\n'.repeat(300)}`
    const thousands = await read(`${start}b;0,5;1\n`)
    expect(rowsOf(thousands)[0]).toEqual([1234, 1])
    const fractions = await read(`${start}b;0.5;1\n`)
    expect(rowsOf(fractions)[0]).toEqual([1.234, 1])
    const late = await read(`id;dim_0;dim_1\n${'a;0,5;1\n'.repeat(300)}b;1.234;1\n`)
    expect(rowsOf(late).at(-1)).toEqual([1234, 1])
    expect(told(late)).toContain('1.234 is 1234')
  })

  test('of a column beside the vectors make numbers, but for those of a telephone', async () => {
    const text = 'id;dim_0;count;phone;doubt\na;0,5;1.234;415 555 123;x\nb;1,5;7;415 555 124;y\n'
    const table = await read(text)
    expect([...columnOf(table, 'count').values]).toEqual([1234, 7])
    expect(columnOf(table, 'phone').values).toEqual(['415 555 123', '415 555 124'])
    const alone = await read('id;embedding;price\na;[1, 2];1.234\nb;[3, 4];5\n')
    expect(columnOf(alone, 'price').values).toEqual(['1.234', '5'])
  })

  test('are a row, not names of columns', async () => {
    const table = await read('1.234,5;2,5\n0,5;1\n')
    expect(rowsOf(table)[0]).toEqual([1234.5, 2.5])
  })
})

describe('what spreadsheets write behind a table', () => {
  const lines = ['id;dim_0;dim_1', 'a;1;2', 'b;3;4']
  const values = [
    [1, 2],
    [3, 4],
  ]

  test('lines of delimiters at the end are left out, and told', async () => {
    const table = await read(`${[...lines, ';;', ' ; ;', ';'].join('\n')}\n`)
    expect(rowsOf(table)).toEqual(values)
    expect(told(table)).toContain(
      'embeddings.csv is read without 3 lines without an entry at its end',
    )
  })

  test('lines of delimiters between others are rows', async () => {
    const table = await read(`${[...lines, ';;', 'c;5;6', ';;'].join('\n')}\n`)
    expect(table.rows).toBe(4)
    expect(columnOf(table, 'id').values).toEqual(['a', 'b', '', 'c'])
    const found = await problem(read(`${[...lines, ';', 'c;5;6'].join('\n')}\n`))
    expect(found).toMatchObject({ code: 'csv-ragged', where: 'embeddings.csv, line 4' })
    // Where the first of them has the right width, the line that hasn't is still the one that is named.
    const mixed = await problem(read(`${[...lines, ';;', ';', 'c;5;6'].join('\n')}\n`))
    expect(mixed).toMatchObject({ code: 'csv-ragged', where: 'embeddings.csv, line 5' })
  })

  test.each([
    ['of all lines', lines.map((line) => `${line};;`), '2 columns at the right left out'],
    ['of the header', [`${lines[0]};;`, ...lines.slice(1)], '2 columns at the right left out'],
    [
      'of some rows',
      [lines[0]!, `${lines[1]};;`, lines[2]!],
      'without empty entries behind the last column of 1 line',
    ],
  ])('empty columns at the right are left out, and told: %s', async (_, text, message) => {
    const table = await read(`${text.join('\n')}\n`)
    expect(rowsOf(table)).toEqual(values)
    expect(told(table)).toContain(message)
  })

  test('of a file without names too, where an entry in them is an error', async () => {
    const rows = ['0.5;2;cat;;', '3;4;dog;;']
    const table = await read(`${rows.join('\n')}\n`)
    expect(table.columns.map(({ name }) => name)).toEqual(['column_3'])
    const more = `${rows.join('\n')}\n${'3;4;dog;;\n'.repeat(300)}1;2;newt;x;\n`
    expect((await problem(read(more))).code).toBe('csv-ragged')
  })

  test('an entry behind the last column is an error', async () => {
    expect((await problem(read(`${lines.join('\n')};;x\n`))).code).toBe('csv-ragged')
  })
})

describe('a first line', () => {
  test.each([
    ['of whole numbers that fall', '-3,5,2\n1,2,3\n4,5,6\n7,8,9\n', 4],
    ['of fractions', '0.5,1\n2,3\n', 2],
    ['of names that are numbers', '0,1,2\n1,2,3\n4,5,6\n', 2],
    ['of names that pandas repeats', '0,1,0.1,1.1\n1,2,3,4\n4,5,6,7\n', 2],
  ])('%s', async (_, text, rows) => {
    const table = await readText('metadata.csv', text, { part: 'metadata' })
    expect(table.rows).toBe(rows)
    expect(told(table).includes('no line of column names')).toBe(
      rows === text.trim().split('\n').length,
    )
  })
})

describe('bytes', () => {
  const bytesOf = (bytes: Uint8Array) => readTable({ name: 'embeddings.csv', bytes }, vectorOptions)

  test('of Latin-1 are counted, and the first is shown', async () => {
    const bytes = Buffer.from('id,0,1\na,1,2\nZoë,1,2\nJosé,3,4\n', 'latin1')
    expect(told(await bytesOf(bytes))).toBe(
      "embeddings.csv is read as one byte a character, as Windows and Latin-1 have it: 2 bytes can't be UTF-8, and the first is 0xEB in line 3, read as ë",
    )
  })

  test('of two encodings are refused, with the line', async () => {
    const bytes = Buffer.concat([
      Buffer.from('id,0,1\nZoë,1,2\nJosé,3,4\n'),
      Buffer.from('ñ,5,6\n', 'latin1'),
    ])
    expect(await problem(bytesOf(bytes))).toEqual({
      code: 'csv-syntax',
      message: 'The file is UTF-8, but for 1 byte: the first is 0xF1 in line 4.',
      where: 'embeddings.csv, line 4',
    })
  })

  test('that are zero are refused, with the line', async () => {
    expect(await problem(read('id,0,1\na,1,2\nb\0,1,2\n'))).toMatchObject({
      code: 'csv-syntax',
      message: 'The file is no text: byte 14 is zero.',
      where: 'embeddings.csv, line 3',
    })
  })

  test('half a letter of UTF-16 is refused', async () => {
    const bytes = Buffer.from('\ufeffid,0,1\na,1,2\n', 'utf16le')
    const found = await problem(bytesOf(bytes.subarray(0, -1)))
    expect(found.message).toContain('not whole UTF-16 text')
  })
})

describe('any table reads back', () => {
  const letters = fc.constantFrom(...'ab ,;|\t"\'#\\\n\rëЖ0.5-')
  const text = fc.string({ unit: letters, maxLength: 8 })
  // Text has no -0 as JavaScript writes it.
  const number = fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    .map((value) => value + 0)
  const table = fc.array(fc.tuple(text, number, number), { minLength: 1, maxLength: 8 })
  const quoted = (entry: string) => `"${entry.replaceAll('"', '""')}"`

  test.each([
    [',', '.', '\n', 'utf8'],
    [',', '.', '\r', 'utf8'],
    [';', '.', '\r\n', 'utf8'],
    [';', ',', '\r\n', 'utf16le'],
    ['\t', '.', '\n', 'utf8'],
    ['\t', ',', '\r\n', 'utf16le'],
    ['|', '.', '\n', 'utf8'],
  ] as const)('written with %j, %j, %j in %s', async (mark, point, end, encoding) => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        // A fraction in the first row: whole numbers tell nothing of their comma.
        const all = [['first', 0.5, -1.25] as const, ...rows]
        const lines = all.map(([label, x, y]) =>
          [quoted(label), ...[x, y].map((value) => `${value}`.replace('.', point))].join(mark),
        )
        const written = `\ufeff${[['label', 'dim_0', 'dim_1'].join(mark), ...lines, ''].join(end)}`
        const read = await readTable(
          { name: 'embeddings.csv', bytes: Buffer.from(written, encoding) },
          vectorOptions,
        )
        expect(columnOf(read, 'label').values).toEqual(all.map(([label]) => label))
        expect([...read.vectors!.values]).toEqual(all.flatMap(([, x, y]) => [x, y]))
      }),
      { numRuns: 100, seed: 14 },
    )
  })
})
