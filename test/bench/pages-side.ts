/**
 * Evaluates an upload into a folder and tells how long its pages took: rendering, and everything from
 * there until the run is complete. `pages-side.js UPLOAD SITE BACKEND [MANIFEST]`
 */

import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { seededRandom } from '../../lib/core/random.ts'
import { evaluateUpload } from '../../lib/pipeline.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { memoryStore } from '../../lib/publish/memory.ts'
import type { BackendName } from '../../lib/tensor/backend.ts'

const [folder, site, backend, manifest] = process.argv.slice(2)
if (folder === undefined || site === undefined) throw new Error('a folder is missing')

const PROJECT = 'bench'
const RUN = 'run'
const uploads = memoryStore()
for (const name of await readdir(folder)) {
  await uploads.put(`uploads/${PROJECT}/${RUN}/${name}`, await readFile(join(folder, name)))
}
if (manifest !== undefined) {
  await uploads.put(`uploads/${PROJECT}/${RUN}/nearmiss.yaml`, Buffer.from(manifest))
}

const silent = () => {}
const startedMs = new Map<string, number>()
const outcome = await evaluateUpload(
  {
    uploads,
    site: directoryStore(site),
    vault: memoryStore('vault'),
    log: { info: silent, warn: silent, error: silent },
    clock: () => new Date(),
    random: seededRandom,
    signal: new AbortController().signal,
    announcers: [],
    progress: ({ stage }) => {
      if (!startedMs.has(stage)) startedMs.set(stage, Date.now())
    },
  },
  { project: PROJECT, run: RUN, backend: backend as BackendName },
)
if (outcome.status !== 'published') throw new Error(`the run is ${outcome.status}`)
// Written last of a run's files; the project's pages come after it.
const { mtimeMs } = await stat(join(site, PROJECT, 'runs', RUN, 'run.json'))
process.stdout.write(
  `${JSON.stringify({
    renderSeconds: (outcome.report.timings.render?.elapsedMs ?? Number.NaN) / 1000,
    pagesSeconds: (mtimeMs - startedMs.get('render')!) / 1000,
  })}\n`,
)
