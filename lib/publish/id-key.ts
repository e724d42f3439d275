/** The key that ids and columns are hashed with: one a deployment, made when it is first asked for. */

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Context } from '../core/context.ts'
import { PreconditionFailedError } from '../core/errors.ts'
import { shapeOf } from '../core/shape.ts'
import type { Store } from '../core/store.ts'
import { type JsonObject, readJson } from './json-object.ts'
import { ID_KEY_KEY } from './keys.ts'

const STORED_KEY = z.object({
  schema: z.literal('nearmiss.id-key/1'),
  /** 64 hex digits, whose text is the key. */
  key: z.string().min(32, 'a text of 32 characters or more'),
})

type StoredKey = z.infer<typeof STORED_KEY>

const OBJECT: JsonObject<StoredKey> = {
  key: ID_KEY_KEY,
  title: 'key of hashed ids',
  schema: 'nearmiss.id-key/1',
  shape: shapeOf(() => STORED_KEY),
  remedy:
    'Restore it from a backup: with another key no row is found again in earlier runs. Delete it to go on with a new one.',
}

/** The key that the caller was given, else the vault's. */
export async function readIdKey({
  vault,
  idKey,
}: Pick<Context, 'vault' | 'idKey'>): Promise<string> {
  return idKey ?? (await readKey(vault)) ?? (await makeKey(vault))
}

async function readKey(vault: Store): Promise<string | null> {
  return (await readJson(vault, OBJECT))?.value.key ?? null
}

async function makeKey(vault: Store): Promise<string> {
  // Not the context's chance, which repeats by its seed: a key that can be computed hides nothing.
  const key = randomBytes(32).toString('hex')
  const made: StoredKey = { schema: 'nearmiss.id-key/1', key }
  try {
    await vault.put(ID_KEY_KEY, `${JSON.stringify(made)}\n`, {
      contentType: 'application/json',
      ifAbsent: true,
    })
    return key
  } catch (error) {
    if (!(error instanceof PreconditionFailedError)) throw error
    // Somebody else was first.
    return (await readKey(vault)) ?? (await makeKey(vault))
  }
}
