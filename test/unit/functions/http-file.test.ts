/** Files behind addresses: what is asked for, and what becomes of servers and connections that fail. */

import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { HTTP_KEY, openHttpFile } from '../../../functions/commands/places/http-file.ts'
import { httpTarget } from '../../../functions/commands/places/http-request.ts'
import { CancelledError, PreconditionFailedError } from '../../../lib/core/errors.ts'
import { type FileServer, rangeOf, sendPart, startFileServer } from './file-server.ts'

const BODY = Uint8Array.from({ length: 100_000 }, (_, at) => (at * 7) % 251)

let server: FileServer

const openFile = async (...args: Parameters<typeof openHttpFile>) =>
  (await openHttpFile(...args)).store
afterEach(() => server.stop())

const serve = async (answer: Parameters<typeof startFileServer>[0]) => {
  server = await startFileServer(answer)
  return server
}
const open = (path = '/a/data.parquet', options = {}) =>
  openFile(httpTarget(`${server.address}${path}`), { firstPauseMs: 1, ...options })
const equal = (bytes: Uint8Array | null | undefined, expected: Uint8Array) =>
  expect(Buffer.compare(bytes ?? new Uint8Array(0), expected)).toBe(0)

describe('a server that gives parts', () => {
  it('is asked for those, of the version that was opened', async () => {
    await serve((request, response) => sendPart(request, response, BODY))
    const file = await open()
    expect(await file.head(HTTP_KEY)).toMatchObject({ byteLength: BODY.length, etag: 'v1' })
    equal(await file.getRange(HTTP_KEY, 50, 1050, { ifMatch: 'v1' }), BODY.subarray(50, 1050))
    equal((await file.get(HTTP_KEY))?.body, BODY)
    const ranges = server.asked.map(({ range }) => range)
    expect(ranges).toEqual(['bytes=0-0', 'bytes=0-0', 'bytes=50-1049', 'bytes=0-99999'])
    expect(server.asked.at(-1)!.headers['if-range']).toBe('"v1"')
    await expect(file.getRange(HTTP_KEY, 0, BODY.length + 1)).rejects.toMatchObject({
      code: 'range-past-end',
    })
  })

  it('is asked for the rest where the connection drops', async () => {
    await serve((request, response, count) =>
      sendPart(request, response, BODY, count > 1 && count < 4 ? { ends: 30_000 } : {}),
    )
    const received: number[] = []
    const file = await open('/a', { received: (bytes: number) => received.push(bytes) })
    equal((await file.get(HTTP_KEY))?.body, BODY)
    const starts = server.asked.map(({ range }) => range!.split(/[=-]/)[1])
    expect(starts).toEqual(['0', '0', '30000', '60000'])
    expect(received.reduce((sum, bytes) => sum + bytes, 0)).toBe(BODY.length)
  })

  it('is given up on where it keeps dropping the connection', async () => {
    await serve((request, response, count) =>
      sendPart(request, response, BODY, count > 1 ? { ends: 1000 } : {}),
    )
    const file = await open('/a.npz')
    await expect(file.get(HTTP_KEY)).rejects.toThrow(
      `${server.address}/a.npz: 6000 of 100000 bytes came, and the connection broke off 6 times`,
    )
    expect(server.asked).toHaveLength(7)
  })

  it.each([
    ['says so by If-Range', (_: number) => undefined],
    [
      'gives parts of another version all the same',
      (count: number) => (count > 1 ? 'part' : undefined),
    ],
  ])('that has another file by now, and %s, is noticed', async (_, mode) => {
    await serve((request, response, count) => {
      if (mode(count) === 'part') delete request.headers['if-range']
      sendPart(request, response, BODY, { etag: count > 1 ? '"v2"' : '"v1"' })
    })
    const file = await open()
    await expect(file.getRange(HTTP_KEY, 0, 10)).rejects.toBeInstanceOf(PreconditionFailedError)
    expect(await file.head(HTTP_KEY)).toMatchObject({ etag: 'v2' })
  })

  it('and other bytes than those that were asked for is not believed', async () => {
    await serve((request, response, count) => {
      if (count > 1) request.headers.range = 'bytes=5-14'
      sendPart(request, response, BODY)
    })
    const file = await open()
    await expect(file.getRange(HTTP_KEY, 0, 10)).rejects.toBeInstanceOf(PreconditionFailedError)
  })

  it('and more bytes than it promised is told', async () => {
    await serve((request, response, count) => {
      if (count === 1) return sendPart(request, response, BODY)
      const headers = { etag: '"v1"', 'content-range': 'bytes 0-9/100000' }
      response.writeHead(206, headers).end(BODY.subarray(0, 11))
    })
    await expect((await open()).getRange(HTTP_KEY, 0, 10)).rejects.toMatchObject({
      code: 'longer-than-said',
    })
  })

  it('and nothing to tell versions by is asked for the whole, once', async () => {
    await serve((request, response) => {
      const range = rangeOf(request)
      if (range === null) return response.end(BODY)
      response
        .writeHead(206, { 'content-range': `bytes 0-0/${BODY.length}` })
        .end(BODY.subarray(0, 1))
    })
    const file = await open()
    equal((await file.get(HTTP_KEY))?.body, BODY)
    expect(server.asked.map(({ range }) => range)).toEqual(['bytes=0-0', undefined])
  })

  it('may hold an empty file', async () => {
    await serve((_, response) =>
      response.writeHead(416, { etag: '"0"', 'content-range': 'bytes */0' }).end(),
    )
    const file = await open()
    expect(await file.head(HTTP_KEY)).toMatchObject({ byteLength: 0 })
    expect((await file.get(HTTP_KEY))?.body).toHaveLength(0)
  })
})

