/** A server of files on this machine that does what a bad server or connection does. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly url: string
  readonly range: string | undefined
  readonly headers: IncomingMessage['headers']
}

export interface FileServer {
  readonly address: string
  readonly asked: readonly Asked[]
  stop(): Promise<void>
}

/** Answers with `answer`, and notes what was asked for. */
export async function startFileServer(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<FileServer> {
  const asked: Asked[] = []
  const server: Server = createServer((request, response) => {
    const { url = '', headers } = request
    asked.push({ url, range: headers.range, headers })
    answer(request, response, asked.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** First and last byte of what is asked for; null for the whole. */
export function rangeOf(request: IncomingMessage): readonly [start: number, end: number] | null {
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? []
  return from === undefined ? null : [Number(from), Number(to) + 1]
}

/** Gives parts of a file, as S3 does. */
export function sendPart(
  request: IncomingMessage,
  response: ServerResponse,
  body: Uint8Array,
  { etag = '"v1"', ends = Number.POSITIVE_INFINITY }: { etag?: string; ends?: number } = {},
): void {
  const asked = rangeOf(request)
  const ifRange = request.headers['if-range']
  if (asked === null || (ifRange !== undefined && ifRange !== etag)) {
    response.writeHead(200, { etag, 'content-length': body.length }).end(body)
    return
  }
  const [start, end] = [asked[0], Math.min(asked[1], body.length)]
  response.writeHead(206, {
    etag,
    'content-length': end - start,
    'content-range': `bytes ${start}-${end - 1}/${body.length}`,
  })
  if (end - start <= ends) response.end(body.subarray(start, end))
  else response.write(body.subarray(start, start + ends), () => response.destroy())
}
