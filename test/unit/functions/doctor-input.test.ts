/** `nearmiss doctor INPUT`: what is seen in a file, chosen or not, and nothing of it evaluated. */

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Arguments } from '../../../functions/commands/arguments.ts'
import { doctorInput } from '../../../functions/commands/doctor-input.ts'
import { createTerminal } from '../../../functions/commands/terminal.ts'
import type { InputError } from '../../../lib/core/errors.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nearmiss-doctor-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function diagnose(text: string, ...switches: string[]) {
  await writeFile(join(folder, 'birds.csv'), text)
  let printed = ''
  const args: Arguments = {
    operands: [join(folder, 'birds.csv')],
    values: {},
    switches: new Set(switches),
  }
  const stream = { write: () => true }
  const result = await doctorInput(args, {
    terminal: createTerminal({ stream, now: () => 0, verbose: false }),
    signal: new AbortController().signal,
    verbose: false,
    print: async (more) => {
      printed += more
    },
  }).catch((error: unknown) => error as InputError)
  return { result, printed }
}

const ROWS = 'id,label,place,dim_0,dim_1\na,crow,north,0.5,1\nb,crow,,1,2\nc,wren,south,3,4\n'

test('each field is told with what it is used as and its first entries', async () => {
  const { result, printed } = await diagnose(ROWS)
  expect(result).toBe(0)
  expect(printed).toContain('birds.csv: CSV, 3 rows')
  expect(printed).toMatch(/dim_0 … dim_1 +numbers × 2 +the vectors +\[0.5, 1\]/)
  expect(printed).toMatch(/label +text +the label +crow, crow, wren/)
  expect(printed).toMatch(/id +text +the id +a, b, c/)
  expect(printed).toMatch(/place +text +a column +north/)
  expect(printed).toContain('3 of 3 rows can be evaluated: 2 dimensions, 2 classes')
  // Nothing but the file itself.
  expect(await readdir(folder)).toEqual(['birds.csv'])
})

test('of a file that can’t be read right what can be seen is told, with the message', async () => {
  const { result, printed } = await diagnose(ROWS.replace('3,4', '3,x'))
  expect((result as InputError).issues[0]).toMatchObject({
    code: 'csv-number',
    where: 'birds.csv, line 4, column dim_1',
  })
  expect(printed).toMatch(/dim_1 +text/)
  expect(printed).not.toContain('can be evaluated')
})

test('control characters of a file don’t reach the terminal', async () => {
  const { printed } = await diagnose(ROWS.replace('north', '\u001b[31mnorth'))
  expect(printed).not.toContain('\u001b')
  expect(printed).toContain('north')
})

test('the same as JSON', async () => {
  const { printed } = await diagnose(ROWS, 'json')
  const answer = JSON.parse(printed)
  expect(answer).toMatchObject({ readable: true, evaluatedRows: 3, dimensions: 2, classes: 2 })
  expect(answer.files[0].fields[0]).toMatchObject({ use: 'vectors', shape: [3, 2] })
})

test('a file without column names that is refused is told with its rows and columns, and where it lies', async () => {
  const rows = Array.from({ length: 300 }, (_, row) => `0.5,${row}.25,1.5`)
  const { result, printed } = await diagnose(`${rows.join('\n')}\n`)
  expect(printed).toContain('birds.csv: CSV, 300 rows, 3 columns')
  expect((result as InputError).issues[0]).toMatchObject({
    code: 'incomplete-upload',
    where: 'birds.csv',
  })
})
