/**
 * Starts a state machine: one call, signed by the SDK's own signer. `@aws-sdk/client-sfn` would be 110 kB
 * more of a function, and a further package of which the version has to follow that of `client-s3`.
 */

import { Sha256 } from '@smithy/core/checksum'
import { SignatureV4 } from '@smithy/signature-v4'
import { StoreError, StoreRefusedError } from '../lib/core/errors.ts'
import { type Environment, required, setting } from './context.ts'

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 200
/** A connection that went silent would hold the function until it is ended. */
const LONGEST_WAIT_MS = 10_000

/**
 * Starts an execution under a name, once: where there is, or within 90 days was, one of that name,
 * nothing happens. Credentials and region are those that Lambda puts into the environment. Throws
 * `StoreError` where the service doesn't answer, `StoreRefusedError` where it refuses.
 */
export async function startExecution(
  env: Environment,
  stateMachineArn: string,
  name: string,
  input: unknown,
): Promise<void> {
  const body = JSON.stringify({ stateMachineArn, name, input: JSON.stringify(input) })
  for (let attempt = 1; ; attempt++) {
    try {
      return await send(env, body, stateMachineArn)
    } catch (error) {
      if (!(error instanceof StoreError) || attempt === ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, FIRST_PAUSE_MS * 2 ** attempt))
    }
  }
}

async function send(env: Environment, body: string, stateMachineArn: string): Promise<void> {
  const region = required(env, 'AWS_REGION')
  const url = new URL(setting(env, 'AWS_ENDPOINT_URL') ?? `https://states.${region}.amazonaws.com/`)
  const signer = new SignatureV4({
    service: 'states',
    region,
    credentials: {
      accessKeyId: required(env, 'AWS_ACCESS_KEY_ID'),
      secretAccessKey: required(env, 'AWS_SECRET_ACCESS_KEY'),
      ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
    },
    sha256: Sha256,
  })
  const { headers } = await signer.sign({
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    headers: {
      host: url.host,
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'AWSStepFunctions.StartExecution',
    },
    body,
  })
  const { host: _, ...sent } = headers
  const action = `states:StartExecution on ${stateMachineArn}`
  let answer: Response
  let text: string
  try {
    answer = await fetch(url, {
      method: 'POST',
      headers: sent,
      body,
      signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    })
    text = await answer.text()
  } catch (error) {
    throw new StoreError('no-answer', `${action}: no answer`, { cause: error })
  }
  if (answer.ok || text.includes('ExecutionAlreadyExists')) return
  const message = `${action}: ${answer.status} ${text.slice(0, 500)}`
  if (answer.status >= 500 || answer.status === 429 || text.includes('Throttling')) {
    throw new StoreError('not-started', message)
  }
  throw new StoreRefusedError('not-started', message, {
    hint: 'Allow states:StartExecution on the state machine for whoever runs this.',
  })
}
