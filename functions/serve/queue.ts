/** Runs whose uploads changed, evaluated one at a time, each once its files have come to rest. */

export interface RunName {
  readonly project: string
  readonly run: string
}

export interface QueueOptions {
  /** How long a run's files must be at rest. */
  readonly restMs: number
  /** The same once a file says that the upload is complete, and whether one does. */
  readonly ready?: { readonly restMs: number; readonly says: (key: string) => boolean }
  /** Evaluates the run; what it throws goes to `failed`, and the queue goes on. */
  readonly evaluate: (run: RunName, keys: readonly string[]) => Promise<void>
  readonly failed: (run: RunName, error: unknown) => void
}

export interface Queue {
  /** Notes that the object `key` of the run changed. */
  add(run: RunName, key: string): void
  /** Takes no more, forgets what waits, and resolves when the evaluation that runs has ended. */
  close(): Promise<void>
  /** Runs that wait, in the order in which they will be evaluated. */
  waiting(): readonly RunName[]
}

interface Entry {
  readonly name: RunName
  readonly keys: Set<string>
  timer: NodeJS.Timeout | null
}

export function createQueue({ restMs, ready, evaluate, failed }: QueueOptions): Queue {
  const entries = new Map<string, Entry>()
  let working: Promise<void> | null = null
  let closed = false

  /** Takes the first entry that has come to rest, until there is none. */
  async function work(): Promise<void> {
    for (;;) {
      const next = [...entries].find(([, entry]) => entry.timer === null)
      if (next === undefined) break
      const [id, { name, keys }] = next
      entries.delete(id)
      try {
        await evaluate(name, [...keys])
      } catch (error) {
        failed(name, error)
      }
    }
    working = null
  }

  return {
    add(name, key) {
      if (closed) return
      const id = `${name.project}/${name.run}`
      const entry = entries.get(id) ?? { name, keys: new Set(), timer: null }
      entry.keys.add(key)
      if (entry.timer !== null) clearTimeout(entry.timer)
      entry.timer = setTimeout(
        () => {
          entry.timer = null
          working ??= work()
        },
        ready && [...entry.keys].some(ready.says) ? ready.restMs : restMs,
      )
      entries.set(id, entry)
    },
    async close() {
      closed = true
      for (const { timer } of entries.values()) if (timer !== null) clearTimeout(timer)
      entries.clear()
      await working
    },
    waiting: () => [...entries.values()].map(({ name }) => name),
  }
}
