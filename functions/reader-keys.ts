/**
 * The function that makes the keys of readers' tokens: the first ones at a deployment, a new one on
 * schedule. It keeps them in a secret, from which tokens are signed, and in CloudFront's key-value store,
 * by which they are checked.
 */

import '@aws-sdk/signature-v4a'
import {
  CloudFrontKeyValueStoreClient,
  type CloudFrontKeyValueStoreClientConfig,
  DescribeKeyValueStoreCommand,
  ListKeysCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore'
import type {
  CloudFormationCustomResourceEvent,
  Context as LambdaContext,
  ScheduledEvent,
} from 'aws-lambda'
import { type Environment, required, setting } from './context.ts'
import { functionLog as log, logCall } from './function-log.ts'
import { keysText, parseKeys } from './reader/key-text.ts'
import { keyValueName, newKey, type ReaderKeys, rotatedKeys } from './reader/keys.ts'
import { type Secrets, secretsManager } from './secrets.ts'

export async function handler(
  event: CloudFormationCustomResourceEvent | ScheduledEvent,
  lambda?: LambdaContext,
): Promise<void> {
  logCall(lambda)
  if (!('RequestType' in event)) return keepKeys(process.env, { rotate: true })
  // CloudFormation waits for an answer, and for an hour where none comes.
  const outcome = await (event.RequestType === 'Delete'
    ? Promise.resolve()
    : keepKeys(process.env, { rotate: false })
  ).then(
    () => ({ Status: 'SUCCESS' }),
    (error: unknown) => ({
      Status: 'FAILED',
      Reason: error instanceof Error ? error.message : String(error),
    }),
  )
  if ('Reason' in outcome) log.error("the readers' keys can't be made", { reason: outcome.Reason })
  await fetch(event.ResponseURL, {
    method: 'PUT',
    body: JSON.stringify({
      ...outcome,
      PhysicalResourceId: 'reader-keys',
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    }),
  })
}

/** Sees that there are keys, and that CloudFront has the very same; with `rotate` there is a new one. */
async function keepKeys(env: Environment, { rotate }: { rotate: boolean }): Promise<void> {
  const secrets = secretsManager()
  const secret = required(env, 'READER_KEYS_SECRET')
  const stored = await storedKeys(secrets, secret)
  const lifetimeMs = Number(setting(env, 'SIGN_IN_HOURS') ?? 12) * 3_600_000
  const now = new Date()
  const keys =
    stored.length === 0 ? [newKey(now)] : rotate ? rotatedKeys(stored, now, lifetimeMs) : stored
  // First where they are checked: no token is signed with a key that isn't known there.
  await putKeyValues(required(env, 'READER_KEY_VALUES'), keys)
  if (keys !== stored) await secrets.put(secret, keysText(keys))
  log.info("the readers' keys are kept", { keys: keys.length, rotated: rotate })
}

async function storedKeys(secrets: Secrets, name: string): Promise<ReaderKeys> {
  const text = await secrets.text(name)
  return text === null || text.trim() === '' ? [] : parseKeys(text)
}

async function putKeyValues(arn: string, keys: ReaderKeys): Promise<void> {
  const client = new CloudFrontKeyValueStoreClient(atEndpoint(process.env))
  const { ETag } = await client.send(new DescribeKeyValueStoreCommand({ KvsARN: arn }))
  const { Items = [] } = await client.send(new ListKeysCommand({ KvsARN: arn }))
  const wanted = new Map(keys.map(({ kid, key }) => [keyValueName(kid), key]))
  const names = Items.flatMap(({ Key }) => Key ?? [])
  await client.send(
    new UpdateKeysCommand({
      KvsARN: arn,
      IfMatch: ETag,
      Puts: [...wanted].map(([Key, Value]) => ({ Key, Value })),
      Deletes: names.filter((name) => !wanted.has(name)).map((Key) => ({ Key })),
    }),
  )
}

/** Another endpoint than Amazon's: the client would put the account before its name, and it may be a number. */
function atEndpoint(env: Environment): CloudFrontKeyValueStoreClientConfig {
  const address = setting(env, 'AWS_ENDPOINT_URL')
  return address === null ? {} : { endpointProvider: () => ({ url: new URL(address) }) }
}
