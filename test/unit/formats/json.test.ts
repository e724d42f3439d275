/** JSON and JSON Lines: what is written is what is read, and what has no clear rows is refused. */

import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { columnOf, columns, problem, readText, rowsOf } from './read-fixture.ts'

const lines = (...rows: readonly string[]) => `${rows.join('\n')}\n`
const texts = async (name: string, text: string, column: string) =>
  columnOf(await readText(name, text), column).values

describe('entries are read as they are written', () => {
  const NUMBERS = ['9007199254740993', '-12345678901234567890', '3.0', '1e3', '0.10', '007e', 'x']

  it.each(NUMBERS.slice(0, 5))('the id %s', async (id) => {
    const text = lines(`{"id": ${id}, "label": "a", "embedding": [1, 2]}`)
    expect(await texts('a.jsonl', text, 'id')).toEqual([id])
    expect(await texts('a.json', `[${text}]`, 'id')).toEqual([id])
  })

  it('flags, nothing and texts with escapes', async () => {
    const text = lines(
      '{"embedding": [1], "label": true, "n": null, "t": "a\\u00e9\\n\\"b\\""}',
      '{"embedding": [1], "label": false, "n": 2, "t": "\\ud800"}',
    )
    const table = await readText('a.jsonl', text)
    expect(columnOf(table, 'label').values).toEqual(['True', 'False'])
    expect([...columnOf(table, 'n').values]).toEqual([Number.NaN, 2])
    expect(columnOf(table, 't').values).toEqual(['aé\n"b"', '\ufffd'])
  })

  it('NaN and Infinity as Python writes them', async () => {
    const text = lines('{"embedding": [NaN, Infinity, -Infinity, null, 1e-3]}')
    expect(rowsOf(await readText('a.jsonl', text))).toEqual([['nan', 'inf', '-inf', 'nan', 1e-3]])
  })

  it('a key that comes after thousands of rows, and one that is missing', async () => {
    const rows = Array.from({ length: 5000 }, (_, row) => `{"id": ${row}, "embedding": [${row}]}`)
    const table = await readText('a.jsonl', lines(...rows, '{"embedding": [1], "late": "x"}'))
    expect(columnOf(table, 'late').values.at(-1)).toBe('x')
    expect(
      columnOf(table, 'late')
        .values.slice(0, 5000)
        .every((value) => value === ''),
    ).toBe(true)
    expect(columnOf(table, 'id').values.at(-1)).toBe('')
  })

  it('nested objects by names with dots, and __proto__ as a name like any', async () => {
    const row = '{"embedding": [1], "meta": {"camera": {"id": "n"}, "x": 1}, "__proto__": "p"}'
    const table = await readText('a.jsonl', lines(row))
    expect(table.columns.map(({ name }) => name)).toEqual(['meta.camera.id', 'meta.x', '__proto__'])
    expect(columnOf(table, '__proto__').values).toEqual(['p'])
  })

  it('any text and any number, as JSON.parse reads them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            label: fc.string({ unit: 'binary' }),
            v: fc.double({ min: -1e15, max: 1e15, noNaN: true }),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        async (rows) => {
          const written = rows.map(({ label, v }) => ({ label, embedding: [v, 1] }))
          const table = await readText(
            'a.jsonl',
            lines(...written.map((row) => JSON.stringify(row))),
          )
          expect(columnOf(table, 'label').values).toEqual(rows.map(({ label }) => label))
          expect(rowsOf(table)).toEqual(rows.map(({ v }) => [v === 0 ? 0 : v, 1]))
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('rows are found', () => {
  const rows = ['{"label": "a", "embedding": [1, 2]}', '{"label": "b", "embedding": [3, 4]}']

  it.each([
    ['lines', 'a.jsonl', lines(...rows)],
    [
      'lines with a mark, blank ones and Windows’ ends',
      'a.jsonl',
      `\ufeff${rows.join('\r\n\r\n')}`,
    ],
    ['lines in a file called .json', 'a.json', lines(...rows)],
    ['objects over several lines', 'a.jsonl', rows.join('\n').replaceAll(',', ',\n')],
    ['a list', 'a.json', `[${rows.join(',')}]`],
    ['a list in a file called .jsonl', 'a.jsonl', `[${rows.join(',\n')}]`],
    ['a list for each column', 'a.json', '{"label": ["a", "b"], "embedding": [[1, 2], [3, 4]]}'],
    [
      'such lists beside a text',
      'a.json',
      '{"model": "m", "label": ["a", "b"], "embedding": [[1, 2], [3, 4]]}',
    ],
    ['columns of dimensions', 'a.json', '{"label": ["a", "b"], "dim_0": [1, 3], "dim_1": [2, 4]}'],
    ['by id, a row each', 'a.json', `{"r1": ${rows[0]}, "r2": ${rows[1]}}`],
    [
      'by column, with the rows’ names',
      'a.json',
      '{"label": {"r1": "a", "r2": "b"}, "embedding": {"r1": [1, 2], "r2": [3, 4]}}',
    ],
    [
      'pandas’ split with names',
      'a.json',
      '{"columns": ["label", "embedding"], "index": ["r1", "r2"], "data": [["a", [1, 2]], ["b", [3, 4]]]}',
    ],
    [
      'vectors as text',
      'a.json',
      '[{"label": "a", "embedding": "[1, 2]"}, {"label": "b", "embedding": "[3. 4.]"}]',
    ],
  ])('%s', async (_, name, text) => {
    const table = await readText(name, text)
    expect(rowsOf(table)).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(columnOf(table, 'label').values).toEqual(['a', 'b'])
    if (text.includes('r1')) expect(columnOf(table, 'id').values).toEqual(['r1', 'r2'])
  })

  it('in what an embedding service answers, base64 told', async () => {
    const base64 = (...values: readonly number[]) =>
      Buffer.from(Float32Array.from(values).buffer).toString('base64')
    const answer = (entry: (row: number) => unknown) =>
      JSON.stringify({
        object: 'list',
        data: [0, 1].map((index) => ({ object: 'embedding', embedding: entry(index), index })),
        model: 'm',
        usage: { total_tokens: 5 },
      })
    const plain = await readText(
      'a.json',
      answer((row) => [row, 0.5, -1, 2]),
    )
    const packed = await readText(
      'a.json',
      answer((row) => base64(row, 0.5, -1, 2)),
    )
    expect(rowsOf(plain)).toEqual([
      [0, 0.5, -1, 2],
      [1, 0.5, -1, 2],
    ])
    expect(rowsOf(packed)).toEqual(rowsOf(plain))
    const codes = (table: typeof plain) => table.warnings.map(({ code }) => code)
    expect(codes(plain)).not.toContain('vectors-base64')
    expect(codes(packed)).toContain('vectors-base64')
  })

  it('of vectors alone, and of labels alone', async () => {
    expect(rowsOf(await readText('a.json', '[[1, 2], [3, 4]]'))).toHaveLength(2)
    expect(rowsOf(await readText('a.jsonl', '[1, 2]\n[3, 4]\n'))).toHaveLength(2)
    expect(rowsOf(await readText('a.jsonl', '[1, 2]\n'))).toEqual([[1, 2]])
    const labels = await readText('labels.json', '["cat", "dog"]', { part: 'labels' })
    expect(labels.columns).toEqual([{ name: 'label', type: 'text', values: ['cat', 'dog'] }])
  })
})

describe('a file is refused that', () => {
  const wrap = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

  it.each<[what: string, text: string, code: string, told: string]>([
    ['is empty', ' \n', 'json-empty', '0 values'],
    [
      'ends early',
      '[{"embedding": [1, 2]}, {"embedding": [1',
      'json-syntax',
      'the end of the file',
    ],
    ['ends in a text', '[{"label": "a', 'json-syntax', 'inside a text'],
    ['has a line break in a text', '[{"label": "a\n"}]', 'json-syntax', 'line break'],
    ['has single quotes', "[{'label': 'a'}]", 'json-syntax', 'a key is needed'],
    ['has a comma too many', '[{"a": 1},]', 'json-syntax', 'a comma stands before the end'],
    ['has no number', '[{"embedding": [01]}]', 'json-syntax', '"01" is not a number'],
    ['is nested deeper than 64', `[{"a": ${wrap(64)}}]`, 'json-syntax', 'more than 64'],
    ['has a key twice', '[{"a": 1, "a": 2}]', 'json-syntax', 'the key "a" twice'],
    [
      'has a key with a dot that an object makes',
      '[{"a": {"b": 1}, "a.b": 2}]',
      'json-syntax',
      'twice',
    ],
    ['mixes rows', '[{"a": 1}, [1]]', 'json-syntax', 'row 1 is a list where row 0 is a object'],
    ['is ragged', '[{"embedding": [1, 2]}, {"embedding": [1]}]', 'vectors-ragged', 'Row 1 has 1'],
    [
      'is ragged, and fits in all',
      '[{"embedding": [1, 2, 3]}, {"embedding": [1]}]',
      'vectors-ragged',
      'Row 1',
    ],
    ['mixes lists and texts', '[{"embedding": [1, 2]}, {"embedding": "x"}]', 'json-mixed', 'row 1'],
    [
      'has lists of other lengths',
      '{"label": ["a"], "embedding": [[1], [2]]}',
      'json-lengths',
      '"embedding" has 2',
    ],
    ['is one text', '"a"', 'json-shape', 'one text'],
    ['is settings', '{"model": "m", "dim": 5}', 'json-shape', '"model" (text)'],
    [
      'has integers that are rounded',
      '[{"embedding": [9007199254740992]}]',
      'vectors-integers',
      '9007199254740992',
    ],
  ])('%s', async (_, text, code, told) => {
    const error = await problem(readText('a.json', text))
    expect(error).toMatchObject({ code })
    expect(error.message).toContain(told)
    expect(error.message.length).toBeLessThan(600)
  })

  it('holds vectors by id, which look like columns, with the line that makes rows of it', async () => {
    const reading = readText('a.json', '{"img1": [1, 2, 3], "img2": [4, 5, 6], "img9": [0, 0, 0]}')
    const error = await reading.catch((cause: unknown) => cause)
    const [issue] = (error as InputError).issues
    expect(issue).toMatchObject({ code: 'json-shape' })
    expect(issue!.hint).toContain('json.load(open("a.json"))')
  })

  it('says where: line and byte', async () => {
    const error = await problem(readText('a.jsonl', '{"a": 1}\n{"a": x}\n'))
    expect(error.where).toBe('a.jsonl, line 2, byte 7')
  })

  it('nests 64 deep', async () => {
    const text = `[{"embedding": [1], "a": ${wrap(62)}}]`
    expect((await readText('a.json', text)).warnings.map(({ message }) => message)).toEqual([
      'The column a is left out: Row 0 (counted from 0) holds a list of lists, which is no entry of a column.',
    ])
  })

  it('would fill more rows without a vector than with one', async () => {
    const wide = JSON.stringify({ embedding: Array.from({ length: 60_000 }, () => 1) })
    const rows = (count: number) => lines(wide, ...Array.from({ length: count }, () => '{"a": 1}'))
    expect((await problem(readText('a.jsonl', rows(334)))).code).toBe('vectors-missing')
    expect((await readText('a.jsonl', rows(10))).rows).toBe(11)
  })
})

test('a column of long texts is left out, and a label of that length refused', async () => {
  const row = (name: string, length: number) =>
    lines(JSON.stringify({ embedding: [1], [name]: 'x'.repeat(length) }))
  expect((await readText('a.jsonl', row('text', 2000))).columns).toHaveLength(1)
  expect((await readText('a.jsonl', row('text', 2001))).columns).toHaveLength(0)
  expect((await problem(readText('a.jsonl', row('label', 501)))).code).toBe('text-too-long')
})

test('damaged JSON ends in an error for people, or is read', async () => {
  const text = lines(
    '{"id": 1, "label": "a", "embedding": [1.5, -2e3], "meta": {"x": [1, "b"], "y": null}}',
    '{"id": 2, "label": "b", "embedding": [NaN, 2], "flag": true}',
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(text.length - 1), fc.constantFrom(...'{}[]",:0eN-x\\ \n')), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.constantFrom('a.json', 'a.jsonl'),
      async (changes, name) => {
        const letters = [...text]
        for (const [at, letter] of changes) letters[at] = letter
        for (const part of ['vectors', 'labels'] as const) {
          try {
            const table = await readText(name, letters.join(''), { part, columns })
            expect(table.columns.every(({ values }) => values.length === table.rows)).toBe(true)
          } catch (error) {
            if (!(error instanceof InputError)) throw error
          }
        }
      },
    ),
    { numRuns: 500 },
  )
})

describe('base64 of other numbers', () => {
  const rows = Array.from({ length: 30 }, (_, row) =>
    Array.from({ length: 12 }, (_, d) => Math.sin(row * 12 + d + 1) * (1 + (d % 3))),
  )
  const file = (encode: (row: readonly number[]) => Buffer) =>
    rows
      .map((row, at) => JSON.stringify({ id: `r${at}`, embedding: encode(row).toString('base64') }))
      .join('\n')
  const swapped = (row: readonly number[]) => Buffer.from(Float32Array.from(row).buffer).swap32()

  it('is refused: float64 and the other byte order', async () => {
    for (const encode of [
      (row: readonly number[]) => Buffer.from(Float64Array.from(row).buffer),
      swapped,
    ]) {
      const found = await problem(readText('a.jsonl', file(encode)))
      expect(found).toMatchObject({ code: 'base64-type', where: 'a.jsonl, column embedding' })
    }
  })

  /** Rounds to so many bits behind the leading one, as float16 (10) and bfloat16 (7) have. */
  const rounded = (value: number, bits: number) => {
    const unit = 2 ** (Math.floor(Math.log2(Math.abs(value))) - bits)
    return Math.round(value / unit) * unit
  }
  const float16 = (row: readonly number[]) =>
    Buffer.from(
      Uint16Array.from(row, (value) => {
        const power = Math.floor(Math.log2(Math.abs(value)))
        const mantissa = Math.round((Math.abs(value) / 2 ** power - 1) * 1024)
        return (value < 0 ? 0x8000 : 0) + (power + 15) * 1024 + mantissa
      }).buffer,
    )
  const bfloat16 = (row: readonly number[]) =>
    Buffer.from(
      new Uint16Array(Float32Array.from(row, (value) => rounded(value, 7)).buffer).filter(
        (_, at) => at % 2 === 1,
      ).buffer,
    )
  /** All between 0.5 and 1, whose exponents are alike. */
  const narrow = (row: readonly number[]) => row.map((value) => 0.75 + 0.24 * Math.sin(9 * value))

  it.each([
    ['float16', (row: readonly number[]) => float16(narrow(row))],
    ['float16 of one sign each', (row: readonly number[]) => float16(narrow(row).map((x) => -x))],
    ['bfloat16', bfloat16],
    ['bfloat16', (row: readonly number[]) => bfloat16(narrow(row))],
  ])('is refused where it may be %s too', async (name, encode) => {
    const reading = readText('a.jsonl', file(encode))
    const found = await problem(reading)
    expect(found.code).toBe('base64-type')
    expect(found.message).toMatch(new RegExp(`of 6 float32 or of .*12 ${name.split(' ')[0]}`))
  })

  it('is refused as float64 where that has few digits', async () => {
    const encode = (row: readonly number[]) =>
      Buffer.from(Float64Array.from(row, (value) => rounded(value, 10)).buffer)
    const found = await problem(readText('a.jsonl', file(encode)))
    expect(found.message).toContain('12 float64')
  })

  it('is refused in the other byte order where it has few digits', async () => {
    const found = problem(
      readText(
        'a.jsonl',
        file((row) => swapped(row.map((x) => rounded(x, 7)))),
      ),
    )
    expect((await found).code).toBe('base64-type')
  })

  it.each([
    ['of any digits', (value: number) => value],
    ['that were float16', (value: number) => rounded(value, 10)],
    ['of nine bits', (value: number) => rounded(value, 9)],
    ['of eight bits', (value: number) => rounded(value, 8)],
    ['that were bfloat16', (value: number) => rounded(value, 7)],
    ['that are -1 and 1', (value: number) => Math.sign(value)],
    ['that are whole', (value: number) => Math.round(value * 50)],
    ['that are mostly 0', (value: number) => Math.max(0, value - 0.4)],
    ['rounded to hundredths', (value: number) => Math.round(value * 100) / 100],
  ])('is read of float32 %s', async (_, change) => {
    for (const spread of [rows, rows.map(narrow)]) {
      const changed = spread.map((row) => Float32Array.from(row, change))
      const text = changed
        .map((row) => JSON.stringify({ embedding: Buffer.from(row.buffer).toString('base64') }))
        .join('\n')
      expect(rowsOf(await readText('a.jsonl', text))).toEqual(changed.map((row) => [...row]))
    }
  })

  it('is read where it is float32, from the smallest to the largest', async () => {
    for (const scale of [1e-30, 1, 1e30]) {
      const text = file((row) =>
        Buffer.from(Float32Array.from(row, (value) => value * scale).buffer),
      )
      const { vectors } = await readText('a.jsonl', text)
      expect(vectors!.dimensions).toBe(12)
    }
  })
})
