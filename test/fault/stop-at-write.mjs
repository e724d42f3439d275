/**
 * Loaded into the command before it starts (`node --import`): at its write of a given number below a
 * folder it gets a signal. Killed, it leaves the unfinished file and the lock of that write.
 *
 * STOP_FOLDER the folder; STOP_AT the number of the write, 0 for none; STOP_SIGNAL SIGKILL or SIGINT;
 * STOP_COUNT a file that is told how many writes there were.
 */

import { appendFileSync, promises, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { resolve, sep } from 'node:path'

const folder = `${resolve(process.env.STOP_FOLDER ?? '.')}${sep}`
const at = Number(process.env.STOP_AT ?? 0)
const signal = process.env.STOP_SIGNAL ?? 'SIGKILL'
const { rename } = promises
let writes = 0

promises.rename = async (from, to) => {
  if (String(to).startsWith(folder)) {
    writes++
    if (process.env.STOP_COUNT) writeFileSync(process.env.STOP_COUNT, String(writes))
    if (writes === at) {
      if (process.env.STOP_COUNT) appendFileSync(`${process.env.STOP_COUNT}.at`, `${to}\n`)
      process.kill(process.pid, signal)
      // A signal that isn't handled comes a moment later.
      if (signal === 'SIGKILL') await new Promise(() => {})
    }
  }
  return rename(from, to)
}
syncBuiltinESMExports()
