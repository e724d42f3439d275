/** A web server, on 127.0.0.1 unless it is told otherwise, on the first port from the wanted one that is free. */

import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import { UsageError } from '../../lib/core/errors.ts'

const TRIED_PORTS = 20

export interface Listening {
  readonly port: number
  /** Ends open connections too. */
  close(): Promise<void>
}

export interface ListenOptions {
  /** An address of this machine; `0.0.0.0` is all of them. */
  readonly host?: string
  /** How many ports are tried, one after the other. */
  readonly ports?: number
}

export async function listen(
  app: Hono,
  wanted: number,
  { host = '127.0.0.1', ports = TRIED_PORTS }: ListenOptions = {},
): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // A large upload over a slow line may take longer than Node's five minutes.
  server.requestTimeout = 0
  const last = Math.min(65_535, wanted + ports - 1)
  for (let port = wanted; port <= last; port++) {
    if (!(await isFree(server, port, host))) continue
    const address = server.address() as AddressInfo
    return { port: address.port, close: () => closed(server) }
  }
  throw new UsageError(
    'no-port',
    last === wanted ? `port ${wanted} is taken` : `no port from ${wanted} to ${last} is free`,
    {
      hint: 'give another one: --port N',
    },
  )
}

/** Starts to listen; false where the port is taken. */
function isFree(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    }
    const listening = () => {
      server.off('error', failed)
      resolve(true)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen(port, host)
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
