/** Columns of the metadata by the rules of `privacy.columns`, from the upload to the rows. */

import { describe, expect, it } from 'vitest'
import type { IssueCode } from '../../../lib/core/issue-codes.ts'
import { publishedIssue } from '../../../lib/dataset/privacy.ts'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const label = ['cat', 'dog', 'cat']
const upload = (columns: Record<string, string[] | number[]>) => ({
  vectors: vectorTable(points(3), { label, id: ['r-1', 'r-2', 'r-3'] }),
  metadata: Object.keys(columns).length === 0 ? null : table('metadata.csv', columns),
})
/** But for the class of one row that these uploads have, and the columns that say the same as the label. */
const told = ({ warnings }: ReturnType<typeof dataset>) =>
  warnings.filter(({ code }) => !['singleton-classes', 'column-repeats-labels'].includes(code))
const names = (columns: Record<string, string[] | number[]>, yaml = '') =>
  dataset(upload(columns), yaml).metadata.map(({ name }) => name)

describe('columns of the metadata', () => {
  const columns = { camera: ['left', 'right', 'left'], ward: ['7', '8', '7'], age: [40, 51, 62] }

  it('are kept, dropped or hashed by the rules of privacy.columns', () => {
    expect(names(columns)).toEqual(['camera', 'ward', 'age'])
    const rules = 'privacy: { columns: { camera: hash, age: drop } }'
    const rows = dataset(upload(columns), rules)
    expect(rows.metadata.map(({ name }) => name)).toEqual(['camera', 'ward'])
    const [camera] = rows.metadata
    expect(camera!.values[0]).toMatch(/^[0-9a-f]{16}$/)
    expect(camera!.values[0]).toBe(camera!.values[2])
    expect(camera!.values[1]).not.toBe(camera!.values[0])
    expect(JSON.stringify(rows)).not.toMatch(/left|right/)
    expect(told(rows)).toEqual([])
  })

  it('may be called as what every object has', () => {
    const odd = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const columns = Object.fromEntries(odd.map((name) => [name, ['a', 'b', 'a']]))
    expect(names(columns)).toEqual(odd)
    expect(names(columns, 'privacy: { columns: { toString: drop } }')).not.toContain('toString')
  })

  it('have the rule of "*" where they have none of their own', () => {
    expect(names(columns, 'privacy: { columns: { "*": drop, ward: keep } }')).toEqual(['ward'])
    expect(names({}, 'privacy: { columns: { "*": drop } }')).toEqual([])
  })

  it('make groups and queries though they are not published', () => {
    const rows = dataset(
      upload({ group: ['a', 'a', 'b'], split: ['query', 'gallery', 'gallery'] }),
      'privacy: { columns: { "*": drop } }',
    )
    expect(rows.groups).toEqual(Int32Array.of(0, 0, 1))
    expect(rows.queries).toEqual(Uint8Array.of(1, 0, 0))
    expect(rows.metadata).toEqual([])
  })

  it('are quoted by no message where they are not published', () => {
    const split = { split: ['query', 'gallery', 'ward-7'] }
    expect(issues(upload(split))[0]!.message).toContain('"ward-7" in 1')
    const [issue] = issues(upload(split), 'privacy: { columns: { split: drop } }')
    expect(issue!.message).toContain('"query" in 1, "gallery" in 1, another entry in 1')
  })

  it('name classes by keyed hashes where the label’s rule is hash', () => {
    const rows = dataset(upload({}), 'privacy: { columns: { label: hash } }')
    // `printf cat | openssl dgst -sha256 -hmac 'a key for tests'`, cut to 16 digits
    expect(rows.classes).toContain('455f3b35c89dd77f')
    expect(JSON.stringify(rows)).not.toMatch(/cat|dog/)
  })

  it('fill a path beside the upload as they are, and an https address only as they are published', () => {
    const column = { ward: ['north', 'south', 'north'] }
    const images = (rule: string, template: string) =>
      dataset(upload(column), `privacy: { columns: { ward: ${rule} } }\nimages: "${template}"`)
    expect(images('drop', 'p/{ward}.jpg').images![1]).toBe('p/south.jpg')
    expect(images('hash', 'https://a.example/{ward}').images![0]).toMatch(/example\/[0-9a-f]{16}$/)
    const dropped = images('drop', 'https://a.example/{ward}')
    expect(dropped.images).toBeNull()
    expect(told(dropped)).toMatchObject([{ code: 'image-refused' }])
    // What is refused is named by its row.
    const refused = images('drop', 'p//{ward}.jpg').warnings
    expect(refused[0]!.message).toContain('"row 0"')
    expect(JSON.stringify(refused)).not.toContain('north')
  })

  it('are an error where a rule is for a name that one almost has, and a warning where none has', () => {
    const near = issues(upload(columns), 'privacy: { columns: { camra: drop } }')
    expect(near).toMatchObject([
      { code: 'privacy-column', hint: expect.stringContaining('camera') },
    ])
    const far = dataset(upload(columns), 'privacy: { columns: { telephone: drop } }')
    expect(told(far)).toMatchObject([{ code: 'privacy-column-missing' }])
  })

  it.each([
    ['label', 'drop'],
    ['id', 'drop'],
    ['image', 'hash'],
  ])('can’t have, for %s, the rule %s', (name, rule) => {
    const image = ['a.png', 'b.png', 'c.png']
    expect(issues(upload({ image }), `privacy: { columns: { ${name}: ${rule} } }`)).toMatchObject([
      { code: 'privacy-column' },
    ])
  })
})

