/** Objects that come over connections which drop: the rest is asked for, of the same version. */

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CancelledError, PreconditionFailedError } from '../../../lib/core/errors.ts'
import { resumedBody } from '../../../lib/publish/resumed-body.ts'
import { s3Store } from '../../../lib/publish/s3.ts'
import { s3Client } from '../../../lib/publish/s3-client.ts'

const BODY = Uint8Array.from({ length: 50_000 }, (_, at) => (at * 7) % 251)

interface Asked {
  readonly range: string | undefined
  readonly ifMatch: string | undefined
}

describe('an S3 that drops connections', () => {
  let asked: Asked[]
  /** Of each answer how many bytes come before the connection drops. */
  let sent: number[]
  let etag: string

  const server = createServer((request, response) => {
    const { range, 'if-match': ifMatch } = request.headers
    asked.push({ range, ifMatch: typeof ifMatch === 'string' ? ifMatch : undefined })
    if (ifMatch !== undefined && ifMatch !== etag) {
      response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>')
      return
    }
    const [, from = 0, to = BODY.length - 1] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? []
    answer(response, Number(from), Number(to) + 1, range !== undefined)
  })

  function answer(response: ServerResponse, start: number, end: number, isPart: boolean) {
    const headers = { etag, 'content-length': end - start }
    const contentRange = `bytes ${start}-${end - 1}/${BODY.length}`
    response.writeHead(isPart ? 206 : 200, {
      ...headers,
      ...(isPart ? { 'content-range': contentRange } : {}),
    })
    const most = sent.shift() ?? Number.POSITIVE_INFINITY
    if (most >= end - start) response.end(BODY.subarray(start, end))
    else response.write(BODY.subarray(start, start + most), () => response.destroy())
  }

  beforeEach(async () => {
    asked = []
    sent = []
    etag = '"v1"'
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })

  const open = (options = {}) => {
    const { port } = server.address() as AddressInfo
    const client = s3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    })
    return s3Store({ client, bucket: 'uploads', firstPauseMs: 1, ...options })
  }

  it('gives an object whole, and tells each byte once', async () => {
    sent = [20_000, 10_000]
    let received = 0
    const stored = await open({ received: (bytes: number) => (received += bytes) }).get('a')
    expect(Buffer.compare(stored!.body, BODY)).toBe(0)
    expect(asked).toEqual([
      { range: undefined, ifMatch: undefined },
      { range: 'bytes=20000-49999', ifMatch: '"v1"' },
      { range: 'bytes=30000-49999', ifMatch: '"v1"' },
    ])
    expect(received).toBe(BODY.length)
  })

  it('gives a part of an object whole', async () => {
    sent = [500]
    const part = await open().getRange('a', 1000, 3000)
    expect(Buffer.compare(part!, BODY.subarray(1000, 3000))).toBe(0)
    expect(asked.map(({ range }) => range)).toEqual(['bytes=1000-2999', 'bytes=1500-2999'])
  })

  it('never puts two versions together', async () => {
    sent = [500]
    const reading = open({ received: () => (etag = '"v2"') }).get('a')
    await expect(reading).rejects.toBeInstanceOf(PreconditionFailedError)
  })

  it('is given up on after five new tries in a row', async () => {
    sent = Array(10).fill(100)
    await expect(open().get('a')).rejects.toMatchObject({
      code: 'connection-dropped',
      retryable: true,
      message: 'a of bucket uploads: 600 of 50000 bytes came, and the connection broke off 6 times',
    })
    expect(asked).toHaveLength(6)
  })

  it('is stopped by the signal', async () => {
    const stop = new AbortController()
    const store = open({ signal: stop.signal, received: () => stop.abort() })
    await expect(store.get('a')).rejects.toBeInstanceOf(CancelledError)
    await expect(store.get('a')).rejects.toBeInstanceOf(CancelledError)
    await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toBeInstanceOf(
      CancelledError,
    )
    expect(asked).toHaveLength(1)
  })
})

describe('a body that comes in pieces', () => {
  const MIB = 2 ** 20
  /** Each connection gives so many bytes. */
  const dripping = (each: number) => {
    let asked = 0
    const ask = async function* (): AsyncGenerator<Uint8Array> {
      asked += 1
      yield new Uint8Array(each)
    }
    return { ask: async () => ask(), count: () => asked }
  }

  it('may drop any number of times as long as a mebibyte comes in between', async () => {
    const { ask, count } = dripping(MIB)
    await resumedBody('a', 20 * MIB, ask, { firstPauseMs: 0 })
    expect(count()).toBe(20)
  })

  it('may not where less does', async () => {
    const { ask, count } = dripping(MIB - 1)
    const reading = resumedBody('a', 20 * MIB, ask, { firstPauseMs: 0 })
    await expect(reading).rejects.toMatchObject({ code: 'connection-dropped' })
    expect(count()).toBe(6)
  })

  it('is asked for as long as it is not whole, and never past that', async () => {
    expect(await resumedBody('a', 0, () => Promise.reject(new Error('asked')))).toHaveLength(0)
    const { ask } = dripping(3)
    await expect(resumedBody('a', 4, ask, { firstPauseMs: 0 })).rejects.toMatchObject({
      code: 'longer-than-said',
    })
  })

  it('that came whole and is not what was sent is not asked for again', async () => {
    let asked = 0
    const ask = async () => {
      asked += 1
      return (async function* () {
        yield new Uint8Array(4)
        throw new Error('checksum mismatch')
      })()
    }
    await expect(resumedBody('a', 4, ask)).rejects.toThrow('checksum mismatch')
    expect(asked).toBe(1)
  })
})
