/** Tells open pages which files of the site changed, as server-sent events. */

import { relative, sep } from 'node:path'
import { watch } from 'chokidar'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'

export interface Changes {
  /** `GET /api/changes`: an event for each page that changed, its address as data. */
  readonly app: Hono
  /** Tells the pages that are open of an address that changed. */
  readonly tell: (address: string) => void
  close(): Promise<void>
}

/** A proxy or a browser ends a stream on which nothing comes for long. */
const BEAT_MS = 20_000

/** @param site folder of the site; it may not be there yet */
export function createChanges(site: string): Changes {
  const listeners = new Set<(address: string) => void>()
  const tell = (address: string) => {
    for (const listener of listeners) listener(address)
  }
  const watcher = watch(site, {
    ignoreInitial: true,
    followSymlinks: false,
    awaitWriteFinish: { stabilityThreshold: 150, pollInterval: 50 },
    ignored: (path, stats) => stats?.isFile() === true && !path.endsWith('.html'),
  })
  const changed = (path: string) => tell(`/${relative(site, path).split(sep).join('/')}`)
  watcher.on('add', changed)
  watcher.on('change', changed)
  const closing = new AbortController()
  const app = new Hono()
  app.get('/', (c) =>
    streamSSE(c, async (stream) => {
      const listener = (address: string) => {
        stream.writeSSE({ data: address }).catch(() => listeners.delete(listener))
      }
      listeners.add(listener)
      const ended = new Promise<void>((resolve) => {
        stream.onAbort(resolve)
        closing.signal.addEventListener('abort', () => resolve(), { once: true })
      })
      const beat = setInterval(() => {
        stream.writeSSE({ event: 'beat', data: '' }).catch(() => {})
      }, BEAT_MS)
      await ended
      clearInterval(beat)
      listeners.delete(listener)
    }),
  )
  return {
    app,
    tell,
    close: async () => {
      closing.abort()
      await watcher.close()
    },
  }
}

/** Calls back with the path of each MDX file of a folder that changes; resolves to what ends it. */
export function watchPages(folder: string, changed: () => void): () => Promise<void> {
  const watcher = watch(folder, {
    ignoreInitial: true,
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 50 },
    ignored: (path, stats) => stats?.isFile() === true && !path.endsWith('.mdx'),
  })
  for (const event of ['add', 'change', 'unlink'] as const) watcher.on(event, changed)
  return () => watcher.close()
}
