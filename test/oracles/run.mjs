/**
 * `npm run oracles [NAME …]`: the expected values of the tests, computed anew by numpy, scipy,
 * scikit-learn and cleanlab in a Python environment of its own. Each script prints a JSON object with
 * a property for each case; it is kept beside the script, one case a line.
 */

import { readdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { run } from '../../infra/command.mjs'
import { pythonEnvironment } from '../../infra/python-environment.mjs'

const folder = import.meta.dirname
const cache = resolve(folder, '../../.cache')

const python = await pythonEnvironment({
  folder: join(cache, 'oracles-venv'),
  requirements: join(folder, 'requirements.txt'),
  logFile: join(cache, 'oracles.log'),
})
const known = (await readdir(folder))
  .filter((name) => name.endsWith('.py'))
  .map((name) => name.slice(0, -'.py'.length))
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !known.includes(name))
if (unknown.length > 0) {
  process.stderr.write(`no such oracle: ${unknown.join(', ')}; there are ${known.join(', ')}\n`)
  process.exit(64)
}
for (const name of asked.length > 0 ? asked : known) {
  const output = await run(python, ['-W', 'ignore', join(folder, `${name}.py`)], {
    says: `computing ${name}`,
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  })
  const cases = Object.entries(JSON.parse(output)).map(
    ([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  )
  await writeFile(join(folder, `${name}.json`), `{\n${cases.join(',\n')}\n}\n`)
  process.stdout.write(`test/oracles/${name}.json: ${cases.length} cases\n`)
}
