/** Files whose structure lies: counts, offsets, types, depth, names; each is whole otherwise. */

import type { Chance } from './chance.ts'
import { randomRows } from './rows.ts'
import {
  delimitedText,
  gzip,
  npyBytes,
  npyVectors,
  npzEntries,
  records,
  safetensorsBytes,
  type ZipEntry,
  zipBytes,
  zstd,
} from './writers.ts'

export type Maker = (chance: Chance) => Buffer

const COUNTS = [
  '0',
  '-1',
  '1',
  '3',
  '1e3',
  '1000000',
  '1000000000000',
  '9007199254740993',
  '18446744073709551616',
  '1.5',
  'None',
  'null',
]
const DESCRIPTIONS = [
  "'<f4'",
  "'>f8'",
  "'|O'",
  "'<U1000000000'",
  "'<U0'",
  "'<U-1'",
  "'|S0'",
  "'<f99'",
  "'<V2'",
  "'<M8[ns]'",
  "'<M8[99999999999Y]'",
  "[('a', '<f4', (3,)), ('a', '<f4')]",
  "[('__proto__', '<f4'), ('b', '<U9')]",
  "[('x', '|O')]",
  "[('n', [('m', '<f8', (1000000000,))])]",
  'None',
  "'",
]
const WORDS = ['__proto__', 'constructor', '</script>', '\u202ea', 'a\u0000b', 'n'.repeat(4096), '']

export const npy: Maker = (chance) => {
  const data = Buffer.alloc(chance.below(200), 1)
  const shape = [`(${chance.pick(COUNTS)}, ${chance.pick(COUNTS)})`, `(${chance.pick(COUNTS)},)`]
  const odd = [
    '()',
    `(${'('.repeat(1000)}`,
    `(${'1, '.repeat(1 + chance.below(50_000))})`,
    `(1,), 'shape': (2, 2)`,
    `(2, 2), '${chance.pick(WORDS).slice(0, 30)}': {'a': [1]}`,
  ]
  const bytes = npyBytes(chance.pick(DESCRIPTIONS), chance.pick([...shape, ...shape, ...odd]), data)
  if (chance.once(4)) bytes.writeUInt16LE(chance.below(65_536), 8)
  if (chance.once(8)) bytes[6] = chance.below(5)
  return bytes
}

export const npz: Maker = (chance) => {
  const entries = [...npzEntries(randomRows(chance), chance.once(2))]
  const names = [
    '../../embeddings.npy',
    '/etc/passwd',
    'C:\\x.npy',
    'embeddings.npy',
    'labels.npy',
    'labels.npy/',
    ...WORDS.map((word) => `${word}.npy`),
  ]
  for (let left = 1 + chance.below(4); left > 0; left--) {
    const at = chance.below(entries.length)
    const one = entries[at]!
    const made: readonly ZipEntry[] = [
      { ...one, name: chance.pick(names) },
      { ...one, claims: chance.pick([0, 1, 2 ** 31 - 1, 2 ** 32 - 1, one.bytes.length + 1]) },
      { ...one, bytes: npy(chance) },
      { ...one, bytes: npyBytes("'<f4'", '(4, 250000)', Buffer.alloc(4_000_000)), isPacked: true },
      { ...one, name: 'inner.npy', bytes: zipBytes([one]) },
    ]
    if (chance.once(2)) entries[at] = chance.pick(made)
    else entries.push(chance.pick(made))
  }
  return zipBytes(entries, (record) => {
    if (!chance.once(12)) return
    const at = chance.pick([8, 10, 16, 20, 24, 28, 30, 32, 42])
    record.writeUInt16LE(chance.pick([0, 1, 8, 9, 12, 99, 0xffff, chance.below(65_536)]), at)
  })
}

export const safetensors: Maker = (chance) => {
  const data = Buffer.alloc(chance.below(300), 3)
  const dtype = () =>
    chance.pick(['F32', 'F16', 'BF16', 'F64', 'I64', 'U8', 'BOOL', 'F8_E4M3', 'X', ''])
  const entry = () => {
    const shape = `[${Array.from({ length: chance.below(4) }, () => chance.pick(COUNTS)).join(', ')}]`
    const offsets = `[${chance.pick(COUNTS)}, ${chance.pick([...COUNTS, String(data.length)])}]`
    const odd = ['{}', '[]', 'null', '"x"', '7', `${'['.repeat(20_000)}${']'.repeat(20_000)}`]
    return chance.once(6)
      ? chance.pick(odd)
      : `{"dtype": "${dtype()}", "shape": ${shape}, "data_offsets": ${offsets}}`
  }
  const name = () => JSON.stringify(chance.pick([...WORDS, 'embeddings', 'labels', '__metadata__']))
  const entries = Array.from({ length: chance.below(6) }, () => `${name()}: ${entry()}`)
  const bytes = safetensorsBytes(`{${entries.join(', ')}}`, data)
  if (chance.once(5)) {
    const lies = [0n, 1n, 2n ** 31n, 2n ** 53n, 2n ** 63n, BigInt(bytes.length)]
    bytes.writeBigUInt64LE(chance.pick(lies))
  }
  return bytes
}

