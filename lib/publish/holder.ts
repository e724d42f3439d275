/** Who holds a lock, a claim or an unfinished file, and whether that process still runs. */

import { randomUUID } from 'node:crypto'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { sha256 } from '../core/canonical.ts'
import { hasCode } from './file-errors.ts'

/** A process as others on its machine know it. */
export interface Owner {
  /** A hash of the machine's start and of the processes that see each other on it: sites are read by others. */
  readonly machine: string
  readonly pid: number
  /** When it began, as its machine counts; empty where the machine doesn't tell. */
  readonly started: string
}

export interface Holder extends Owner {
  /** By chance, new for each process: machines that were copied while they ran are alike in all else. */
  readonly process: string
  /** By chance, new each time. */
  readonly token: string
}

/**
 * `runs` and `gone` are certain. `unknown`: another machine's or container's process, which can't be
 * asked; whether it still renews what it holds tells.
 */
export type Standing = 'runs' | 'gone' | 'unknown'

/** What its holder could have renewed for so long, by whichever clock, nobody holds. */
export const LONG_AGO_MS = 15 * 60_000

const OWN_PROCESS = randomUUID()
const OWN: Owner = { machine: machineId(), pid: process.pid, started: startOf(process.pid) ?? '' }

/** Tokens that this process holds now. */
const tokens = new Set<string>()

export function ownOwner(): Owner {
  return OWN
}

/** A new holder: this process, until `end`. */
export function newHolder(): { readonly holder: Holder; end(): void } {
  const token = randomUUID()
  tokens.add(token)
  return {
    holder: { ...OWN, process: OWN_PROCESS, token },
    end: () => {
      tokens.delete(token)
    },
  }
}

export function standingOf(holder: Holder): Standing {
  if (holder.process === OWN_PROCESS) return tokens.has(holder.token) ? 'runs' : 'gone'
  return ownerStanding(holder)
}

export function ownerStanding({ machine, pid, started }: Owner): Standing {
  if (machine !== OWN.machine) return 'unknown'
  if (!isRunning(pid)) return 'gone'
  // Another process may have got the number since.
  if (started === '') return 'unknown'
  return startOf(pid) === started ? 'runs' : 'gone'
}

/** Null where the value, from whoever wrote it, is no holder. */
export function toHolder(value: unknown): Holder | null {
  if (value === null || typeof value !== 'object') return null
  const { machine, pid, started, process, token } = value as Partial<Record<keyof Holder, unknown>>
  if (typeof machine !== 'string' || typeof started !== 'string') return null
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid <= 0) return null
  return typeof process === 'string' && typeof token === 'string'
    ? { machine, pid, started, process, token }
    : null
}

/**
 * Tells of something that is looked at again and again whether it has stayed the same for so long.
 * No clock of another machine is asked.
 */
export function stillness(afterMs: number): (mark: string) => boolean {
  let seen = ''
  let sinceMs = 0
  return (mark) => {
    const nowMs = performance.now()
    if (mark !== seen) {
      seen = mark
      sinceMs = nowMs
    }
    return nowMs - sinceMs >= afterMs
  }
}

/** Processes of one id see each other by their numbers. */
function machineId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // Containers of one machine have the same boot and each a process 1.
    return sha256(`${boot} ${readlinkSync('/proc/self/ns/pid')}`).slice(0, 16)
  } catch {
    return sha256(hostname()).slice(0, 16)
  }
}

/** Null where there is no such process, or no Linux to ask. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in brackets, and may hold anything; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, as another user.
    return !hasCode(error, 'ESRCH')
  }
}
