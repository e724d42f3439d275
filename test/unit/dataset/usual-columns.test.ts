/** Labels and ids by other usual names: taken where there is one reading, told, and never against a setting. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withIndicatorLabels } from '../../../lib/dataset/indicator-labels.ts'
import { columns } from '../formats/read-fixture.ts'
import { dataset, issues, points, table, vectorTable } from './tables.ts'

const rows = points(4)
const classes = ['cat', 'dog', 'cat', 'dog']
const names = ['a', 'b', 'c', 'd']

const labelsOf = (yaml: string, given: Parameters<typeof vectorTable>[1]) => {
  const read = dataset({ vectors: vectorTable(rows, given) }, yaml)
  return {
    labels: Array.from(read.labels, (label) => read.classes[label]),
    ids: read.hasIds ? read.ids : null,
    told: read.warnings.filter(({ code }) => code === 'column-chosen').map((one) => one.message),
    metadata: read.metadata.map(({ name }) => name),
  }
}

describe('labels', () => {
  test.each(['y', 'target', 'targets', 'Class', 'category', 'LABEL', 'arr_1'])(
    '%s is taken, and told',
    (name) => {
      const read = labelsOf('', { [name]: classes })
      expect(read.labels).toEqual(classes)
      expect(read.told).toEqual([
        expect.stringContaining(`its column ${name} is taken as the label`),
      ])
      expect(read.metadata).toEqual([])
    },
  )

  test('the name of the contract goes before', () => {
    const read = labelsOf('', { label: ['p', 'q', 'p', 'q'], y: classes })
    expect(read.labels).toEqual(['p', 'q', 'p', 'q'])
    expect(read.told).toEqual([])
    expect(read.metadata).toContain('y')
  })

  test('so does a file of labels', () => {
    const read = dataset({
      vectors: vectorTable(rows, { y: classes }),
      labels: table('labels.csv', { grade: ['p', 'q', 'p', 'q'] }),
    })
    expect(read.classes).toEqual(['p', 'q'])
    expect(read.warnings.map(({ code }) => code)).not.toContain('column-chosen')
  })

  test.each<[string, Parameters<typeof vectorTable>[1], string]>([
    ['two could be', { y: classes, class: classes }, ''],
    ['each row has its own', { y: names }, ''],
    ['they are measurements', { y: [0.5, 1.5, 0.5, 2.5] }, ''],
    ['the settings name another', { y: classes }, 'columns: { label: kind }'],
    ['the settings keep it back', { y: classes }, 'privacy: { columns: { y: hash } }'],
    ['other columns are kept back', { y: classes }, 'privacy: { columns: { "*": drop } }'],
    ['an array without a name has company', { arr_1: classes, arr_2: classes }, ''],
    ['they look like contacts', { y: ['a@b.com', 'c@d.com', 'a@b.com', 'c@d.com'] }, ''],
  ])('nothing is taken where %s', (_, given, yaml) => {
    expect(issues({ vectors: vectorTable(rows, given) }, yaml)[0]!.code).toBe('labels-missing')
  })

  test('of two tables that have one nothing is guessed', () => {
    const metadata = table('metadata.csv', { class: classes })
    const found = issues({ vectors: vectorTable(rows, { y: classes }), metadata })
    expect(found[0]!.code).toBe('labels-missing')
  })

  test('the order and the names of other columns change nothing', () => {
    const other = fc.string({ minLength: 1, maxLength: 8 }).map((text) => `m ${text}`)
    fc.assert(
      fc.property(fc.uniqueArray(other, { maxLength: 4 }), fc.nat(4), (others, at) => {
        const entries = others.map((name): [string, string[]] => [name, ['1', '2', '2', '1']])
        entries.splice(at, 0, ['target', classes])
        expect(labelsOf('', Object.fromEntries(entries)).labels).toEqual(classes)
      }),
    )
  })
})

describe('ids', () => {
  test.each(['uid', 'UUID', 'key', 'sample_id'])('%s is taken, and told', (name) => {
    const read = labelsOf('', { label: classes, [name]: names })
    expect(read.ids).toEqual(names)
    expect(read.told).toEqual([expect.stringContaining(`its column ${name} is taken as the id`)])
  })

  test.each<[string, Parameters<typeof vectorTable>[1], string]>([
    ['two rows share one', { uid: ['a', 'b', 'c', 'a'] }, ''],
    ['a row has none', { uid: ['a', 'b', 'c', ''] }, ''],
    ['two columns could be', { uid: names, key: ['1', '2', '3', '4'] }, ''],
    ['they look like contacts', { key: names.map((name) => `${name}@b.com`) }, ''],
    ['the settings keep it back', { uid: names }, 'privacy: { columns: { uid: drop } }'],
  ])('nothing is taken where %s', (_, given, yaml) => {
    const read = labelsOf(yaml, { label: classes, ...given })
    expect(read.ids).toBeNull()
    expect(read.told).toEqual([])
  })

  test('tables are joined by it only where both have it', () => {
    const metadata = table('metadata.csv', {
      uid: ['d', 'c', 'b', 'a'],
      camera: ['4', '3', '2', '1'],
    })
    const joined = dataset({ vectors: vectorTable(rows, { label: classes, uid: names }), metadata })
    expect(joined.ids).toEqual(names)
    expect(joined.metadata).toEqual([
      { name: 'camera', type: 'text', values: ['1', '2', '3', '4'] },
    ])
    const named = dataset({ vectors: vectorTable(rows, { label: classes, id: names }), metadata })
    expect(named.ids).toEqual(names)
    expect(named.metadata.find(({ name }) => name === 'camera')!.values).toEqual([
      '4',
      '3',
      '2',
      '1',
    ])
  })
})

describe('a matrix by a usual name', () => {
  const matrix = (values: readonly number[]) => ({
    ...vectorTable(rows),
    labelMatrix: {
      name: 'y',
      values: { values: Float32Array.from(values), rows: 4, dimensions: 2 },
      isGuess: true as const,
    },
  })

  test('is the label where each row has a single 1', () => {
    const read = dataset({
      vectors: withIndicatorLabels(matrix([1, 0, 0, 1, 1, 0, 0, 1]), columns),
    })
    expect(Array.from(read.labels, (label) => read.classes[label])).toEqual(['0', '1', '0', '1'])
  })

  test.each([
    [[1, 0, 1, 1, 1, 0, 0, 1]],
    [[1, 0, 0, 0, 1, 0, 0, 1]],
    [[0.5, 0.5, 0, 1, 1, 0, 0, 1]],
  ])('is left out where it is %j', (values) => {
    const left = withIndicatorLabels(matrix(values), columns)
    expect(left.labelMatrix).toBeUndefined()
    expect(left.columns).toEqual([])
    expect(left.warnings.map(({ code }) => code)).toEqual(['array-ignored'])
  })
})
