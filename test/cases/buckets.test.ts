/** The command with what lies elsewhere: in buckets that check signatures, behind addresses, on standard input. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { versitygwProblem } from '../../infra/local-cloud/versitygw.mjs'
import type { Store } from '../../lib/core/store.ts'
import { directoryStore } from '../../lib/publish/directory.ts'
import { s3Store } from '../../lib/publish/s3.ts'
import { type S3Server, startS3Server } from '../contract/s3-server.ts'
import { missing } from '../real-part.ts'
import { type Called, ended, REPOSITORY, startCommand } from './command.ts'

const SAMPLES = join(REPOSITORY, 'samples/digits')

let work: string
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'nearmiss-elsewhere-'))
})
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe.skipIf(missing('versitygw', await versitygwProblem()))('buckets', () => {
  let server: S3Server
  let env: NodeJS.ProcessEnv
  let uploads: string
  let site: string
  const storeOf = (bucket: string) => s3Store({ client: server.client, bucket })
  const call = (args: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<Called> =>
    ended(startCommand(args, work, { ...env, ...more }))

  beforeAll(async () => {
    server = await startS3Server()
    uploads = await server.newBucket()
    site = await server.newBucket()
    const { endpoint, accessKeyId, secretAccessKey } = server.gateway
    // As a laptop has it: a profile, and no region, which another service than Amazon's needn't have.
    writeFileSync(join(work, 'config'), `[profile team]\nendpoint_url = ${endpoint}\n`)
    writeFileSync(
      join(work, 'credentials'),
      `[team]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    )
    env = {
      AWS_PROFILE: 'team',
      AWS_CONFIG_FILE: join(work, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(work, 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    for (const run of ['nca-16-small', 'nca-32']) {
      const bytes = readFileSync(join(SAMPLES, `${run}.npz`))
      await storeOf(uploads).put(`uploads/digits/${run}/embeddings.npz`, bytes)
    }
    // Laying maps out takes longest, and has tests of its own.
    await storeOf(uploads).put('uploads/digits/nearmiss.yaml', 'maps: [pca]')
  })
  afterAll(() => server.stop())

  it('are read from and published to, as a folder is, and the second run is compared with the first', async () => {
    for (const run of ['nca-16-small', 'nca-32']) {
      const input = `s3://${uploads}/uploads/digits/${run}`
      const there = await call(['report', input, '--out', `s3://${site}/a`])
      expect(there.exitCode, there.stderr).toBe(0)
      expect(there.stdout).toContain(`Report: s3://${site}/a/digits/runs/${run}/index.html`)
      const here = await call(['report', input, '--out', 'out'])
      expect(here.stdout.replace(/Report: .*/, '')).toBe(there.stdout.replace(/Report: .*/, ''))
      if (run === 'nca-32') expect(there.stdout).toMatch(/^Since nca-16-small: \d+ fixed/m)
    }
    const [there, here] = [
      s3Store({ client: server.client, bucket: site, prefix: 'a' }),
      directoryStore(join(work, 'out')),
    ]
    const keys = await keysOf(there)
    expect(keys).toContain('digits/runs/nca-32/index.html')
    expect(await keysOf(here)).toEqual(keys)
    const differing: string[] = []
    for (const key of keys) {
      const [a, b] = [await there.get(key), await here.get(key)]
      if (withoutTimes(key, a!.body) !== withoutTimes(key, b!.body)) differing.push(key)
    }
    expect(differing).toEqual([])
    // Beside the site, never in it.
    const all = await keysOf(storeOf(site))
    const vault = all.filter((key) => !key.startsWith('a/'))
    expect(vault).toHaveLength(2)
    for (const key of vault) expect(key).toMatch(/^a\.vault\/digits\/runs\/.*centroids\.parquet$/)
  })

  it('know an upload that was evaluated before, and every other command', async () => {
    const again = await call([
      'report',
      `s3://${uploads}/uploads/digits/nca-32/`,
      '--out',
      `s3://${site}/a/`,
    ])
    expect(again.stderr).toContain('the same upload was evaluated before')
    const runs = `s3://${site}/a/digits/runs`
    expect((await call(['gate', `${runs}/nca-32`])).exitCode).toBe(0)
    const compared = await call(['compare', `${runs}/nca-16-small/report.json`, `${runs}/nca-32`])
    expect(compared.stdout).toMatch(/\d+ fixed, \d+ broken of 899 rows/)
    expect((await call(['verify', `s3://${site}/a`])).exitCode).toBe(0)
    expect(
      (await call(['delete', `s3://${site}/a`, 'digits', 'nca-16-small', '--yes'])).exitCode,
    ).toBe(0)
    expect((await call(['repair', `s3://${site}/a`])).exitCode).toBe(0)
    const left = await keysOf(storeOf(site))
    expect(left.filter((key) => key.includes('nca-16-small'))).toEqual([])
  })

  it('take the vault of the deployment where the site is a whole bucket', async () => {
    const whole = await server.newBucket()
    const args = ['report', join(SAMPLES, 'nca-32.npz'), '--out', `s3://${whole}`]
    const refused = await call(args)
    expect(refused).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('UPLOADS_BUCKET'),
    })
    writeFileSync(join(work, 'one-map.yaml'), 'maps: [pca]')
    const published = await call([...args, '--manifest', 'one-map.yaml'], {
      UPLOADS_BUCKET: uploads,
    })
    expect(published.exitCode, published.stderr).toBe(0)
    expect(await keysOf(storeOf(whole))).toContain('digits/runs/nca-32/report.json')
    const kept = (await keysOf(storeOf(uploads))).filter((key) => key.startsWith('vault/'))
    expect(kept).toEqual([expect.stringMatching(/^vault\/digits\/runs\/nca-32\//)])
  })

  it('of a tenant lose what is the tenant’s, and leave what is nobody’s', async () => {
    const [published, uploaded] = [await server.newBucket(), await server.newBucket()]
    const place = `s3://${published}/@acme`
    const deployment = { UPLOADS_BUCKET: uploaded }
    writeFileSync(join(work, 'one-map.yaml'), 'maps: [pca]')
    const sample = ['report', join(SAMPLES, 'nca-32.npz'), '--manifest', 'one-map.yaml']
    for (const out of [place, `s3://${published}`]) {
      const { exitCode, stderr } = await call([...sample, '--out', out], deployment)
      expect(exitCode, stderr).toBe(0)
    }
    const store = storeOf(uploaded)
    await store.put('uploads/digits/nca-32/embeddings.npz', 'x')
    await store.put('uploads/@acme/digits/nca-32/embeddings.npz', 'x')
    const ofNobody = (await keysOf(store)).filter((key) => !key.includes('@acme'))
    expect(ofNobody.some((key) => key.startsWith('vault/digits/'))).toBe(true)

    const gone = await call(['delete', place, 'digits', '--uploads', '--yes'], deployment)
    expect(gone.exitCode, gone.stderr).toBe(0)
    expect(await keysOf(store)).toEqual(ofNobody)
    expect(await keysOf(storeOf(published))).toContain('digits/runs/nca-32/report.json')
  })

  it.each<[string, string, NodeJS.ProcessEnv, number, readonly string[]]>([
    [
      'no such key',
      'uploads/digits/nca-33',
      {},
      2,
      ['did you mean s3://bucket-1/uploads/digits/nca-32?'],
    ],
    [
      'no such bucket',
      '//nowhere/a.npz',
      {},
      64,
      ['there is no such bucket', 'the region or the service'],
    ],
    [
      'a wrong secret',
      'uploads',
      { AWS_PROFILE: '', AWS_ACCESS_KEY_ID: 'KEY', AWS_SECRET_ACCESS_KEY: 'no' },
      64,
      ['does not know this access key id'],
    ],
    [
      'no credentials',
      'uploads',
      { AWS_PROFILE: '' },
      64,
      ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'by its https address'],
    ],
    [
      'a profile that is not there',
      'uploads',
      { AWS_PROFILE: 'none' },
      64,
      ['Could not load credentials', 'AWS_PROFILE to a profile that is there'],
    ],
    ['a whole bucket', '', {}, 2, ['holds no file of embeddings', 'nearmiss report FILE']],
  ])('tell %s with what to do', async (_, key, more, exitCode, words) => {
    const input = key.startsWith('//') ? `s3:${key}` : `s3://${uploads}/${key}`
    const { endpoint } = server.gateway
    const called = await call(['report', input], { AWS_ENDPOINT_URL_S3: endpoint, ...more })
    expect(called.exitCode, called.stderr).toBe(exitCode)
    for (const word of words) expect(called.stderr).toContain(word)
  })
})

