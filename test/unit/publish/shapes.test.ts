/** What a stored report must be: damage is told by its path, and what newer versions add is let pass. */

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { PROJECT_INDEX, REPORT } from '../../../lib/publish/shapes.ts'
import { buildRun, seededPoints } from '../reports/fixture.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const { report, index } = buildRun(seededPoints(60, 4, 0.7))
const text = JSON.stringify(report)
const fresh = () => JSON.parse(text) as { [key: string]: Json }

/** The schema that is published: which keys must be there is read from it. */
const schema = JSON.parse(
  readFileSync(new URL('../../../docs/schema/report.schema.json', import.meta.url), 'utf8'),
) as Node
interface Node {
  readonly $ref?: string
  readonly anyOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly additionalProperties?: Node
  readonly required?: readonly string[]
  readonly items?: Node
  readonly prefixItems?: readonly Node[]
  readonly $defs?: Readonly<Record<string, Node>>
}

interface Place {
  readonly path: readonly (string | number)[]
  readonly isRequired: boolean
  /** What else it may be isn't known then. */
  readonly isNull: boolean
}

/** Every value inside, with whether its key must be there. */
function places(value: Json, node: Node | undefined, path: Place['path'] = []): Place[] {
  if (value === null || typeof value !== 'object') return []
  const known = resolved(node)
  return Object.entries(value).flatMap(([name, inner]) => {
    const key = Array.isArray(value) ? Number(name) : name
    const at = [...path, key]
    const next =
      known?.properties?.[name] ??
      known?.additionalProperties ??
      known?.prefixItems?.[Number(name)] ??
      known?.items
    const isRequired = known?.required?.includes(name) === true
    return [{ path: at, isRequired, isNull: inner === null }, ...places(inner, next, at)]
  })
}

function resolved(node: Node | undefined): Node | undefined {
  const target = node?.$ref === undefined ? node : schema.$defs?.[node.$ref.split('/').at(-1)!]
  // The report has one of its own kind, or null.
  const object = target?.anyOf?.map(resolved).find((one) => one?.properties !== undefined)
  return object ?? target
}

const ALL = places(fresh(), schema)
const REQUIRED = ALL.filter(({ isRequired }) => isRequired)

function told(path: Place['path']): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`
    if (!/^[\w$]+$/.test(key)) return `${place}[${JSON.stringify(key)}]`
    return place === '' ? key : `${place}.${key}`
  }, '')
}

function damaged({ path }: Place, change: (holder: Record<string, Json>, key: string) => void) {
  const changed = fresh()
  const holder = path.slice(0, -1).reduce<Json>((inside, key) => (inside as never)[key], changed)
  change(holder as Record<string, Json>, String(path.at(-1)))
  return changed
}

describe('a report', () => {
  it('is one as it is, and with more than is known', () => {
    expect(ALL.length).toBeGreaterThan(1000)
    expect(REPORT.problem(report)).toBeNull()
    const more = { ...fresh(), weather: { is: 'fine' }, input: { ...report.input, moon: 1 } }
    expect(REPORT.problem(more)).toBeNull()
  })

  it('that has something else anywhere is told by its path', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ALL.filter(({ isNull }) => !isNull)), (place) => {
        const wrong = damaged(place, (holder, key) => {
          holder[key] = typeof holder[key] === 'number' ? true : 7
        })
        expect(REPORT.problem(wrong)).toContain(`as \`${told(place.path)}\`, where `)
      }),
      { numRuns: 300 },
    )
  })

  it('that lacks what must be there is told by its path', () => {
    fc.assert(
      fc.property(fc.constantFrom(...REQUIRED), (place) => {
        const without = damaged(place, (holder, key) => {
          delete holder[key]
        })
        expect(REPORT.problem(without)).toContain(`has no \`${told(place.path)}\`, where `)
      }),
      { numRuns: 300 },
    )
  })

  it('is told of in words, with the version that wrote it', () => {
    const pairs = [{ ...report.confusion.pairs[0]!, count: '3' }]
    const confusion = { ...report.confusion, pairs }
    expect(REPORT.problem({ ...report, confusion })).toBe(
      `has "3" as \`confusion.pairs[0].count\`, where a number is expected; nearmiss ${report.generator.version} wrote it`,
    )
    const { gate: _, generator: __, ...rest } = report
    expect(REPORT.problem({ ...rest, generator: {} })).toBe(
      'has no `gate`, where an object is expected',
    )
    expect(REPORT.problem([])).toBe('is a list, where an object is expected')
  })
})

test('an index whose item has no known state is told by the item', () => {
  const [id = ''] = Object.keys(index.items)
  const item = index.items[id]!
  const states = [{ ...item.states[0]!, state: 'lost' }]
  const items = { ...index.items, [id]: { ...item, states } }
  expect(PROJECT_INDEX.problem(index)).toBeNull()
  expect(PROJECT_INDEX.problem({ ...index, items })).toMatch(
    /^has "lost" as `items\[".*"\]\.states\[0\]\.state`, where "improved" or .* is expected$/,
  )
})
