/** A Python environment of its own under `.cache`, made once for each list of pinned packages. */

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { run } from './command.mjs'

/**
 * Makes the environment, unless it is there with the very packages; resolves to its interpreter.
 * Needs Python 3 with venv; `PYTHON` names another one.
 * @param {{ folder: string, requirements: string, logFile: string }} places
 *   `requirements`: the file that pins the packages
 * @returns {Promise<string>}
 */
export async function pythonEnvironment({ folder, requirements, logFile }) {
  const python = join(folder, 'bin/python')
  const wanted = await readFile(requirements, 'utf8')
  const stamp = join(folder, 'requirements.txt')
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return python
  await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', '--clear', folder], {
    says: 'making a Python environment',
    logFile,
  })
  await run(python, ['-m', 'pip', 'install', '-r', requirements], {
    says: `installing ${wanted.trim().split('\n').join(', ')}`,
    logFile,
  })
  // Last, so that what is half there is made again.
  await writeFile(stamp, wanted)
  return python
}