describe('standard input', () => {
  it('holds a file like any', async () => {
    mkdirSync(join(work, 'team'))
    writeFileSync(join(work, 'team/one-map.yaml'), 'maps: [pca]')
    const args = ['report', '-', '--manifest', 'one-map.yaml', '--run', 'piped', '--out', 'site']
    const child = startCommand(args, join(work, 'team'), {}, 'pipe')
    child.stdin!.end(readFileSync(join(SAMPLES, 'nca-32.npz')))
    const { exitCode, stdout, stderr } = await ended(child)
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain('team/piped: 899 rows, 32 dimensions')
    expect(stdout).toContain('Report: site/team/runs/piped/index.html')
  })

  it('that holds nothing is told', async () => {
    const child = startCommand(['report', '-'], work, {}, 'pipe')
    child.stdin!.end()
    const { exitCode, stderr } = await ended(child)
    expect(exitCode).toBe(2)
    expect(stderr).toContain('0 bytes')
    expect(stderr).toContain('where  stdin')
  })
})

describe('an address', () => {
  it('is read like a file, and its signature is told nowhere', async () => {
    const bytes = readFileSync(join(SAMPLES, 'nca-32.npz'))
    const server = createServer((_, response) => response.end(bytes))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const address = `http://me:pass-word@127.0.0.1:${port}/digits/nca-32.npz?Signature=abc-def`
    const args = ['report', address, '--manifest', 'map.yaml', '--out', 'remote', '--verbose']
    writeFileSync(join(work, 'map.yaml'), 'maps: [pca]')
    const { exitCode, stdout, stderr } = await ended(startCommand(args, work))
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain('digits/nca-32: 899 rows')
    const published = directoryStore(join(work, 'remote'))
    const texts = [stdout, stderr]
    for (const key of await keysOf(published)) {
      texts.push(new TextDecoder().decode((await published.get(key))!.body))
    }
    for (const text of texts) expect(text).not.toMatch(/pass-word|abc-def/)
    await new Promise((resolve) => server.close(resolve))
  })

  it('that stops in the middle is left with Ctrl-C', async () => {
    let hasBegun: () => void
    const begun = new Promise<void>((resolve) => (hasBegun = resolve))
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('x', () => hasBegun())
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const child = startCommand(['report', `http://127.0.0.1:${port}/a.npz`, '--out', 'none'], work)
    const end = ended(child)
    await begun
    child.kill('SIGINT')
    const { exitCode, stderr } = await end
    expect(exitCode).toBe(130)
    expect(stderr).toContain('stopped before the evaluation was finished')
    expect(await keysOf(directoryStore(join(work, 'none')))).toEqual([])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
})

async function keysOf(store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.list('')) keys.push(key)
  return keys
}

/** How long each stage took differs each time. */
function withoutTimes(key: string, body: Uint8Array): string {
  const text = Buffer.from(body).toString('latin1')
  return key.endsWith('.json') || key.endsWith('.html')
    ? text.replace(/"elapsedMs":\s*\d+/g, '').replace(/<dt>Time<\/dt><dd>read [^<]*/g, '')
    : text
}
