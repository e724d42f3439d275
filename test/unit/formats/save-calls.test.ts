/** The save calls of docs/uploads.md, executed by each tool that is there: what they write reads as it was. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lacksModules, PYTHON } from '../../python-tools.ts'
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

/** Too large for CI; their calls are executed where they are installed. */
const LARGE = ['PyTorch', 'TensorFlow', 'R']

const python = `import numpy as np
embeddings = np.array(${JSON.stringify(ROWS)}, dtype="float32")
ids = ${JSON.stringify(IDS)}
labels = ${JSON.stringify(LABELS)}
`
const r = `embeddings <- matrix(c(${ROWS.flat().join(', ')}), ncol = 3, byrow = TRUE)
ids <- c(${IDS.map((id) => JSON.stringify(id)).join(', ')})
labels <- c(${LABELS.map((label) => JSON.stringify(label)).join(', ')})
`

/** Whether a tool isn't there, which only a large one may be in CI. */
function lacks(tool: string, language: string, code: string): boolean {
  if (language === 'r') return spawnSync('Rscript', ['--version']).status !== 0
  const imports = code.split('\n').filter((line) => line.startsWith('import '))
  const probe = ['import numpy', ...imports].join('; ')
  return LARGE.includes(tool)
    ? spawnSync(PYTHON, ['-W', 'ignore', '-c', probe]).status !== 0
    : lacksModules(probe.replace(/^import /, ''))
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

  it.for(calls)('of $tool', { timeout: 60_000 }, async (call, { skip }) => {
    skip(lacks(call.tool, call.language, call.code), `${call.tool} is not installed`)
    const runner = call.language === 'r' ? ['Rscript', '-e'] : [PYTHON, '-W', 'ignore', '-c']
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
