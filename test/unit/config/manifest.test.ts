/** `nearmiss.yaml`: defaults, the friendly spellings, and what is said about mistakes. */

import { describe, expect, test } from 'vitest'
import { decodeManifest, parseManifest } from '../../../lib/config/manifest.ts'
import { InputError, type Issue } from '../../../lib/core/errors.ts'
import { FINDING_KINDS } from '../../../lib/core/finding-kind.ts'

const parse = (text: string) => parseManifest(text, 'nearmiss.yaml')

function issuesOf(text: string): readonly Issue[] {
  try {
    parse(text)
  } catch (error) {
    if (error instanceof InputError) return error.issues
    throw error
  }
  throw new Error('it was accepted')
}

const DEFAULTS = {
  model: { name: null, version: null, preprocessing: null },
  metric: 'euclidean',
  k: 20,
  margin: { low: 0.05, chosen: false },
  intervals: { cluster: 'group' },
  duplicates: { near: 0.13 },
  maps: null,
  baseline: 'previous',
  furtherBaselines: [],
  gates: [
    gate('knn_accuracy_5', { limit: 0.75 }),
    gate('hit_at_10', { limit: 0.8 }),
    gate('mean_reciprocal_rank', { limit: 0.6 }),
  ],
  owners: {},
  images: null,
  tracker: null,
  known: [],
  notes: {},
  effort: {},
  tickets: {},
  siteUrl: null,
  columns: {
    embeddings: 'embeddings',
    id: 'id',
    label: 'label',
    split: 'split',
    group: 'group',
    image: 'image',
    time: 'time',
  },
  privacy: { images: 'thumbnails', ids: 'plain', columns: {}, centroids: 'kept' },
}

test.each([
  ['no manifest', null],
  ['an empty one', ''],
  ['comments alone', '# later\n'],
  ['an empty object', '{}'],
])('%s gives the defaults', (_, text) => {
  expect(parseManifest(text, 'nearmiss.yaml')).toEqual(DEFAULTS)
})

const FULL = `
model: { name: resnet50, version: v12, preprocessing: "224 centre crop" }
metric: cosine
k: 50
margin: { low: 0.02 }
intervals: { cluster: class }
duplicates: { near: 0.2 }
maps: [tsne, umap]
baseline: none
gates:
  knn_accuracy_5: 0.8
  verification_eer: 0.1
  nearest_neighbor_accuracy: { minimum: 0.9, maximum: 1 }
  r_precision: { no_worse_than_baseline_by: 0.01 }
owners: { confusion: CV team, "class:8": Data Ops }
images: { sprite: sprite.png, tile: [32, 24] }
tracker: { kind: github, url: "https://example.org/team/project" }
known:
  - { id: "confusion:3|9", state: accepted, reason: look alike, until: 2026-12-31 }
  - { id: "confusion:1|8", state: muted, reason: later }
notes: { "confusion:3|9": Asked the camera team. }
effort: { confusion: 2, "confusion:3|9": half a day }
tickets: { "confusion:1|8": "https://example.org/t/7" }
site_url: https://reports.example.org/site
columns: { id: sku, label: product }
privacy: { images: none, ids: hashed }
`

function gate(metric: string, limits: object) {
  return {
    metric,
    limit: null,
    minimum: null,
    maximum: null,
    noWorseThanBaselineBy: null,
    ...limits,
  }
}

test('every key is read', () => {
  expect(parse(FULL)).toEqual({
    model: { name: 'resnet50', version: 'v12', preprocessing: '224 centre crop' },
    metric: 'cosine',
    k: 50,
    margin: { low: 0.02, chosen: true },
    intervals: { cluster: 'class' },
    duplicates: { near: 0.2 },
    maps: ['tsne', 'umap'],
    baseline: 'none',
    furtherBaselines: [],
    gates: [
      gate('knn_accuracy_5', { limit: 0.8 }),
      gate('verification_eer', { limit: 0.1 }),
      gate('nearest_neighbor_accuracy', { minimum: 0.9, maximum: 1 }),
      gate('r_precision', { noWorseThanBaselineBy: 0.01 }),
    ],
    owners: { confusion: 'CV team', 'class:8': 'Data Ops' },
    images: { sprite: 'sprite.png', tile: [32, 24] },
    tracker: { kind: 'github', url: 'https://example.org/team/project' },
    known: [
      { id: 'confusion:3|9', state: 'accepted', reason: 'look alike', until: '2026-12-31' },
      { id: 'confusion:1|8', state: 'muted', reason: 'later', until: null },
    ],
    notes: { 'confusion:3|9': 'Asked the camera team.' },
    effort: { confusion: 2, 'confusion:3|9': 'half a day' },
    tickets: { 'confusion:1|8': 'https://example.org/t/7' },
    siteUrl: 'https://reports.example.org/site/',
    columns: { ...DEFAULTS.columns, id: 'sku', label: 'product' },
    privacy: { images: 'none', ids: 'hashed', columns: {}, centroids: 'kept' },
  })
})

