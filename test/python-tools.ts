/**
 * The Python whose tools write files for tests: `PYTHON`, else the usual one. In CI it has the packages of
 * `test/tools/requirements.txt`.
 */

import { spawnSync } from 'node:child_process'
import { missing } from './real-part.ts'

export const PYTHON = process.env.PYTHON ?? 'python3'

/** Whether to skip what needs these modules, in the words of an import. Never in CI. */
export function lacksModules(modules: string): boolean {
  const { status } = spawnSync(PYTHON, ['-W', 'ignore', '-c', `import ${modules}`])
  return missing(`Python’s ${modules}`, status === 0 ? null : `${PYTHON} can’t import them`)
}
