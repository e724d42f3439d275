/** 300 damaged, lying and whole files a format: a message or a right table, and nothing else. `npm run fuzz` tries more. */

import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FORMATS, makeCase, problemOf, toolFiles } from '../../fuzz/case.ts'

const CASES = 300
const filesOf = toolFiles(fileURLToPath(new URL('../../oracles/tool-files', import.meta.url)))

describe('fuzzed files', () => {
  it.each(FORMATS)('%s', async (format) => {
    const problems: string[] = []
    for (let seed = 0; seed < CASES; seed++) {
      const one = makeCase(format, seed, filesOf)
      const problem = await problemOf(format, one)
      if (problem !== null) problems.push(`${format} ${seed} (${one.edit} ${one.name}): ${problem}`)
    }
    expect(problems.slice(0, 10)).toEqual([])
  })
})
