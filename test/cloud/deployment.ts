/** The real serverless.yml, deployed to a cloud of the test's own, and the ways to look into it. */

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { S3Client } from '@aws-sdk/client-s3'
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs'
import { run } from '../../infra/command.mjs'
import { ministackProblem, startMinistack } from '../../infra/local-cloud/ministack.mjs'
import type { Store } from '../../lib/core/store.ts'
import { s3Store } from '../../lib/publish/s3.ts'
import { s3Client } from '../../lib/publish/s3-client.ts'

const root = resolve(import.meta.dirname, '../..')
const osls = join(root, 'infra/serverless/node_modules/.bin/osls')
const REGION = 'us-east-1'
const ACCOUNT = '000000000000'

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

export interface Deployment {
  readonly endpoint: string
  readonly s3: S3Client
  readonly sqs: SQSClient
  readonly uploads: Store
  readonly site: Store
  readonly vault: Store
  readonly uploadsBucket: string
  readonly queueUrl: string
  readonly deadLettersUrl: string
  readonly apiToken: string
  /** How many messages the queue holds, in whatever state. */
  messages(queueUrl: string): Promise<number>
  /** Asks the deployed HTTP API, through its gateway. */
  api(path: string, options?: ApiRequest): Promise<Answer>
  /** The lines that a function logged, where they are JSON. */
  logs(functionName: FunctionName): Promise<Record<string, unknown>[]>
  /** The executions of the state machine, and with a name those that its map started. */
  executions(of?: string): Promise<Execution[]>
  /** Ends a process that runs the function, if there is one: what a broken machine does to a call. */
  breakFunction(functionName: FunctionName): Promise<boolean>
  stop(): Promise<void>
}

export type FunctionName = 'onUpload' | 'plan' | 'shard' | 'merge' | 'api'

export interface Execution {
  readonly name: string
  readonly status: string
  /** Errors that its steps met, whether they were tried again or not. */
  readonly errors: readonly string[]
}

export interface ApiRequest {
  readonly method?: string
  readonly token?: string
  readonly body?: unknown
}

/** Why nothing can be deployed here, or null. */
export async function deploymentProblem(): Promise<string | null> {
  if (!existsSync(osls)) {
    return "the deployment tools aren't installed; install them with `npm ci --prefix infra/serverless`"
  }
  return ministackProblem()
}

