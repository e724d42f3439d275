/** Notices uploads: what lies in the bucket at the start and hasn't been evaluated, and every change after. */

import { lstat, readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { leadsOut } from '../../lib/publish/inside.ts'
import { parseUploadKey } from '../../lib/publish/keys.ts'
import { isProjectSettings } from '../../lib/upload/files.ts'
import type { RunName } from './queue.ts'

/** How often the folder itself is looked through: the file system's events get lost on a busy machine. */
const LOOK_MS = 5_000
/** A file that is still written is changed this often at least. */
const REST_MS = 1_000

export interface WatchOptions {
  readonly bucket: string
  readonly changed: (run: RunName, key: string) => void
  /** Told of a file that belongs to no run, with what is wrong with its place. */
  readonly misplaced: (problem: string) => void
  /** The folder is looked through that often; every 5 seconds unless given. */
  readonly lookMs?: number
  /** What tells of changes; chokidar unless given. */
  readonly watcherOf?: typeof watch
}

/** Resolves, once every file that is there has been seen, to what ends the watch. */
export async function watchUploads({
  bucket,
  changed,
  misplaced,
  lookMs = LOOK_MS,
  watcherOf = watch,
}: WatchOptions): Promise<() => Promise<void>> {
  const uploads = join(bucket, 'uploads')
  /** The state in which each file was told, or lay there at the start. */
  const states = new Map<string, string>()
  const watcher = watcherOf(uploads, {
    awaitWriteFinish: { stabilityThreshold: 300, pollInterval: 100 },
    ignored: (path) => basename(path).startsWith('.'),
    ignoreInitial: true,
    followSymlinks: false,
  })
  const tell = async (path: string) => {
    const key = keyOf(bucket, path)
    states.set(key, (await stateOf(path))?.text ?? '')
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
  const present = await filesBelow(uploads)
  for (const path of present) states.set(keyOf(bucket, path), (await stateOf(path))?.text ?? '')
  for (const { run, key } of await unevaluated(bucket, present)) changed(run, key)

  let look: Promise<void> | null = null
  const lookAgain = async () => {
    for (const path of await filesBelow(uploads)) {
      const state = await stateOf(path)
      if (state === null || states.get(keyOf(bucket, path)) === state.text) continue
      if (Date.now() - state.changedMs >= REST_MS) await tell(path)
    }
  }
  const timer = setInterval(() => {
    // What can't be read now is met again by the next look.
    look ??= lookAgain()
      .catch(() => {})
      .finally(() => {
        look = null
      })
  }, lookMs)
  return async () => {
    clearInterval(timer)
    await look
    await watcher.close()
  }
}

/** Files at any depth but hidden ones; none where the folder is gone. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((name) => name.startsWith('.')),
    )
}

/** What changes whenever a file is written; null where there is no such file. */
async function stateOf(path: string): Promise<{ text: string; changedMs: number } | null> {
  const file = await lstat(path).catch(() => null)
  if (file === null || file.isDirectory()) return null
  return { text: `${file.mtimeMs} ${file.size}`, changedMs: file.ctimeMs }
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
  paths: readonly string[],
): Promise<{ run: RunName; key: string }[]> {
  const changes: { run: RunName; key: string; modifiedMs: number }[] = []
  for (const path of paths) {
    const key = keyOf(bucket, path)
    const run = runOf(key)
    const file = await modified(path)
    if (run === null || file === null) continue
    const record = await modified(join(bucket, 'site', run.project, 'runs', run.run, 'run.json'))
    if (record === null || record < file) changes.push({ run, key, modifiedMs: file })
  }
  return changes.sort((a, b) => a.modifiedMs - b.modifiedMs)
}

/** Time of a file's last change; null where there is no such file. */
async function modified(path: string): Promise<number | null> {
  const file = await stat(path).catch(() => null)
  return file?.isFile() ? file.mtimeMs : null
}