describe('issues on a published error page', () => {
  const issue = (code: IssueCode, message: string) => ({ code, message, where: 'x.csv', hint: 'h' })
  const told = (code: IssueCode, message: string, hides = false) =>
    publishedIssue(issue(code, message), hides).message

  it('quote no contact that slipped into another column, and no entry where ids are hashed', () => {
    const notNumber = (entry: string) => `"${entry}" is not a number, and the column is a vector's.`
    expect(told('csv-number', notNumber('oops'))).toBe(notNumber('oops'))
    expect(told('csv-number', notNumber('+49 151 2345678'))).toBe(notNumber('…'))
    expect(told('label-conflict', 'row 1 is "ann@x.org" and "b".')).toBe('row 1 is "…" and "b".')
    expect(told('csv-number', notNumber('patient-7'), true)).toBe(notNumber('…'))
    expect(told('label-conflict', 'row 1 is "a" and "b".', true)).toBe('row 1 is "a" and "b".')
  })
})

describe('columns that look like vectors', () => {
  const score = points(4).map(([x]) => x! + 0.25)
  const moved = points(4).map(([x, ...rest]) => [x! + 0.25, ...rest])
  const tables = () => ({
    vectors: vectorTable(moved, { label: ['a', 'a', 'b', 'b'], id: ['r', 's', 't', 'u'] }),
    metadata: table('metadata.csv', {
      id: ['r', 's', 't', 'u'],
      score,
      note: ['k', 'l', 'm', 'n'],
    }),
  })

  it('are told in one note where they are one vector', () => {
    const columns = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [`feature_${at}`, [at + 0.5, at + 0.7, at - 0.1]]),
    )
    const rows = dataset(upload({ ...columns, camera: ['l', 'r', 'l'] }))
    expect(rows.metadata.map(({ name }) => name)).toEqual(['camera'])
    expect(told(rows).map(({ message }) => message)).toEqual([
      'The columns feature_0, feature_1, feature_2 and 6 more are not published: 9 columns are numbered as those of a vector. If they may be, write privacy: { columns: { "feature_0": keep, … } } in nearmiss.yaml; drop leaves them out without this note, hash publishes keyed hashes',
    ])
  })

  it('are left out with a note, and published where a rule says keep', () => {
    const rows = dataset(tables())
    expect(rows.metadata.map(({ name }) => name)).toEqual(['note'])
    expect(told(rows)[0]!.message).toContain(
      'The column score is not published: its entries are those of one dimension of the vectors.',
    )
    const kept = dataset(tables(), 'privacy: { columns: { score: keep } }')
    expect(kept.metadata.map(({ name }) => name)).toEqual(['score', 'note'])
  })
})