test('JSON is read as well', () => {
  const manifest = parseManifest('\ufeff{ "metric": "cosine", "gates": {} }', 'nearmiss.json')
  expect(manifest).toEqual({ ...DEFAULTS, metric: 'cosine', gates: [] })
})

test('numbers in a name keep their spelling', () => {
  const { model, baseline } = parse('model: { name: 7, version: 1.10 }\nbaseline: 0010\n')
  expect(model).toEqual({ name: '7', version: '1.10', preprocessing: null })
  expect(baseline).toBe('0010')
})

test.each(['https://pictures.example/{id}.jpg?size=32', 'pictures/{label}/{id}.png'])(
  'pictures at %s',
  (template) => {
    expect(parse(`images: "${template}"`).images).toEqual({ template })
  },
)

describe('mistakes', () => {
  test.each([
    ['modle: { name: a }', 'line 1', 'modle is not a key', 'Did you mean model?'],
    ['k: 20\nmodel:\n  nmae: a\n', 'line 3', 'model.nmae', 'Did you mean name?'],
    ['gates:\n  hit_at_10: { min: 1, minimum: 1 }', 'line 2', 'gates.hit_at_10.min is', 'minimum'],
    [
      'known:\n- id: a\n  state: muted\n  reason: b\n  untill: 2026-01-01',
      'line 5',
      'known[0].untill',
      'until?',
    ],
    ['{\n "k": 20,\n "metrc": "cosine"\n}', 'line 3', 'metrc', 'Did you mean metric?'],
    ['banana: 1', 'line 1', 'banana', 'Known here: model, metric,'],
  ])('an unknown key in %j', (text, where, message, hint) => {
    const [issue, ...others] = issuesOf(text)
    expect(others).toEqual([])
    expect(issue).toMatchObject({
      code: 'manifest-unknown-key',
      where: `nearmiss.yaml, ${where}`,
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    })
  })

  test.each([
    ['k: 9', 'line 1', 'k is 9: it needs to be at least 10.'],
    ['k: 1001', 'line 1', 'k is 1001: it needs to be at most 1000.'],
    ['k: "20"', 'line 1', 'k is "20": a number is expected.'],
    ['k: 10.5', 'line 1', 'k is 10.5'],
    ['metric: manhattan', 'line 1', 'metric is "manhattan": expected one of "euclidean"|"cosine".'],
    ['margin: { low: 0 }', 'line 1', 'margin.low is 0: it needs to be more than 0.'],
    [
      '\ngates: { hit_at_10: high }',
      'line 2',
      'gates.hit_at_10 is "high": a number is expected, or minimum',
    ],
    ['gates: { hit_at_10: {} }', 'line 1', 'gates.hit_at_10 is {}: it names no limit.'],
    ['gates: { Hit: 0.5 }', 'line 1', 'gates has the key "Hit"'],
    ['images: { sprite: a.png }', 'line 1', 'images.tile is missing'],
    ['images: javascript:alert(1)', 'line 1', 'neither an https address nor a path'],
    ['images: http://pictures.example/{id}', 'line 1', 'neither an https address nor a path'],
    ['images: ../other/{id}.png', 'line 1', 'neither an https address nor a path'],
    ['images: /etc/{id}.png', 'line 1', 'neither an https address nor a path'],
    [
      'tracker: { kind: github, url: "javascript:alert(1)" }',
      'line 1',
      'tracker.url is "javascript:alert(1)"',
    ],
    [
      'known:\n- { id: a, state: muted, reason: b, until: 2026-02-30 }',
      'line 2',
      'known[0].until is "2026-02-30"',
    ],
    ['owners: { confusion: 8 }', 'line 1', 'owners.confusion is 8: text is expected'],
    ['- a', 'line 1', 'The manifest is ["a"]: keys with values are expected.'],
    ['baseline: [[a]]', 'line 1', 'previous, best, none'],
    ['baseline: a/b', 'line 1', 'it is not the name of a run'],
    ['k: 20\nk: 30', 'line 2', 'Map keys must be unique'],
    ['model: [', 'line 1', 'not YAML or JSON that can be read'],
  ])('a wrong value in %j', (text, where, message) => {
    const [issue] = issuesOf(text)
    expect(issue!.message).toContain(message)
    expect(issue!.where).toBe(`nearmiss.yaml, ${where}`)
    expect(issue!.hint).not.toBe('')
  })

  test('all of them are told at once, each with its line', () => {
    const issues = issuesOf('k: 1\nmetrics: cosine\nmodel: { nam: a }\n')
    expect(issues.map(({ where }) => where).sort()).toEqual([
      'nearmiss.yaml, line 1',
      'nearmiss.yaml, line 2',
      'nearmiss.yaml, line 3',
    ])
  })

  test('aliases that multiply are refused', () => {
    const layers = Array.from({ length: 8 }, (_, n) => {
      const before = String.fromCharCode(96 + n)
      const name = String.fromCharCode(97 + n)
      return `${name}: &${name} [${n === 0 ? '1' : Array(10).fill(`*${before}`).join(',')}]`
    })
    expect(issuesOf(layers.join('\n'))[0]!.message).toContain('alias')
  })

  test('a text past any real manifest is refused', () => {
    expect(issuesOf(`#${'x'.repeat(1_000_000)}`)[0]!.message).toContain('1000001 characters')
  })
})

