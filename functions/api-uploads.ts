/** `POST /api/uploads`: addresses to which the files of a run are then sent, one `PUT` each. */

import { Hono } from 'hono'
import { z } from 'zod'
import type { Context } from '../lib/core/context.ts'
import { UsageError } from '../lib/core/errors.ts'
import { isName } from '../lib/core/names.ts'
import { mostSentBytes } from '../lib/formats/format.ts'
import { projectProblem, runPrefix, uploadKey } from '../lib/publish/keys.ts'
import { readRun } from '../lib/publish/run.ts'
import { announceFiles, READY_FILE } from '../lib/upload/files.ts'

export interface UploadFile {
  readonly key: string
  readonly byteLength: number
}

export interface UploadAddress {
  readonly url: string
  readonly method: 'PUT'
  /** To be sent with the file, as they are. */
  readonly headers: Readonly<Record<string, string>>
}

/** Where a file is to be sent. */
export type Presign = (file: UploadFile) => Promise<UploadAddress>

/** Files go to the server that gave the address. */
export const localPresign: Presign = async ({ key }) => ({
  url: `/${key}`,
  method: 'PUT',
  headers: {},
})

const MAX_FILES = 16
const NAME_RULE =
  'must be letters, digits, ".", "_" and "-", 128 at most, the first one a letter or a digit'

const name = z.string().refine(isName, NAME_RULE)
const uploadRequest = z.strictObject({
  project: z.string().refine((text) => projectProblem(text) === null, NAME_RULE),
  run: name,
  /** Whether it waits for a word of whoever sends it, once all files are there. */
  hold: z.boolean().default(false),
  files: z
    .array(
      z
        .strictObject({ name, byteLength: z.int().positive() })
        .refine((file) => file.byteLength <= mostSentBytes(file.name), {
          path: ['byteLength'],
          error: ({ input }) =>
            `must be ${mostSentBytes((input as { name: string }).name)} at most`,
        }),
    )
    .min(1)
    .max(MAX_FILES)
    .refine(
      (files) => new Set(files.map((file) => file.name)).size === files.length,
      'must not name a file twice',
    ),
})

/** The files of a request are one upload: none is evaluated before all of them are there. */
export function uploadTargets(
  presign: Presign,
  { site, uploads: store }: Pick<Context, 'site' | 'uploads'>,
): Hono {
  const app = new Hono()
  app.post('/uploads', async (c) => {
    const { project, run, files, hold } = check(await c.req.json().catch(() => undefined))
    // Before anybody can send one: with it files that lie there already are no longer those announced.
    await announceFiles(store, project, run, [
      ...files.map((file) => file.name),
      ...(hold ? [READY_FILE] : []),
    ])
    const uploads = await Promise.all(
      files.map(async ({ name, byteLength }) => ({
        name,
        ...(await presign({ key: uploadKey(project, run, name), byteLength })),
      })),
    )
    const record = await readRun(site, project, run)
    return c.json({
      uploads,
      statusUrl: `/api/projects/${project}/runs/${run}`,
      ...(hold
        ? { ready: await presign({ key: uploadKey(project, run, READY_FILE), byteLength: 1 }) }
        : {}),
      // A published run is never changed: other content under its name gets a name of its own.
      published: record?.status === 'published' ? runPrefix(project, run) : null,
    })
  })
  return app
}

function check(body: unknown): z.infer<typeof uploadRequest> {
  const result = uploadRequest.safeParse(body)
  if (result.success) return result.data
  const problems = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  )
  throw new UsageError('invalid-request', problems.join('; '), {
    hint: 'The body is JSON: {"project", "run", "files": [{"name", "byteLength"}]}, and "hold": true where it is to wait.',
  })
}
