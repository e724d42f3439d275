/** Calls the command as a process of its own, from what `test/build.ts` built before the tests. */

import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect } from 'vitest'

export const REPOSITORY = join(import.meta.dirname, '../..')

const COMMAND = join(REPOSITORY, 'dist/cli.js')

export interface Called {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

export function startCommand(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { ...process.env, ...environment },
    stdio: [stdin, 'pipe', 'pipe'],
  })
}

export function runCommand(args: readonly string[], cwd: string): Promise<Called> {
  return ended(startCommand(args, cwd))
}

/** Resolves when the process has ended and everything that it wrote has been read. */
export function ended(child: ChildProcess): Promise<Called> {
  let stdout = ''
  let stderr = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}

/** Everything that is in `expected` is in `actual`; numbers to 1e-4. */
export function expectIncluded(actual: unknown, expected: unknown, path = 'stdout'): void {
  if (typeof expected === 'number') {
    expect(typeof actual, path).toBe('number')
    expect(Math.abs((actual as number) - expected), path).toBeLessThan(1e-4)
  } else if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected)) {
      expectIncluded((actual as Record<string, unknown> | null)?.[key], value, `${path}.${key}`)
    }
  } else expect(actual, path).toEqual(expected)
}
