/** `PUT` of a file, as `curl -T` sends it, into the bucket's uploads. */

import { createHash } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Hono } from 'hono'
import { StoreRefusedError } from '../../lib/core/errors.ts'
import { extensionOf, partNamed, READ_EXTENSIONS } from '../../lib/core/format-of.ts'
import { isName } from '../../lib/core/names.ts'
import { countOf } from '../../lib/core/words.ts'
import { MANIFESTS, playsPart } from '../../lib/dataset/upload-parts.ts'
import { makeFolder, openInside } from '../../lib/publish/inside.ts'
import { projectProblem } from '../../lib/publish/keys.ts'
import { temporaryPath } from '../../lib/publish/temporary.ts'
import { READY_FILE } from '../../lib/upload/files.ts'
import { nameFrom } from '../commands/input.ts'

/** Where a file goes whose address names no project. */
const DEFAULT_PROJECT = 'embeddings'

export interface UploadTarget {
  readonly project: string
  /** Null: the file is of the project, its settings for all runs from now on. */
  readonly run: string | null
  readonly file: string
  /** False where the run is named after the file: then other content of the same name is another run. */
  readonly isRunNamed: boolean
}

export interface UploadsOptions {
  /** Folder of the bucket; files go to `uploads/` in it. */
  readonly bucket: string
  /** Of a file of this name. */
  readonly mostBytes: (name: string) => number
}

/**
 * What an address means: `[/uploads]/<project>/<run>/<file>` as it is; `/<project>/<file>` and `/<file>`
 * make a run of the file's name; `/uploads/<project>/nearmiss.yaml` is the project's. A string says what is wrong with it.
 */
export function uploadTarget(path: string): UploadTarget | string {
  const parts = path.split('/').filter((part) => part !== '')
  const isWhole = parts[0] === 'uploads'
  if (isWhole) parts.shift()
  const file = parts.pop()
  if (file === undefined) return 'the address names no file'
  if (file === READY_FILE && parts.length === 2) {
    const [project = '', run = ''] = parts
    if (!isName(run)) return `${run} can't be a run's name: letters, digits, '.', '_' and '-' can`
    return projectProblem(project) ?? { project, run, file, isRunNamed: true }
  }
  if (!isName(file)) return `${file} can't be a file's name: letters, digits, '.', '_' and '-' can`
  if (parts.length > 2) return 'the address has too many parts: /uploads/<project>/<run>/<file>'
  const [project = DEFAULT_PROJECT, run] = parts
  const problem = projectProblem(project)
  if (problem !== null) return problem
  if (run !== undefined && !isName(run)) {
    return `${run} can't be a run's name: letters, digits, '.', '_' and '-' can`
  }
  if (!playsPart(file)) {
    return `${file} plays no part in an upload: embeddings, labels and metadata (${READ_EXTENSIONS.join(', ')}), pictures and nearmiss.yaml do`
  }
  if (run !== undefined) return { project, run, file, isRunNamed: true }
  if (isWhole && parts.length === 1 && MANIFESTS.includes(file)) {
    return { project, run: null, file, isRunNamed: true }
  }
  if (partNamed(file) !== null || MANIFESTS.includes(file))
    return `${file} needs to know its run: /uploads/<project>/<run>/${file}`
  const extension = extensionOf(file)
  const stem = nameFrom(file.slice(0, file.length - extension.length), 'run')
  const name = `embeddings${extension}`
  return { project, run: stem, file: name, isRunNamed: false }
}

export function uploads({ bucket, mostBytes }: UploadsOptions): Hono {
  const app = new Hono()
  app.put('*', async (c) => {
    // What is still encoded in it couldn't be decoded, or is a slash: no name holds either.
    const target = uploadTarget(c.req.path)
    if (typeof target === 'string') return c.text(`${target}\n`, 400)
    const maxByteLength = mostBytes(target.file)
    const declared = Number(c.req.header('content-length') ?? 0)
    const tooLarge = (byteLength: number) =>
      c.text(
        `the file has ${countOf(byteLength, 'byte')} or more, and ${countOf(maxByteLength, 'byte')} is the most\n`,
        413,
      )
    if (declared > maxByteLength) return tooLarge(declared)
    // Written beside the watched files under a name that nobody watches, then moved into place whole.
    const partial = temporaryPath(join(bucket, 'uploads'))
    let received = 0
    let { run } = target
    const counter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.byteLength
        done(received > maxByteLength ? new RangeError('too large') : null, chunk)
      },
    })
    try {
      await makeFolder(bucket, join(bucket, 'uploads'), 0o777)
      const body = c.req.raw.body
      await pipeline(
        body === null ? Readable.from([]) : Readable.fromWeb(body as never),
        counter,
        createWriteStream(partial, { flags: 'wx' }),
      )
      if (run !== null && !target.isRunNamed) {
        run = await freeRun(bucket, { ...target, run }, await hashOf(bucket, partial))
      }
      const folder = join(bucket, 'uploads', target.project, run ?? '')
      await makeFolder(bucket, folder, 0o777)
      await rename(partial, join(folder, target.file))
    } catch (error) {
      await rm(partial, { force: true })
      if (received > maxByteLength) return tooLarge(received)
      if (error instanceof StoreRefusedError) return c.text(`${error.message}\n`, 403)
      throw error
    }
    const { origin } = new URL(c.req.url)
    const page = `${origin}/${target.project}/runs/${run}/`
    const place = [target.project, ...(run === null ? [] : [run]), target.file].join('/')
    return c.text(
      `received ${countOf(received, 'byte')} as uploads/${place}\n${
        run === null ? 'they hold for the runs from now on' : `report: ${page}`
      }\n`,
      201,
    )
  })
  return app
}

/** The first of `run`, `run-2`, … that doesn't exist yet, or that holds this very file. */
async function freeRun(
  bucket: string,
  target: UploadTarget & { readonly run: string },
  hash: string,
): Promise<string> {
  for (let number = 1; ; number++) {
    const run = number === 1 ? target.run : `${target.run.slice(0, 120)}-${number}`
    const file = join(bucket, 'uploads', target.project, run, target.file)
    if (!existsSync(file) || (await hashOf(bucket, file)) === hash) return run
  }
}

async function hashOf(bucket: string, file: string): Promise<string> {
  const hash = createHash('sha256')
  const handle = await openInside(bucket, file)
  try {
    for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk)
    return hash.digest('hex')
  } finally {
    await handle.close()
  }
}
