import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { startExecution } from '../../../functions/start-execution.ts'
import { StoreError, StoreRefusedError, UsageError } from '../../../lib/core/errors.ts'

const ARN = 'arn:aws:states:eu-central-1:123456789012:stateMachine:nearmiss-prod-shards'

interface Asked {
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

let server: Server | undefined

afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Answers as told, the last answer again and again; says what it was asked. */
async function serviceThatAnswers(...answers: readonly (readonly [number, string])[]) {
  const asked: Asked[] = []
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      asked.push({ headers: request.headers, text })
      const [status, body] = answers[Math.min(asked.length, answers.length) - 1]!
      response.writeHead(status).end(body)
    })
  })
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
  }
  return { asked, env }
}

/** Signature version 4, step by step as its description has it, of what was sent. */
function signatureOf(headers: IncomingHttpHeaders, body: string): string {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex')
  const hmac = (key: string | Buffer, text: string) =>
    createHmac('sha256', key).update(text).digest()
  const [, scope = '', names = ''] =
    /Credential=[^/]+\/([^,]+), SignedHeaders=([^,]+)/.exec(headers.authorization!) ?? []
  const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`)
  const request = ['POST', '/', '', lines.join(''), names, hash(body)].join('\n')
  const key = scope.split('/').reduce<string | Buffer>(hmac, 'AWS4secret')
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(request)].join('\n')
  return hmac(key, text).toString('hex')
}

describe('starting a state machine', () => {
  it('names machine, execution and input, and signs it with the role of the function', async () => {
    const { asked, env } = await serviceThatAnswers([200, '{}'])
    await startExecution(env, ARN, 'digits-run-1', { project: 'digits' })
    expect(asked).toEqual([
      {
        text: JSON.stringify({
          stateMachineArn: ARN,
          name: 'digits-run-1',
          input: '{"project":"digits"}',
        }),
        headers: expect.objectContaining({
          'x-amz-target': 'AWSStepFunctions.StartExecution',
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-security-token': 'session',
          'x-amz-date': expect.stringMatching(/^\d{8}T\d{6}Z$/),
          authorization: expect.stringMatching(
            /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/states\/aws4_request, SignedHeaders=[a-z0-9;-]*host;[a-z0-9;-]*, Signature=[0-9a-f]{64}$/,
          ),
        }),
      },
    ])
    const { headers, text } = asked[0]!
    expect(headers.authorization).toMatch(new RegExp(`Signature=${signatureOf(headers, text)}$`))
  })

  it('waits no longer than it may for an answer, and asks again', async () => {
    const { asked, env } = await serviceThatAnswers([200, '{}'])
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort())
    await startExecution(env, ARN, 'a', {})
    expect(timeout.mock.calls).toEqual([[10_000], [10_000]])
    timeout.mockRestore()
    expect(asked).toHaveLength(1)
  })

  it('is content where there is an execution of that name', async () => {
    const { asked, env } = await serviceThatAnswers([
      400,
      '{"__type":"ExecutionAlreadyExists","message":"Execution Already Exists"}',
    ])
    await startExecution(env, ARN, 'digits-run-1', {})
    expect(asked).toHaveLength(1)
  })

  it('asks again where the service has trouble, and then gives up until the message comes back', async () => {
    const recovered = await serviceThatAnswers(
      [503, 'down'],
      [400, '{"__type":"ThrottlingException"}'],
      [200, '{}'],
    )
    await startExecution(recovered.env, ARN, 'a', {})
    expect(recovered.asked).toHaveLength(3)
    server?.close()
    const { asked, env } = await serviceThatAnswers([500, 'down'])
    const starting = startExecution(env, ARN, 'a', {})
    await expect(starting).rejects.toThrow(StoreError)
    await expect(starting).rejects.toThrow(`states:StartExecution on ${ARN}: 500 down`)
    expect(asked).toHaveLength(4)
  })

  it('says what is refused, and by whom it has to be allowed', async () => {
    const { asked, env } = await serviceThatAnswers([
      400,
      '{"__type":"AccessDeniedException","message":"User: role is not authorized"}',
    ])
    const starting = startExecution(env, ARN, 'a', {})
    await expect(starting).rejects.toThrow(StoreRefusedError)
    await expect(starting).rejects.toThrow(/AccessDeniedException.*not authorized/)
    expect(asked).toHaveLength(1)
  })

  it('names the variable that is not set', async () => {
    await expect(startExecution({ AWS_REGION: 'eu-central-1' }, ARN, 'a', {})).rejects.toThrow(
      UsageError,
    )
  })
})
