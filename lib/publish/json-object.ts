/** JSON objects that many writers change: read, change, write if nobody else did meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises'
import { canonicalJson, sha256 } from '../core/canonical.ts'
import type { Context } from '../core/context.ts'
import {
  CancelledError,
  PreconditionFailedError,
  StoreError,
  StoreRefusedError,
  throwIfCancelled,
} from '../core/errors.ts'
import type { Shape } from '../core/shape.ts'
import type { Store } from '../core/store.ts'
import { headersOf } from './keys.ts'

/** Of a context, what a contested write needs: waiting by chance, and stopping. */
export type UpdateContext = Pick<Context, 'random' | 'signal'>

export interface JsonObject<T> {
  readonly key: string
  /** What a person calls it: `project index`. */
  readonly title: string
  /** What its `schema` must be, such as `nearmiss.index/1`. */
  readonly schema: string
  readonly shape: Shape<T>
  /** Why it isn't what the key says, such as another project's, as the end of a sentence; null: it is. */
  readonly mismatch?: (value: T) => string | null
  /** What a person can do about one that can't be read. */
  readonly remedy: string
}

/** A JSON object that is changed, starting from `empty`. */
export interface UpdatedObject<T> extends JsonObject<T> {
  readonly empty: () => T
}

/** For what lies in a project's folder. */
export function otherProject(value: { readonly project: string }, project: string): string | null {
  return value.project === project
    ? null
    : `is of the project ${JSON.stringify(value.project)}, not "${project}"`
}

/** Each writer that loses reads again, so at worst this many writers get through at once. */
const MAX_ATTEMPTS = 100
const FIRST_WAIT_MS = 20
const LONGEST_WAIT_MS = 1_000

/** @throws StoreRefusedError `unreadable-object` where the object isn't what its key says. */
export async function readJson<T>(
  store: Store,
  object: JsonObject<T>,
): Promise<{ readonly value: T; readonly etag: string; readonly modifiedAt: string } | null> {
  const stored = await store.get(object.key)
  if (stored === null) return null
  const { etag, modifiedAt } = stored
  return { value: parse(store, object, stored.body), etag, modifiedAt }
}

/**
 * Changes the object, and resolves to what it is then. `change` is called again after each lost race,
 * and once more where a write succeeded but its answer was lost: applied twice, it must do no more
 * than once. Where it changes nothing, nothing is written.
 *
 * @throws StoreError `contested` after 100 lost races, `StoreRefusedError` as `readJson` does.
 */
export async function updateJson<T>(
  store: Store,
  object: UpdatedObject<T>,
  change: (value: T) => T,
  context: UpdateContext,
): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    throwIfCancelled(context.signal)
    const current = await readJson(store, object)
    const next = change(current?.value ?? object.empty())
    const body = `${canonicalJson(next)}\n`
    if (current && body === `${canonicalJson(current.value)}\n`) return next
    try {
      await store.put(object.key, body, {
        ...headersOf(object.key),
        ...(current ? { ifMatch: current.etag } : { ifAbsent: true }),
      })
      return next
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error
    }
    // Each writer writes something else, so each draws other waits from what it would have written.
    const random = context.random(Number.parseInt(sha256(`${attempt}${body}`).slice(0, 8), 16))
    await wait(random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt), context.signal)
  }
  throw contested(store, object)
}

/**
 * Makes the object anew, whatever is there; `build` is called again where somebody else changed it
 * meanwhile. One of a schema that isn't known here, say a newer version's, stays.
 *
 * @throws StoreRefusedError `unreadable-object` for such a schema.
 */
export async function rebuildJson<T>(
  store: Store,
  object: UpdatedObject<T>,
  build: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const current = await store.get(object.key)
    if (current !== null) checkReplaceable(store, object, current.body)
    const value = await build()
    const body = `${canonicalJson(value)}\n`
    if (current && new TextDecoder().decode(current.body) === body) return value
    try {
      await store.put(object.key, body, {
        ...headersOf(object.key),
        ...(current ? { ifMatch: current.etag } : { ifAbsent: true }),
      })
      return value
    } catch (error) {
      if (!(error instanceof PreconditionFailedError)) throw error
    }
  }
  throw contested(store, object)
}

function checkReplaceable<T>(store: Store, object: UpdatedObject<T>, body: Uint8Array): void {
  try {
    parse(store, object, body)
  } catch (error) {
    const [family] = object.schema.split('/')
    const text = new TextDecoder().decode(body)
    const schema = /"schema"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? object.schema
    if (schema !== object.schema && schema.startsWith(`${family}/`)) throw error
  }
}

function contested<T>(store: Store, object: UpdatedObject<T>): StoreError {
  return new StoreError(
    'contested',
    `the ${object.title} ${object.key} in ${store.name} changed ${MAX_ATTEMPTS} times while it was being updated`,
    { hint: 'Very many runs are being published at once. Try again.' },
  )
}

async function wait(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal })
  } catch {
    throw new CancelledError()
  }
}

function parse<T>(store: Store, object: JsonObject<T>, body: Uint8Array): T {
  const fail = (problem: string, cause?: unknown) =>
    new StoreRefusedError(
      'unreadable-object',
      `the ${object.title} ${object.key} in ${store.name} ${problem}`,
      {
        cause,
        hint: `It was left as it is. ${object.remedy}`,
      },
    )
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch (error) {
    throw fail(`is not JSON: ${error instanceof Error ? error.message : String(error)}`, error)
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw fail('is not a JSON object')
  }
  const { schema } = value as { schema?: unknown }
  if (schema !== object.schema) {
    throw fail(`has the schema ${JSON.stringify(schema) ?? 'none'}, not "${object.schema}"`)
  }
  const problem = object.shape.problem(value)
  if (problem !== null) throw fail(problem)
  const known = value as T
  const mismatch = object.mismatch?.(known) ?? null
  if (mismatch !== null) throw fail(mismatch)
  return known
}