describe('a key that should be a kind of finding', () => {
  test.each([
    ['owners: { confuson: x }', 'owners.confuson', 'Did you mean confusion?'],
    ['owners: { "clas:8": x }', 'owners.clas:8', 'Did you mean class:8?'],
    ['owners: { "confuson:3|9": x }', 'owners.confuson:3|9', 'Did you mean confusion?'],
    ['effort: { "confuson:3|9": 2 }', 'effort.confuson:3|9', 'Did you mean confusion:3|9?'],
    ['effort: { "class:8": 2 }', 'effort.class:8', 'The kinds are at-chance, unmatched, confusion'],
    [
      'owners: { Data Ops: x }',
      'owners.Data Ops',
      'a class is named class:NAME, a slice slice:COLUMN',
    ],
    ['owners: { constructor: x }', 'owners.constructor', 'The kinds are'],
  ])('%s names the nearest one', (text, name, hint) => {
    const [issue, ...others] = issuesOf(`k: 20\n${text}`)
    expect(others).toEqual([])
    expect(issue!.message).toContain(`${name} is not a kind of finding`)
    expect(issue!.where).toBe('nearmiss.yaml, line 2')
    expect(issue!.hint).toContain(hint)
  })

  test.each(FINDING_KINDS)('%s is one, and begins the ids of its items', (kind) => {
    expect(parse(`owners: { ${kind}: x }`).owners).toEqual({ [kind]: 'x' })
    expect(parse(`effort: { ${kind}: 1, "${kind}:a|b": 2 }`).effort).toEqual({
      [kind]: 1,
      [`${kind}:a|b`]: 2,
    })
  })
})

