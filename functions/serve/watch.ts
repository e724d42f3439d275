/** Notices uploads: what lies in the bucket at the start and hasn't been evaluated, and every change after. */

import { stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { leadsOut } from '../../lib/publish/inside.ts'
import { parseUploadKey } from '../../lib/publish/keys.ts'
import { isProjectSettings } from '../../lib/upload/files.ts'
import type { RunName } from './queue.ts'

export interface WatchOptions {
  readonly bucket: string
  readonly changed: (run: RunName, key: string) => void
  /** Told of a file that belongs to no run, with what is wrong with its place. */
  readonly misplaced: (problem: string) => void
}

/** Resolves, once every file that is there has been seen, to what ends the watch. */
export async function watchUploads({
  bucket,
  changed,
  misplaced,
}: WatchOptions): Promise<() => Promise<void>> {
  const watcher = watch(join(bucket, 'uploads'), {
    awaitWriteFinish: { stabilityThreshold: 300, pollInterval: 100 },
    ignored: (path) => basename(path).startsWith('.'),
    ignoreInitial: true,
    followSymlinks: false,
  })
  const tell = async (path: string) => {
    const key = keyOf(bucket, path)
    if (await leadsOut(bucket, path)) {
      misplaced(`${key} is a link that leads out of ${bucket}, and is not followed`)
      return
    }
    const parsed = parseUploadKey(key)
    if (isProjectSettings(key)) return
    if ('problem' in parsed) misplaced(parsed.problem)
    else changed({ project: parsed.project, run: parsed.run }, key)
  }
  watcher.on('add', tell)
  watcher.on('change', tell)
  await new Promise<void>((resolve, reject) => {
    watcher.once('ready', resolve)
    watcher.once('error', reject)
  })
  for (const { run, key } of await unevaluated(bucket, watcher.getWatched())) changed(run, key)
  return () => watcher.close()
}

function keyOf(bucket: string, path: string): string {
  return relative(bucket, path).split(sep).join('/')
}

/** The run that an object of the uploads belongs to; null: none. */
function runOf(key: string): RunName | null {
  const parsed = parseUploadKey(key)
  return 'problem' in parsed ? null : { project: parsed.project, run: parsed.run }
}

/** Files newer than their run's record, or without one; oldest first, as they would have arrived. */
async function unevaluated(
  bucket: string,
  watched: Readonly<Record<string, readonly string[]>>,
): Promise<{ run: RunName; key: string }[]> {
  const changes: { run: RunName; key: string; modifiedMs: number }[] = []
  for (const [folder, names] of Object.entries(watched)) {
    for (const name of names) {
      const key = keyOf(bucket, join(folder, name))
      const run = runOf(key)
      const file = await modified(join(folder, name))
      if (run === null || file === null) continue
      const record = await modified(join(bucket, 'site', run.project, 'runs', run.run, 'run.json'))
      if (record === null || record < file) changes.push({ run, key, modifiedMs: file })
    }
  }
  return changes.sort((a, b) => a.modifiedMs - b.modifiedMs)
}

/** Time of a file's last change; null where there is no such file. */
async function modified(path: string): Promise<number | null> {
  const file = await stat(path).catch(() => null)
  return file?.isFile() ? file.mtimeMs : null
}
