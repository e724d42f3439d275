/** The option `--port`. */

import { UsageError } from '../../lib/core/errors.ts'

export const DEFAULT_PORT = 4173

export function portOf(value: string | undefined): number {
  if (value === undefined) return DEFAULT_PORT
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new UsageError(
    'wrong-usage',
    `--port is ${value}, and a number from 0 to 65535 is expected`,
  )
}