function textEdits(text: string, chance: Chance): string {
  const at = () => chance.below(text.length + 1)
  const put = (what: string) => {
    const place = at()
    return text.slice(0, place) + what + text.slice(place)
  }
  const lines = text.split('\n')
  const edits: readonly (() => string)[] = [
    () => put('"'),
    () => put('\u0000'),
    () => put(chance.pick([',', ';', '\t', '|', '\r', '\r\n', '\n', '\n\n'])),
    () => put(','.repeat(1 + chance.below(2000))),
    () => put('...'),
    () => put(chance.pick(WORDS)),
    () => `sep=${chance.pick([';', ',', '|', 'x', ''])}\n${text}`,
    () => `\ufeff${text}`,
    () => [...lines, lines[chance.below(lines.length)]!.repeat(2)].join('\n'),
    () => [lines[0], ...lines].join('\n'),
    () => lines.slice(1).join('\n'),
    () => text.replaceAll(',', chance.pick([';', '\t', '|', ' ', ', '])),
    () => text.replaceAll('dim_', chance.pick(['', 'V', 'x', 'feature_', '0', 'dim_0'])),
    () => text.replaceAll('.', ','),
    () =>
      text.replace(/-?\d+\.\d+/, chance.pick(['1e999', '-inf', 'nan', '0x10', '1_000', '９', ''])),
    () => put('[1,2,3]'),
    () => put('['.repeat(1 + chance.below(5000))),
  ]
  return chance.pick(edits)()
}

export function delimited(delimiter: string): Maker {
  return (chance) => {
    let text = delimitedText(randomRows(chance), delimiter, chance.once(2))
    for (let left = 1 + chance.below(3); left > 0; left--) text = textEdits(text, chance)
    if (chance.once(8)) return Buffer.from(`\ufeff${text}`, 'utf16le')
    return Buffer.from(text, chance.once(8) ? 'latin1' : 'utf8')
  }
}

const JSON_VALUES = [
  'null',
  'true',
  '1e999',
  '-0',
  '9007199254740993',
  '123456789012345678901234567890',
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '[]',
  '{}',
  '[[]]',
  '[1, [2]]',
  '[1, "2"]',
  '[null, 1]',
  '{"__proto__": {"x": 1}}',
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
  `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
]

export function json(isLines: boolean): Maker {
  return (chance) => {
    const rows = records(randomRows(chance)).map((row) => JSON.stringify(row))
    for (let left = 1 + chance.below(3); left > 0; left--) {
      const at = chance.below(rows.length)
      const value = chance.pick(JSON_VALUES)
      const name = JSON.stringify(chance.pick(['embedding', 'label', 'id', ...WORDS]))
      rows[at] = chance.pick([
        value,
        rows[at]!.replace(/\[[^\]]*\]/, value),
        rows[at]!.replace('{', `{${name}: ${value}, `),
        rows[at]!.replace('}', `, ${name}: ${value}}`),
        rows[at]!.replace(/-?\d+\.\d+,/, ''),
        rows[at]!.slice(0, chance.below(rows[at]!.length)),
        `${rows[at]}${rows[at]}`,
        '',
      ])
    }
    const whole = chance.pick([
      `[${rows.join(',')}]`,
      `[${rows.join(',')}`,
      `{"data": [${rows.join(',')}]}`,
      `{"embeddings": [${rows.join(',')}], "labels": ${chance.pick(JSON_VALUES)}}`,
    ])
    return Buffer.from(isLines ? rows.join('\n') : whole)
  }
}

export function packed(isZstd: boolean): Maker {
  const pack = isZstd ? zstd : gzip
  return (chance) => {
    const inner = npyVectors(randomRows(chance))
    return chance.pick<() => Buffer>([
      () => Buffer.concat([pack(inner), pack(inner)]),
      () => Buffer.concat([pack(inner.subarray(0, 40)), pack(inner.subarray(40))]),
      () => pack(pack(inner)),
      () => pack(pack(pack(pack(inner)))),
      () => pack(Buffer.alloc(0)),
      () => pack(Buffer.alloc(2_000_000, chance.below(256))),
      () => Buffer.concat([pack(inner), Buffer.from('trailing')]),
      () => pack(npy(chance)),
      () => pack(npz(chance)),
      () => pack(zipBytes([{ name: '../x.npy', bytes: inner, isPacked: true }])),
    ])()
  }
}

export const manifest: Maker = (chance) => {
  const keys = [
    'metric',
    'k',
    'columns',
    'images',
    'gates',
    'owners',
    'privacy',
    'tracker',
    ...WORDS,
  ]
  const values = [
    'cosine',
    '7',
    '-1',
    '1e999',
    '.nan',
    '{label: x}',
    '[a, b]',
    '&a [*a, *a]',
    '*a',
    '!!js/function "x"',
    '{<<: {a: 1}}',
    '|\n  text',
    '"\\ud800"',
    `${'['.repeat(400)}${']'.repeat(400)}`,
    'javascript:alert(1)',
    '{url: "http://x"}',
    '{"__proto__": 1}',
  ]
  const lines = Array.from({ length: 1 + chance.below(6) }, () => {
    const key = JSON.stringify(chance.pick(keys))
    return `${chance.once(6) ? '- ' : ''}${key}: ${chance.pick(values)}`
  })
  if (chance.once(10)) {
    lines.push('a: &a [1, 1, 1, 1, 1, 1, 1, 1]')
    for (const name of 'bcdefgh') {
      const before = String.fromCharCode(name.charCodeAt(0) - 1)
      lines.push(`${name}: &${name} [${`*${before}, `.repeat(8)}]`)
    }
  }
  return Buffer.from(lines.join('\n'))
}
