/** What an error page tells of a file whose first row stands where the names belong, or that has text in a vector. */

import { describe, expect, it } from 'vitest'
import { InputError } from '../../../lib/core/errors.ts'
import { publishedIssue } from '../../../lib/dataset/privacy.ts'
import { readText } from '../formats/read-fixture.ts'

async function read(text: string, hides = false): Promise<string> {
  const error: unknown = await readText('embeddings.csv', text).catch((cause: unknown) => cause)
  if (!(error instanceof InputError)) throw error
  return JSON.stringify(error.issues.map((issue) => publishedIssue(issue, hides)))
}

describe('issues on a published error page', () => {
  const first = '17,ann@x.org,-0.8019314252534474,1.324358995628145e-1,-12,7'
  it.each([
    ['commas', first],
    ['semicolons', first.replaceAll(',', ';')],
    ['tabs', first.replaceAll(',', '\t')],
    ['a number in words', 'a,b 0.98765,c'],
    ['a quote in an entry', 'a,b,c\n1,0.98765"x,2'],
  ])('quote no number of a vector, and no contact: %s', async (_, text) => {
    const told = await read(`${text}\n${text}\n`)
    expect(told).not.toMatch(/801|132|324|987|-12|ann@/)
  })

  it('quote no id where ids are hashed', async () => {
    expect(await read('ann-17,c,x,y\nann-18,c,y,z\n')).toContain('ann-17')
    expect(await read('ann-17,c,x,y\nann-18,c,y,z\n', true)).not.toContain('ann-17')
  })

  it.each(['0,98765', '98765432109876543210', '0.98765 m'])(
    'quote the form of %s in a column of the vectors, not its digits',
    async (entry) => {
      const told = await read(`id,label,e_0,e_1\n1,a,0.1,"${entry}"\n`)
      expect(told).toContain('csv-number')
      expect(told).not.toMatch(/98|43/)
      expect(told).toContain(entry.slice(0, 60).replace(/\d/g, '#'))
    },
  )

  it('name no row whose id is a contact', () => {
    const issue = {
      code: 'duplicate-id',
      message: 'm',
      where: 'w',
      hint: 'h',
      rowCount: 2,
      rows: ['ann@x.org', 'b'],
    } as const
    expect(publishedIssue(issue, false)).toEqual({ ...issue, rows: ['…', 'b'] })
  })

  it('name no column that is called like a contact', () => {
    const where = 'x.csv, line 2, column ann@x.org'
    expect(
      publishedIssue({ code: 'csv-number', message: 'm', where, hint: 'h' }, false).where,
    ).toBe('x.csv, line 2, column …')
  })
})