describe('a server that gives no parts', () => {
  it('is read once, and the file counts by its content', async () => {
    await serve((_, response) => response.end(BODY))
    const file = await open()
    equal(await file.getRange(HTTP_KEY, 7, 70), BODY.subarray(7, 70))
    equal((await file.get(HTTP_KEY))?.body, BODY)
    expect(server.asked).toHaveLength(1)
  })

  it('is asked again where the connection drops, three times in all', async () => {
    let failures = 2
    await serve((_, response) => {
      response.writeHead(200, { 'content-length': BODY.length })
      if (failures-- > 0) response.write(BODY.subarray(0, 10), () => response.destroy())
      else response.end(BODY)
    })
    equal((await (await open()).get(HTTP_KEY))?.body, BODY)
    failures = 3
    await expect(open()).rejects.toThrow(/broke off after \d+ bytes of 100000, 3 times/)
  })

  it('and packs what it sends is unpacked', async () => {
    await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(BODY)),
    )
    equal((await (await open()).get(HTTP_KEY))?.body, BODY)
  })

  it('and says that it is larger than what is read as a whole is not listened to further', async () => {
    await serve((_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 31 }).write('x')
    })
    await expect(open()).rejects.toMatchObject({ code: 'file-too-large' })
  })

  it('and answers with a page is told apart from a file', async () => {
    await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<p>'),
    )
    await expect(open()).rejects.toMatchObject({ code: 'web-page' })
  })
})

