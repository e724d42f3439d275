/** The log of a deployed function: a JSON object a line, each with the call that it is of. */

import { logJson } from '../lib/core/escape.ts'
import { type Log, withFields } from '../lib/core/log.ts'

/** A process serves one call at a time. */
const call: { requestId?: string } = {}

export const functionLog = withFields(
  jsonLog((line) => process.stdout.write(line)),
  call,
)

/** Lines from now on are of this call; Lambda's own lines name it `RequestId`. */
export function logCall({ awsRequestId }: { readonly awsRequestId?: string } = {}): void {
  if (awsRequestId === undefined) delete call.requestId
  else call.requestId = awsRequestId
}

/** One JSON object a line, as log services take it apart. */
export function jsonLog(write: (line: string) => void): Log {
  const at =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}) =>
      write(`${logJson(JSON.stringify({ level, message, ...fields }))}\n`)
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
