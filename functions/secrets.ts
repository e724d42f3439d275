/** Secrets of Secrets Manager, as functions read them: kept for minutes, so that a changed one takes effect by itself. */

import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { StoreError } from '../lib/core/errors.ts'

const KEPT_MS = 5 * 60_000

export interface Secrets {
  /** The text of a secret, at most five minutes old; null where it has no value yet. Throws `StoreError`. */
  text(name: string): Promise<string | null>
  put(name: string, text: string): Promise<void>
}

/** @param now the time in milliseconds */
export function secretsManager(now: () => number = Date.now): Secrets {
  const client = new SecretsManagerClient({})
  const kept = new Map<string, { readonly text: string | null; readonly atMs: number }>()
  return {
    async text(name) {
      const known = kept.get(name)
      if (known !== undefined && now() - known.atMs < KEPT_MS) return known.text
      const text = await read(name).catch((error) => {
        // An old value serves better than none while the service is away.
        if (known !== undefined) return known.text
        throw new StoreError('secret-unreadable', `secret ${name}: ${reasonOf(error)}`, {
          hint: 'See that the secret exists, and that the role of the function may read it.',
          cause: error,
        })
      })
      kept.set(name, { text, atMs: now() })
      return text
    },
    async put(name, text) {
      await client.send(new PutSecretValueCommand({ SecretId: name, SecretString: text }))
      kept.set(name, { text, atMs: now() })
    },
  }

  async function read(name: string): Promise<string | null> {
    try {
      const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }))
      return SecretString ?? null
    } catch (error) {
      // So it says of a secret that exists and has no value.
      if (error instanceof ResourceNotFoundException && /staging label/.test(error.message))
        return null
      throw error
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