describe('a manifest that is made to cost much', () => {
  const many = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n')

  test.each([
    ['unknown keys', many(20_000, (index) => `key_${index}: 1`), '19,980 more'],
    ['wrong gates', `gates:\n${many(90, (index) => `  g_${index}: x`)}`, '70 more'],
    ['wrong items', `known:\n${many(30, () => '  - { id: a, stat: b }')}`, '70 more'],
  ])('of many %s the first twenty are told, and how many more there are', (_, text, more) => {
    const issues = issuesOf(text)
    expect(issues).toHaveLength(21)
    expect(issues[20]!.message).toContain(more)
    expect(issues.slice(0, 20).every(({ where }) => /line \d+$/.test(where))).toBe(true)
  })

  test('twenty are told without a word of more', () => {
    const issues = issuesOf(many(20, (index) => `key_${index}: 1`))
    expect(issues).toHaveLength(20)
    expect(issues.every(({ code }) => code === 'manifest-unknown-key')).toBe(true)
  })

  // Each of these took the parser's stack, or gigabytes.
  test.each([
    ['['.repeat(200_000), 'nests more than 100 levels'],
    ['- '.repeat(200_000), 'nests more than 100 levels'],
    ['? '.repeat(200_000), 'nests more than 100 levels'],
    ['a: &a '.repeat(100_000), 'nests more than 100 levels'],
    [many(1200, (depth) => `${' '.repeat(depth)}a:`), 'nests more than 100 levels'],
    [`metric: ${'['.repeat(101)}${']'.repeat(101)}`, 'nests more than 100 levels'],
    [`maps: [${'1,'.repeat(400_000)}1]`, 'more than 250000 keys, values and marks'],
    ['---\n'.repeat(200_000), 'more than 250000 keys, values and marks'],
  ])('%#: what nests or lists without end is refused before it is parsed', (text, message) => {
    const [issue] = issuesOf(text)
    expect(issue!.message).toContain(message)
    expect(issue!.message.length).toBeLessThan(200)
  })

  test('as deep as a real one, and deeper, is read', () => {
    expect(issuesOf(`metric: ${'['.repeat(80)}${']'.repeat(80)}`)[0]!.message).toContain(
      'metric is',
    )
    const deep = many(20, (depth) => `${' '.repeat(depth)}a:`)
    expect(issuesOf(deep)[0]!.message).toContain('a is not a key')
  })

  test.each([
    [`images: "${'{x}'.repeat(17)}"`, 'more than 16 names in braces'],
    [`images: "${'{x}'.repeat(100_000)}"`, 'it has 300000 characters, and at most 2000 are read'],
    [`images: "a/${'x'.repeat(1999)}"`, 'it has 2001 characters'],
    [`model: { name: ${'x'.repeat(2001)} }`, 'it has 2001 characters'],
    [`tracker: { kind: github, url: "https://a.example/${'x'.repeat(2000)}" }`, 'at most 2000'],
    [`notes: { a: ${'x'.repeat(10_001)} }`, 'it has 10001 characters, and at most 10000'],
    [`owners:\n${many(10_001, (index) => `  "class:${index}": x`)}`, 'more than 10000 entries'],
    [`gates:\n${many(101, (index) => `  g_${index}: 1`)}`, 'more than 100 entries'],
  ])('%#: a text or a list has an end', (text, message) => {
    const [issue] = issuesOf(text)
    expect(issue!.message).toContain(message)
    expect(issue!.message.length).toBeLessThan(300)
  })

  test.each([
    `images: "a/${'x'.repeat(1998)}"`,
    `images: "${'{x}'.repeat(16)}"`,
    `notes: { a: ${'x'.repeat(10_000)} }`,
    `gates:\n${many(100, (index) => `  g_${index}: 1`)}`,
    `owners:\n${many(10_000, (index) => `  "class:${index}": x`)}`,
  ])('%#: up to there it is read', (text) => {
    expect(() => parse(text)).not.toThrow()
  })

  test.each([
    ['metric: &a\n  - *a', 'metric is a value that holds itself'],
    ['k: .inf', 'k is Infinity'],
    [`"${'x'.repeat(900)}": 1`, `${'x'.repeat(60)}… is not a key`],
    ['"a\\e[31m\\n::error": 1', '"a\\u001b[31m\\n::error" is not a key'],
    ['metric: cosine\nk: 12\n"metric": euclidean', 'Map keys must be unique'],
  ])('%#: an odd key or value is quoted in short', (text, message) => {
    expect(issuesOf(text)[0]!.message).toContain(message)
  })

  test('bytes are measured before they are text, and must be UTF-8', () => {
    const refused = (bytes: Uint8Array) => {
      try {
        return decodeManifest(bytes, 'nearmiss.json')
      } catch (error) {
        return (error as InputError).message
      }
    }
    expect(refused(new Uint8Array(4_000_001))).toContain('4000001 bytes; at most 4000000')
    expect(refused(Uint8Array.of(0xff, 0xfe, 0x6b))).toContain('3 bytes are not UTF-8')
    expect(refused(new TextEncoder().encode('k: 12 # é'))).toBe('k: 12 # é')
  })
})