describe('what is refused', () => {
  it.each([
    [404, 'not-found'],
    [410, 'not-found'],
    [401, 'access-denied'],
    [403, 'access-denied'],
    [400, 'store-failed'],
  ])('HTTP %i is told as %s, at once', async (status, code) => {
    await serve((_, response) => response.writeHead(status).end())
    await expect(open()).rejects.toMatchObject({ code })
    expect(server.asked).toHaveLength(1)
  })

  it.each([429, 500, 503])('HTTP %i may pass, and is asked again', async (status) => {
    await serve((request, response, count) => {
      if (count < 3) response.writeHead(status).end()
      else sendPart(request, response, BODY)
    })
    expect(await (await open()).head(HTTP_KEY)).toMatchObject({ byteLength: BODY.length })
  })

  it('tells no password, no signature and no address that it was sent to', async () => {
    await serve((request, response) => {
      if (request.url?.startsWith('/hidden')) response.writeHead(403).end()
      else response.writeHead(302, { location: '/hidden?token=ghi' }).end()
    })
    const target = httpTarget(`${server.address.replace('//', '//abc:d%20ef@')}/a.npz?sig=xyz#q`)
    const error = await openFile(target).catch((error: unknown) => error)
    expect(error).toMatchObject({ issues: [{ where: `${server.address}/a.npz` }] })
    expect(JSON.stringify(error)).not.toMatch(/abc|ef@|xyz|ghi|hidden/)
    expect(server.asked[0]!.headers.authorization).toBe(
      `Basic ${Buffer.from('abc:d ef').toString('base64')}`,
    )
    expect(server.asked[0]!.url).toBe('/a.npz?sig=xyz')
  })

  it('follows five redirects, and tells no other host who asks', async () => {
    const other = await startFileServer((request, response) => sendPart(request, response, BODY))
    let redirects = 5
    await serve((request, response) => {
      const left = Number(request.url!.slice(1))
      const location = left > 1 ? `/${left - 1}` : `${other.address}/end`
      response.writeHead(307, { location }).end()
    })
    const at = () => httpTarget(`${server.address.replace('//', '//me:pw@')}/${redirects}`)
    expect(await (await openFile(at())).head(HTTP_KEY)).toMatchObject({ etag: 'v1' })
    expect(other.asked[0]!.headers.authorization).toBeUndefined()
    redirects = 6
    await expect(openHttpFile(at())).rejects.toMatchObject({ code: 'redirect-refused' })
    await other.stop()
  })

  it.each([
    'http://example.com/x',
    'ftp://127.0.0.1/x',
    'file:///etc/passwd',
    'http://169.254.169.254/latest/meta-data/',
  ])('follows no redirect to %s', async (location) => {
    await serve((_, response) => response.writeHead(302, { location }).end())
    await expect(open()).rejects.toMatchObject({ code: 'redirect-refused' })
    expect(server.asked).toHaveLength(1)
  })

  it('ends a silence, and tells it', async () => {
    await serve(() => {})
    await expect(open('/a', { idleTimeoutMs: 40 })).rejects.toThrow(
      /\/a can't be reached: nothing came for 0.04 s/,
    )
    expect(server.asked).toHaveLength(4)
  })

  it('waits for what comes slowly', async () => {
    await serve((_, response) => {
      response.writeHead(200, { 'content-length': 5 })
      const drip = (left: number) => {
        response.write('x')
        if (left > 1) setTimeout(drip, 400, left - 1)
      }
      drip(5)
    })
    const file = await open('/a', { idleTimeoutMs: 1500 })
    expect(await file.head(HTTP_KEY)).toMatchObject({ byteLength: 5 })
    expect(server.asked).toHaveLength(1)
  })

  it('asks for the rest where the silence comes in the middle', async () => {
    await serve((request, response, count) => {
      if (count !== 2) return sendPart(request, response, BODY)
      response.writeHead(206, {
        etag: '"v1"',
        'content-range': `bytes 0-99999/100000`,
        'content-length': 100_000,
      })
      response.write(BODY.subarray(0, 10))
    })
    const file = await open('/a', { idleTimeoutMs: 100 })
    equal((await file.get(HTTP_KEY))?.body, BODY)
    expect(server.asked.at(-1)!.range).toBe('bytes=10-99999')
  })

  it('stops in the middle where it is told to', async () => {
    await serve((request, response, count) => {
      if (count === 1) return sendPart(request, response, BODY)
      response.writeHead(206, { etag: '"v1"', 'content-range': 'bytes 0-99999/100000' })
      response.write(BODY.subarray(0, 10))
    })
    const stop = new AbortController()
    const file = await open('/a', { signal: stop.signal, received: () => stop.abort() })
    await expect(file.get(HTTP_KEY)).rejects.toBeInstanceOf(CancelledError)
    await expect(file.get(HTTP_KEY)).rejects.toBeInstanceOf(CancelledError)
  })

  it('tells a server that is not there by what the system says', async () => {
    await serve(() => {})
    await server.stop()
    await expect(open('/a.npz')).rejects.toThrow(
      `${server.address}/a.npz can't be reached: ECONNREFUSED`,
    )
    await serve(() => {})
  })
})
