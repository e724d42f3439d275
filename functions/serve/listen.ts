/** A web server on 127.0.0.1, on the first port from the wanted one that is free. */

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

export async function listen(app: Hono, wanted: number): Promise<Listening> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  // A large upload over a slow line may take longer than Node's five minutes.
  server.requestTimeout = 0
  const last = Math.min(65_535, wanted + TRIED_PORTS - 1)
  for (let port = wanted; port <= last; port++) {
    if (!(await isFree(server, port))) continue
    const address = server.address() as AddressInfo
    return { port: address.port, close: () => closed(server) }
  }
  throw new UsageError('no-port', `no port from ${wanted} to ${last} is free`, {
    hint: 'give another one: --port N',
  })
}

/** Starts to listen; false where the port is taken. */
function isFree(server: Server, port: number): Promise<boolean> {
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
    server.listen(port, '127.0.0.1')
  })
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