/** @param parameters of serverless.yml, other than its own */
export async function deploy(parameters: Record<string, string> = {}): Promise<Deployment> {
  await run(process.execPath, [join(root, 'infra/build.mjs')], { cwd: root })
  const cloud = await startMinistack()
  try {
    const given = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`)
    await run(osls, ['deploy', ...given], { cwd: root, env: cloud.env, timeoutMs: 240_000 })
    return await lookInto(cloud)
  } catch (error) {
    await cloud.stop()
    throw new Error(`the deployment failed; the cloud wrote:\n${cloud.output().slice(-4000)}`, {
      cause: error,
    })
  }
}

async function lookInto(cloud: Awaited<ReturnType<typeof startMinistack>>): Promise<Deployment> {
  const { endpoint, port } = cloud
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const s3 = s3Client({ endpoint, region: REGION, credentials })
  const sqs = new SQSClient({ endpoint, region: REGION, credentials })
  const bucket = (name: string) => `nearmiss-dev-${name}-${ACCOUNT}-${REGION}`
  const queueUrl = async (name: string) =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: `nearmiss-dev-${name}` }))).QueueUrl ?? ''
  const secret = await call('secretsmanager', 'secretsmanager.GetSecretValue', {
    SecretId: 'nearmiss/dev/api-token',
  })
  const { items } = (await (
    await fetch(`${endpoint}/v2/apis`, { headers: signature('apigateway') })
  ).json()) as { items: { apiId: string; apiEndpoint: string }[] }
  const host = new URL(items[0]?.apiEndpoint ?? '').host

  return {
    endpoint,
    s3,
    sqs,
    uploads: s3Store({ client: s3, bucket: bucket('uploads') }),
    site: s3Store({ client: s3, bucket: bucket('site') }),
    vault: s3Store({ client: s3, bucket: bucket('uploads'), prefix: 'vault' }),
    uploadsBucket: bucket('uploads'),
    queueUrl: await queueUrl('uploads'),
    deadLettersUrl: await queueUrl('dead-letters'),
    apiToken: String(secret.SecretString),
    async messages(url) {
      const names = [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ] as const
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
      )
      return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0)
    },
    // Not fetch, which sets the header Host by itself.
    api: (path, { method = 'GET', token, body } = {}) =>
      new Promise((settle, reject) => {
        const headers = {
          host,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        }
        const sent = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (chunk: string) => {
            text += chunk
          })
          response.on('end', () => {
            try {
              settle({ status: response.statusCode ?? 0, body: JSON.parse(text) })
            } catch {
              reject(new Error(`${method} ${path}: ${response.statusCode}, no JSON: ${text}`))
            }
          })
        })
        sent.on('error', reject)
        sent.end(body === undefined ? undefined : JSON.stringify(body))
      }),
    async logs(functionName) {
      const { events } = await call('logs', 'Logs_20140328.FilterLogEvents', {
        logGroupName: `/aws/lambda/nearmiss-dev-${functionName}`,
      })
      return (events as { message: string }[]).flatMap(({ message }) =>
        message.split('\n').flatMap((line) => {
          const start = line.indexOf('{"level"')
          return start < 0 ? [] : [JSON.parse(line.slice(start)) as Record<string, unknown>]
        }),
      )
    },
    async executions(of) {
      const stateMachineArn = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:nearmiss-dev-shards`
      const states = (action: string, body: unknown) =>
        call('states', `AWSStepFunctions.${action}`, body) as Promise<Record<string, never[]>>
      let filter: Record<string, string> = { stateMachineArn }
      if (of !== undefined) {
        const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${of}`
        const { mapRuns = [] } = await states('ListMapRuns', { executionArn })
        const [mapRun] = mapRuns as { mapRunArn: string }[]
        if (mapRun === undefined) return []
        filter = { mapRunArn: mapRun.mapRunArn }
      }
      const { executions = [] } = await states('ListExecutions', { ...filter, maxResults: 1000 })
      return Promise.all(
        (executions as { executionArn: string; name: string; status: string }[]).map(
          async ({ executionArn, name, status }) => {
            const history = await states('GetExecutionHistory', { executionArn, maxResults: 1000 })
            const events = (history.events ?? []) as Record<
              string,
              { error?: string; cause?: string }
            >[]
            const errors = events.flatMap(({ taskFailedEventDetails }) =>
              taskFailedEventDetails === undefined
                ? []
                : [`${taskFailedEventDetails.error}: ${taskFailedEventDetails.cause}`],
            )
            return { name, status, errors }
          },
        ),
      )
    },
    async breakFunction(functionName) {
      const folder = join(cloud.home, `ministack-lambda-nearmiss-dev-${functionName}-`)
      const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,args='])
      const line = stdout.split('\n').find((one) => one.includes(folder))
      if (line === undefined) return false
      process.kill(Number.parseInt(line, 10), 'SIGKILL')
      return true
    },
    async stop() {
      s3.destroy()
      sqs.destroy()
      await cloud.stop()
    },
  }

  /** Services whose client isn't installed for the sake of one call. */
  async function call(service: string, target: string, body: unknown) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        ...signature(service),
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.1',
      },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${target}: ${response.status} ${await response.text()}`)
    return (await response.json()) as Record<string, unknown>
  }
}

/** The local cloud reads the service from it, and checks nothing. */
function signature(service: string): Record<string, string> {
  const scope = `test/20260101/${REGION}/${service}/aws4_request`
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
  }
}

/** Asks until there is an answer that isn't null; says what was awaited where none comes. */
export async function eventually<T>(
  awaited: string,
  ask: () => Promise<T | null>,
  patienceMs = 120_000,
): Promise<T> {
  const deadlineMs = Date.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() > deadlineMs) throw new Error(`${awaited}: not within ${patienceMs / 1000} s`)
    await sleep(250)
  }
}
