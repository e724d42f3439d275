/** The commands of docs/runbooks, run as they stand against a deployment of the test's own. */

import { execFile, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missing } from '../real-part.ts'
import { type Deployment, deploy, deploymentProblem } from './deployment.ts'

const folder = join(import.meta.dirname, '../../docs/runbooks')
const AWS = spawnSync('aws', ['--version']).error === undefined

/** Said with each call: the first version asks SQS at an old address, whatever the environment says. */
const HERE = 'aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n'

/** A page's blocks, one script; what the emulator hasn't is marked `sh needs-aws`. */
const pages = readdirSync(folder).flatMap((file) => {
  const text = readFileSync(join(folder, file), 'utf8')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block!)
  return blocks.length === 0 ? [] : [[file, blocks.join('')] as const]
})

const problem =
  (await deploymentProblem()) ??
  (AWS ? null : "the AWS command line isn't installed: pip install awscli")

describe.skipIf(missing('the commands of the runbooks', problem))('the runbooks', () => {
  let cloud: Deployment

  beforeAll(async () => {
    cloud = await deploy()
  })

  afterAll(() => cloud?.stop())

  it.concurrent.each(pages)('the commands of %s', async (_, script) => {
    const done = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', HERE + script], {
      env: {
        ...process.env,
        STAGE: 'dev',
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: cloud.endpoint,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_PAGER: '',
      },
    }).catch((error: { stderr: string }) => error)
    expect(done.stderr).toBe('')
  })
})
