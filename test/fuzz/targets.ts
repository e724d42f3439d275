/** What is fuzzed: each format with the writer of whole files, and the makers of lying ones. */

import { damage } from './byte-edits.ts'
import type { Chance } from './chance.ts'
import type { Rows } from './rows.ts'
import * as structure from './structure-edits.ts'
import {
  arrow,
  delimitedText,
  gzip,
  npyVectors,
  npzEntries,
  parquet,
  records,
  safetensors,
  zipBytes,
  zstd,
} from './writers.ts'

export interface Target {
  /** The name that the file has. */
  readonly name: string
  readonly write: (rows: Rows, chance: Chance) => Buffer
  readonly lie: structure.Maker
  /** Ends of the names of the files of tools that are damaged too. */
  readonly extensions: readonly string[]
  /** Which columns the writer writes besides the vectors. */
  readonly columns: readonly ('id' | 'label' | 'extra')[]
  /** Whether a file that was cut is one that can be told from a whole one. */
  readonly knowsItsEnd: boolean
  /** Whether a checksum or a count protects the values from damage. */
  readonly hasChecksum: boolean
}

const all = ['id', 'label', 'extra'] as const
const text = (rows: Rows, delimiter: string, chance: Chance) =>
  Buffer.from(delimitedText(rows, delimiter, chance.once(2)))

/** Damage to the parts of a whole file, for formats whose headers no text describes. */
const damaged =
  (write: Target['write'], rowsOf: (chance: Chance) => Rows): structure.Maker =>
  (chance) =>
    damage(damage(write(rowsOf(chance), chance), chance), chance)

export function targets(rowsOf: (chance: Chance) => Rows): Readonly<Record<string, Target>> {
  const binary = { knowsItsEnd: true, hasChecksum: false, columns: all }
  const plain = { knowsItsEnd: false, hasChecksum: false, columns: all }
  return {
    npy: {
      ...binary,
      name: 'embeddings.npy',
      write: npyVectors,
      lie: structure.npy,
      extensions: ['.npy'],
      columns: [],
    },
    npz: {
      ...binary,
      name: 'embeddings.npz',
      write: (rows, chance) => zipBytes(npzEntries(rows, chance.once(2))),
      lie: structure.npz,
      extensions: ['.npz'],
      columns: ['id', 'label'],
      hasChecksum: true,
    },
    csv: {
      ...plain,
      name: 'embeddings.csv',
      write: (rows, chance) => text(rows, chance.pick([',', ';']), chance),
      lie: structure.delimited(','),
      extensions: ['.csv'],
    },
    tsv: {
      ...plain,
      name: 'embeddings.tsv',
      write: (rows, chance) => text(rows, '\t', chance),
      lie: structure.delimited('\t'),
      extensions: ['.tsv'],
    },
    jsonl: {
      ...plain,
      name: 'embeddings.jsonl',
      write: (rows) =>
        Buffer.from(
          `${records(rows)
            .map((row) => JSON.stringify(row))
            .join('\n')}\n`,
        ),
      lie: structure.json(true),
      extensions: ['.jsonl', '.ndjson'],
    },
    json: {
      ...binary,
      name: 'embeddings.json',
      write: (rows) => Buffer.from(JSON.stringify(records(rows))),
      lie: structure.json(false),
      extensions: ['.json'],
    },
    safetensors: {
      ...binary,
      name: 'embeddings.safetensors',
      write: safetensors,
      lie: structure.safetensors,
      extensions: ['.safetensors'],
      columns: [],
    },
    parquet: {
      ...binary,
      name: 'embeddings.parquet',
      write: parquet,
      lie: damaged(parquet, rowsOf),
      extensions: ['.parquet'],
    },
    arrow: {
      ...binary,
      name: 'embeddings.arrow',
      write: arrow,
      lie: damaged(arrow, rowsOf),
      extensions: ['.arrow', '.feather'],
    },
    gzip: {
      ...binary,
      name: 'embeddings.npy.gz',
      write: (rows) => gzip(npyVectors(rows)),
      lie: structure.packed(false),
      extensions: ['.gz'],
      columns: [],
      hasChecksum: true,
    },
    zstd: {
      ...binary,
      name: 'embeddings.npy.zst',
      write: (rows) => zstd(npyVectors(rows)),
      lie: structure.packed(true),
      extensions: ['.zst'],
      columns: [],
      hasChecksum: true,
    },
  }
}
