/**
 * Largest resident size that this process had. With `--import` before another program it writes that
 * into the file that `PEAK_FILE` names, when the program ends.
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** In bytes. A child's `maxRSS` may be that of the process that started it, so Linux is asked first. */
export function peakByteLength() {
  try {
    const [, kibibytes] =
      /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
    if (kibibytes !== undefined) return Number(kibibytes) * 1024
  } catch {
    // No Linux: below is what every system tells.
  }
  return process.resourceUsage().maxRSS * 1024
}

const file = process.env.PEAK_FILE
if (file !== undefined && isMainThread) {
  process.on('exit', () => writeFileSync(file, String(peakByteLength())))
}
