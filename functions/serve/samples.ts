/** The bundled samples, laid out as uploads: what an empty bucket starts with. */

import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Oldest first: each run is compared with the one before it. */
const SAMPLES = [
  { project: 'emoji', runs: ['pixels-pca-32', 'mobilenet-128', 'mobilenet-metric-64'] },
  { project: 'digits', runs: ['pca-8', 'nca-16-small', 'nca-32'] },
] as const

const SHARED_FILES = ['metadata.csv', 'sprite.png'] as const
const MINUTE_MS = 60_000

/** Whether nothing was ever uploaded or published here. */
export async function isEmptyBucket(bucket: string): Promise<boolean> {
  for (const folder of ['uploads', 'site']) {
    const path = join(bucket, folder)
    if (existsSync(path) && (await readdir(path)).length > 0) return false
  }
  return true
}

/** Copies the samples to `uploads/`, a minute between the times of one run and the next. */
export async function copySamples(bucket: string, now: Date): Promise<void> {
  const from = samplesFolder()
  const runs = SAMPLES.flatMap(({ project, runs: names }) => names.map((run) => ({ project, run })))
  for (const [index, { project, run }] of runs.entries()) {
    const source = join(from, project)
    const folder = join(bucket, 'uploads', project, run)
    await mkdir(folder, { recursive: true })
    for (const name of SHARED_FILES) await copyFile(join(source, name), join(folder, name))
    const manifest = await readFile(join(source, 'nearmiss.yaml'), 'utf8')
    await writeFile(join(folder, 'nearmiss.yaml'), `model:\n  name: ${run}\n${manifest}`)
    await copyFile(join(source, `${run}.npz`), join(folder, 'embeddings.npz'))
    const time = new Date(now.getTime() - (runs.length - index) * MINUTE_MS)
    for (const name of await readdir(folder)) await utimes(join(folder, name), time, time)
  }
}

/** Beside the code in a checkout and in a package, however deep the code lies. */
function samplesFolder(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'samples', 'digits'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error(`no samples folder above ${import.meta.dirname}`)
    folder = parent
  }
  return join(folder, 'samples')
}