describe('columns that look like contacts', () => {
  const phone = ['+49 151 2345678', '+49 151 8765432', '']

  it('are left out with a note that names the column, the reason and the setting', () => {
    const rows = dataset(upload({ reached_at: phone, camera: ['l', 'r', 'l'] }))
    expect(rows.metadata.map(({ name }) => name)).toEqual(['camera'])
    expect(told(rows)).toEqual([
      {
        code: 'column-withheld',
        message:
          'The column reached_at is not published: all 2 entries that were looked at look like telephone numbers. If it may be, write privacy: { columns: { "reached_at": keep } } in nearmiss.yaml; drop leaves it out without this note, hash publishes keyed hashes',
      },
    ])
  })

  it('are told in one note for each reason, and in one more from the ninth on', () => {
    const mail = ['a@x.org', 'b@x.org', 'c@x.org']
    const some = told(dataset(upload({ mail, reached_at: phone, post: mail })))
    expect(some.map(({ message }) => message.split('. ')[0])).toEqual([
      'The columns mail and post are not published: all 3 entries that were looked at look like e-mail addresses',
      'The column reached_at is not published: all 2 entries that were looked at look like telephone numbers',
    ])
    const names = Array.from({ length: 23 }, (_, index) => `contact ${index + 1}`)
    const [many, ...others] = told(
      dataset(upload(Object.fromEntries(names.map((name) => [name, mail])))),
    )
    expect(others).toEqual([])
    expect(many!.message).toMatch(/^The columns contact 1, .*, contact 20 and 3 more are not/)
    // One address, two, three, … among twenty entries each: as many reasons.
    const odd = Array.from({ length: 12 }, (_, count) =>
      Array.from({ length: 20 }, (_, row) => (row <= count ? 'a@x.org' : `note ${row}`)),
    )
    const vectors = vectorTable(points(20), {
      label: Array.from({ length: 20 }, (_, row) => `${row % 2}`),
      ...Object.fromEntries(odd.map((values, at) => [`c${at}`, values])),
    })
    const bounded = told(dataset({ vectors }))
    expect(bounded).toHaveLength(9)
    expect(bounded[8]!.message).toMatch(
      /^The columns c8, c9, c10 and c11 are not published: each has a reason like those above\./,
    )
  })

  it.each(['keep', 'hash', 'drop'])('are what the rule says where it is %s', (rule) => {
    const rows = dataset(
      upload({ reached_at: phone }),
      `privacy: { columns: { reached_at: ${rule} } }`,
    )
    expect(told(rows)).toEqual([])
    expect(rows.metadata).toHaveLength(rule === 'drop' ? 0 : 1)
    expect(JSON.stringify(rows).includes('151')).toBe(rule === 'keep')
  })

  it('are not named where their own name is one', () => {
    const rows = dataset(upload({ 'ann@x.org': ['1', '2', '3'], camera: ['l', 'r', 'l'] }))
    expect(rows.metadata.map(({ name }) => name)).toEqual(['camera'])
    expect(told(rows)[0]!.message).toContain('its own name has the form of a contact')
    expect(JSON.stringify(rows)).not.toContain('ann@')
  })

  it('still tell groups apart', () => {
    const rows = dataset(upload({ group: ['a@x.org', 'a@x.org', 'b@x.org'] }))
    expect(rows.groups).toEqual(Int32Array.of(0, 0, 1))
    expect(JSON.stringify(rows)).not.toContain('@')
  })

  it('are published as labels and ids, which a note tells', () => {
    const mails = ['a@x.org', 'b@x.org', 'a@x.org']
    const rows = dataset({
      vectors: vectorTable(points(3), { label: mails, id: ['c@x.org', 'd@x.org', 'e@x.org'] }),
    })
    expect(rows.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['labels-look-like-contacts', 'ids-look-like-contacts']),
    )
    const hashed = dataset(
      { vectors: vectorTable(points(3), { label: mails, id: ['c@x.org', 'd@x.org', 'e@x.org'] }) },
      'privacy: { ids: hashed, columns: { label: hash } }',
    )
    expect(hashed.warnings.filter(({ code }) => code.includes('contacts'))).toEqual([])
    expect(JSON.stringify(hashed)).not.toContain('@')
  })
})
