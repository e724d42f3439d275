/** `nearmiss serve` as people use it: a process, files that come in, and Ctrl-C. */

import type { ChildProcess } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Called, ended, REPOSITORY, startCommand } from './command.ts'

interface Server {
  readonly child: ChildProcess
  readonly address: string
  readonly end: Promise<Called>
}

describe('nearmiss serve', () => {
  let bucket: string
  let server: Server | null = null

  beforeEach(() => {
    bucket = mkdtempSync(join(tmpdir(), 'nearmiss-bucket-'))
  })
  afterEach(async () => {
    server?.child.kill('SIGKILL')
    await server?.end
    server = null
    rmSync(bucket, { recursive: true, force: true })
  })

  /** A bucket that isn't empty, so that no samples are evaluated first. */
  const withoutSamples = () => {
    mkdirSync(join(bucket, 'uploads/digits'), { recursive: true })
  }

  it('turns a file that is sent into a report, once, and stops with Ctrl-C', async () => {
    withoutSamples()
    server = await start(bucket)
    const answer = await fetch(`${server.address}digits/nca-32.npz`, {
      method: 'PUT',
      body: readFileSync(join(REPOSITORY, 'samples/digits/nca-32.npz')),
    })
    const page = /report: (\S+)/.exec(await answer.text())?.[1] ?? ''
    expect(page).toBe(`${server.address}digits/runs/nca-32/`)
    const status = `${server.address}api/projects/digits/runs/nca-32`
    await until(async () => (await (await fetch(status)).json()).status === 'published')
    const html = await (await fetch(page)).text()
    expect(html).toContain('nca-32')
    expect(html).toContain('src="/api/upload.js"')
    expect(await (await fetch(server.address)).text()).toContain('digits')
    server.child.kill('SIGINT')
    expect((await server.end).exitCode).toBe(0)

    const record = join(bucket, 'site/digits/runs/nca-32/run.json')
    const writtenMs = statSync(record).mtimeMs
    server = await start(bucket)
    await wait(1_500)
    server.child.kill('SIGINT')
    const again = await server.end
    expect(again.exitCode).toBe(0)
    expect(again.stderr).not.toContain('nca-32')
    expect(statSync(record).mtimeMs).toBe(writtenMs)
  })

  it('makes a page of a file that can’t be read, sent or copied, and of the one that comes after', async () => {
    withoutSamples()
    server = await start(bucket)
    const send = async (file: string, body: string) =>
      (await fetch(`${server!.address}${file}`, { method: 'PUT', body })).status
    expect(await send('p/sent.tsv', 'a\tb')).toBe(201)
    expect(await send('p/sent/README.md', 'x')).toBe(400)
    mkdirSync(join(bucket, 'uploads/p/copied'))
    writeFileSync(join(bucket, 'uploads/p/copied/all.pkl'), 'x')
    const ends = (run: string, status: string) =>
      until(async () => {
        const answer = await fetch(`${server!.address}api/projects/p/runs/${run}`)
        return answer.ok && (await answer.json()).status === status
      })
    const page = async (run: string) => (await fetch(`${server!.address}p/runs/${run}/`)).text()
    await ends('sent', 'failed')
    expect(await page('sent')).toContain('text with tabs between the columns')
    await ends('copied', 'failed')
    expect(await page('copied')).toContain('Reading a pickle runs the code in it.')
    const rows = Array.from({ length: 12 }, (_, row) => `${row % 2 ? 'a' : 'b'},${row % 2},${row}`)
    writeFileSync(
      join(bucket, 'uploads/p/copied/embeddings.csv'),
      `label,0,1\n${rows.join('\n')}\n`,
    )
    await ends('copied', 'published')
    expect(await page('copied')).toContain('1 file of the upload plays no part: all.pkl')
  })

  it('stops in the middle of an evaluation, and takes it up again', async () => {
    withoutSamples()
    const folder = join(bucket, 'uploads/noise/large')
    mkdirSync(folder, { recursive: true })
    // Laying maps out takes longest, and has tests of its own.
    writeFileSync(join(folder, 'nearmiss.yaml'), 'maps: [pca]')
    writeFileSync(join(folder, 'embeddings.csv'), noise(4_000, 64))
    server = await start(bucket, ['--backend', 'wasm'])
    const status = `${server.address}api/projects/noise/runs/large`
    await until(async () => (await (await fetch(status)).json()).status === 'evaluating')
    server.child.kill('SIGINT')
    const stopped = await server.end
    expect(stopped.exitCode).toBe(0)
    expect(stopped.stderr).toContain('stopping')
    expect(stopped.stderr).not.toContain('error')
    expect(existsSync(join(bucket, 'site/noise/runs/large/run.json'))).toBe(false)

    server = await start(bucket, ['--backend', 'wasm'])
    await until(async () => (await fetch(`${server?.address}noise/runs/large/`)).status === 200)
  })

  it('starts with the bundled samples where the bucket is empty', async () => {
    server = await start(bucket)
    const page = `${server.address}emoji/runs/pixels-pca-32/`
    await until(async () => (await fetch(page)).status === 200)
    expect(await (await fetch(page)).text()).toContain('pixels-pca-32')
  })
})

/** Resolves once the server has said where it is. */
async function start(bucket: string, args: readonly string[] = []): Promise<Server> {
  const child = startCommand(['serve', '--bucket', bucket, '--port', '0', ...args], bucket)
  const end = ended(child)
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout?.on('data', (text: string) => {
      said += text
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(said)
      if (found) resolve(found[0])
    })
    end.then(({ stderr }) => reject(new Error(`the server ended: ${stderr}`)), reject)
  })
  return { child, address, end }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (await holds()) return
    await wait(100)
  }
  throw new Error('it never came to hold')
}

/** Rows that are alike to every metric: as much work as any others. */
function noise(rows: number, dimensions: number): string {
  let state = 1
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return (state / 2_147_483_647).toFixed(4)
  }
  const header = ['label', ...Array.from({ length: dimensions }, (_, d) => `e${d}`)].join(',')
  const lines = Array.from({ length: rows }, (_, row) =>
    [`c${row % 7}`, ...Array.from({ length: dimensions }, next)].join(','),
  )
  return `${[header, ...lines].join('\n')}\n`
}
