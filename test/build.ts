/** Builds `dist/` before the tests, and before they run again: worker threads and the command run from it. */

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

export async function setup(project: TestProject): Promise<void> {
  await build()
  project.onTestsRerun(build)
}

async function build(): Promise<void> {
  const script = fileURLToPath(new URL('../infra/build.mjs', import.meta.url))
  await promisify(execFile)(process.execPath, [script])
}
