/** Uploads whose every text is hostile, evaluated and published twice, and what is wrong with what came out. */

import fc from 'fast-check'
import type { Context } from '../../lib/core/context.ts'
import { seededRandom } from '../../lib/core/random.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import { updateTickets } from '../../lib/publish/tickets-object.ts'
import { documentProblem, xmlProblem } from './markup.ts'

export interface HostileTexts {
  /** Of three classes; equal ones become one class. */
  readonly labels: readonly string[]
  readonly ids: readonly string[]
  /** Of two columns of metadata. */
  readonly columns: readonly string[]
  readonly values: readonly string[]
  readonly owner: string
  readonly note: string
  readonly ticket: string
}

/** Texts that broke something once, somewhere. */
const NASTY = [
  ']]>',
  '--',
  '<!--',
  '&#0;',
  '&amp;',
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '%ff',
  '%',
  'caf%E9',
  '{id}',
  '$&',
  '$1',
  '\u0000',
  '\u0007\u001b[31m',
  '\ufffe',
  '\uffff',
  '\u202eabc',
  '\u200b',
  '\u2028',
  'a\nb',
  'a\r\n::error::b',
  '##vso[task.complete]',
  '=1+1',
  '@SUM(A1)',
  'e\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦',
  'שלום',
  '苹果',
  '',
  ' ',
  'null',
  'NaN',
  '|',
  '/',
  '../../x',
  'class:x=y',
]

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom(...NASTY), { minLength: 2, maxLength: 3 })
      .map((parts) => parts.join('')),
  },
)
/** JavaScript's strings hold halves of pairs, and so may those of a manifest in JSON. */
const anyText = fc.oneof(
  text,
  fc.string({ unit: 'binary' }),
  fc.constant('\ud800'),
  fc.constant('x\udfff'),
)

export const hostileTexts: fc.Arbitrary<HostileTexts> = fc.record({
  labels: fc.tuple(text, text, text),
  ids: fc.array(text, { minLength: 48, maxLength: 48 }),
  columns: fc.tuple(text, text),
  values: fc.array(text, { minLength: 3, maxLength: 3 }),
  owner: anyText,
  note: anyText,
  ticket: fc.constantFrom(
    'https://example.org/%ff',
    'https://example.org/caf%E9',
    'https://example.org/\u202e%0a',
    'javascript:alert(1)',
    'no address',
    'http://[',
    '\ud800',
  ),
})

const ROWS = 48

function csv(texts: HostileTexts, shift: number): string {
  const cell = (value: string) => `"${value.replaceAll('"', '""')}"`
  const lines = [
    `id,label,${texts.columns.map((name, at) => cell(`${name}${at}`)).join(',')},embedding_0,embedding_1`,
  ]
  for (let row = 0; row < ROWS; row++) {
    // Two classes lie in one place, and pairs of rows in one point: there is much to be found.
    const at = row - (row % 2)
    const numbers = [row % 3 === 2 ? 9 : 0, 0].map(
      (centre, axis) => centre + Math.sin((axis + 2) * at * 1.7 + shift),
    )
    const words = [
      `${texts.ids[row]}${row}`,
      texts.labels[row % 3]!,
      texts.values[row % 3]!,
      texts.values[(row >> 2) % 3]!,
    ]
    lines.push([...words.map(cell), ...numbers].join(','))
  }
  // A file with a zero byte is no text, and refused as that.
  return `${lines.join('\n')}\n`.replaceAll('\u0000', '\u0001')
}

/** Evaluates and publishes two runs, and a third after an item got its ticket; resolves to what is wrong. */
export async function attackWithTexts(texts: HostileTexts): Promise<string[]> {
  let minutes = 0
  const faults: string[] = []
  const context: Context = {
    uploads: memoryStore('uploads', () => new Date(Date.UTC(2026, 0, 1, 0, minutes++))),
    site: memoryStore('site'),
    vault: memoryStore('vault'),
    log: {
      info: () => {},
      warn: () => {},
      error: (message, fields) => faults.push(`${message} ${JSON.stringify(fields)}`),
    },
    clock: () => new Date('2026-06-01T12:00:00Z'),
    random: seededRandom,
    signal: new AbortController().signal,
    progress: () => {},
    announcers: [],
  }
  const manifest = (ids: readonly string[]) =>
    JSON.stringify({
      maps: ['pca'],
      // Few rows: whatever is found is told of.
      owners: Object.fromEntries(
        [`class:${texts.labels[0]}`, 'confusion', 'duplicates'].map((key) => [
          key,
          texts.owner || '-',
        ]),
      ),
      notes: Object.fromEntries(ids.map((id) => [id, texts.note || '-'])),
      effort: Object.fromEntries(ids.map((id) => [id, texts.note || '-'])),
    })
  let ids: readonly string[] = []
  for (const [number, run] of ['r1', 'r2', 'r3'].entries()) {
    await context.uploads.put(`uploads/p/${run}/nearmiss.json`, manifest(ids))
    await context.uploads.put(`uploads/p/${run}/embeddings.csv`, csv(texts, number * 0.3))
    const outcome = await evaluateUpload(context, { project: 'p', run, backend: 'wasm' })
    if (outcome.status === 'waiting') faults.push(`${run} waits for ${outcome.missing}`)
    if (outcome.status === 'failed' && texts.labels.some((label) => label.trim() !== '')) {
      faults.push(`${run} failed: ${JSON.stringify(outcome.issues[0])}`)
    }
    if (outcome.status !== 'published') continue
    ids = outcome.report.items.map(({ id }) => id)
    // As an older version, or somebody's editor, may have left it.
    for (const id of ids.slice(0, 2)) {
      const ticket = { url: texts.ticket, linkedAt: '2026-01-01T00:00:00Z' }
      await updateTickets(context.site, 'p', id, ticket, context)
    }
  }
  for await (const { key } of context.site.list('')) {
    const bytes = (await context.site.get(key))!.body
    const problem = fileProblem(key, bytes)
    if (problem !== null) faults.push(`${key}: ${problem}`)
  }
  return faults
}

function fileProblem(key: string, bytes: Uint8Array): string | null {
  if (/\.(png|parquet)$/.test(key)) return bytes.byteLength === 0 ? 'is empty' : null
  let content: string
  try {
    content = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return 'is not UTF-8'
  }
  if (/\.(svg|xml)$/.test(key)) return xmlProblem(content)
  if (key.endsWith('.html')) return documentProblem(content)
  if (key.endsWith('.json')) {
    try {
      JSON.parse(content)
    } catch (error) {
      return `is not JSON: ${error}`
    }
  }
  if (key.endsWith('.csv')) return csvProblem(content)
  return null
}

/** What a spreadsheet would take for a formula, and rows of other lengths than the first. */
function csvProblem(content: string): string | null {
  const rows: string[][] = [[]]
  const cells = content.replace(/^\ufeff/, '').matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/g)
  for (const [whole, cell = '', end] of cells) {
    if (whole === '' && end === '') break
    rows.at(-1)!.push(cell.replace(/^"|"$/g, '').replaceAll('""', '"'))
    if (end === '\r\n') rows.push([])
  }
  const full = rows.filter(({ length }) => length > 0)
  const odd = full.find(({ length }) => length !== full[0]!.length)
  if (odd !== undefined)
    return `has a row of ${odd.length} cells, and ${full[0]!.length} in the first`
  const formula = full.flat().find((cell) => /^[=+@\t\r]|^-\D/.test(cell))
  return formula === undefined ? null : `has the formula ${JSON.stringify(formula)}`
}
