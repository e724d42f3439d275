/** The save calls of docs/uploads.md, executed by each tool that is there: what they write reads as it was. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTable } from '../../read-table.ts'
import { columnOf, vectorOptions } from './read-fixture.ts'

const ROWS = [
  [1, 2.5, -3],
  [0.25, 0, 8],
  [-1, 4, 0.5],
]
const IDS = ['a-1', 'a-2', 'a-3']
const LABELS = ['cat', 'tree frog', 'cat']

const page = readFileSync(new URL('../../../docs/uploads.md', import.meta.url), 'utf8')
const part = /<!-- save calls -->([\s\S]*?)<!-- \/save calls -->/.exec(page)![1]!
const calls = Array.from(
  part.matchAll(/```(python|r)\n# (.*)\n([\s\S]*?)```/g),
  ([, language, tool, code]) => ({ language: language!, tool: tool!, code: code! }),
)

/** Interpreters of `TOOL_PYTHONS`, with colons between them, and the usual one: the first that has the tool runs it. */
const PYTHONS = [...(process.env.TOOL_PYTHONS ?? '').split(':'), 'python3'].filter(Boolean)

const python = `import numpy as np
embeddings = np.array(${JSON.stringify(ROWS)}, dtype="float32")
ids = ${JSON.stringify(IDS)}
labels = ${JSON.stringify(LABELS)}
`
const r = `embeddings <- matrix(c(${ROWS.flat().join(', ')}), ncol = 3, byrow = TRUE)
ids <- c(${IDS.map((id) => JSON.stringify(id)).join(', ')})
labels <- c(${LABELS.map((label) => JSON.stringify(label)).join(', ')})
`

/** The command that runs code of a tool; null where none has it. The tools are no part of nearmiss, in CI neither. */
function runnerOf(language: string, code: string): readonly string[] | null {
  if (language === 'r') {
    return spawnSync('Rscript', ['--version']).status === 0 ? ['Rscript', '-e'] : null
  }
  const imports = code.split('\n').filter((line) => line.startsWith('import '))
  const probe = ['import numpy', ...imports].join('; ')
  const found = PYTHONS.find((name) => spawnSync(name, ['-W', 'ignore', '-c', probe]).status === 0)
  return found === undefined ? null : [found, '-W', 'ignore', '-c']
}

describe('save calls of docs/uploads.md', () => {
  it('are there for each tool', () => {
    expect(calls.map(({ tool }) => tool)).toEqual([
      'pandas',
      'polars',
      'Hugging Face datasets',
      'PyTorch',
      'TensorFlow',
      'R',
    ])
  })

  it.each(calls)('of $tool', { timeout: 60_000 }, async (call) => {
    const runner = runnerOf(call.language, call.code)
    if (runner === null) {
      process.stderr.write(`skipped: the save call of ${call.tool} (it is not installed)\n`)
      return
    }
    const folder = mkdtempSync(join(tmpdir(), 'nearmiss-save-'))
    try {
      const code = (call.language === 'r' ? r : python) + call.code
      const [command, ...words] = runner
      const { status, stderr } = spawnSync(command!, [...words, code], {
        cwd: folder,
        encoding: 'utf8',
      })
      expect(status, stderr).toBe(0)
      const [name] = readdirSync(folder)
      const table = await readTable(
        { name: name!, bytes: readFileSync(join(folder, name!)) },
        vectorOptions,
      )
      expect([...table.vectors!.values]).toEqual(ROWS.flat())
      const suffix = name!.endsWith('.npz') ? 's' : ''
      expect(columnOf(table, `label${suffix}`).values).toEqual(LABELS)
      expect(columnOf(table, `id${suffix}`).values).toEqual(IDS)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
