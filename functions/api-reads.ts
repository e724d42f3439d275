/** The API's questions: projects, runs and where they stand, items. Addresses are relative to the site. */

import { Hono } from 'hono'
import type { Context, Progress } from '../lib/core/context.ts'
import { UsageError } from '../lib/core/errors.ts'
import { itemSlug } from '../lib/core/names.ts'
import type { ItemHistory, ProjectIndex } from '../lib/core/project-index.ts'
import type { FailedRun } from '../lib/core/run-record.ts'
import type { Stage } from '../lib/core/stage.ts'
import { readIndex, readProjects } from '../lib/publish/index-object.ts'
import { runKey, runPrefix, uploadPrefix } from '../lib/publish/keys.ts'
import { readRun } from '../lib/publish/run.ts'

export interface RunStatus {
  readonly project: string
  readonly run: string
  /**
   * `waiting`: uploaded, and either vectors or labels are missing or its turn hasn't come.
   * `evaluating` is only said where this process is the one that evaluates.
   */
  readonly status: 'waiting' | 'evaluating' | 'published' | 'failed'
  /** Null until there is one. */
  readonly page: string | null
  readonly report: string | null
  /** What has been uploaded, while nothing is published. */
  readonly files?: readonly string[]
  readonly stage?: Stage
  readonly fraction?: number
  /** Why a failed run can't be evaluated. */
  readonly issues?: FailedRun['issues']
}

type ProgressOf = (project: string, run: string) => Progress | null

export function readsOf({ uploads, site }: Context, progressOf: ProgressOf = () => null): Hono {
  const app = new Hono()

  app.get('/projects', async (c) => {
    const projects = (await readProjects(site))?.projects ?? []
    return c.json({
      projects: projects.map((entry) => ({ ...entry, page: `${entry.project}/` })),
    })
  })

  app.get('/projects/:project', async (c) => {
    const { project, runs, items } = await indexOf(c.req.param('project'))
    return c.json({
      project,
      page: `${project}/`,
      runs: runs.length,
      items: Object.keys(items).length,
      latest: runs.at(-1) ?? null,
    })
  })

  /** Newest first. */
  app.get('/projects/:project/runs', async (c) => {
    const { project, runs } = await indexOf(c.req.param('project'))
    return c.json({
      runs: runs.map((entry) => ({ ...entry, page: runPrefix(project, entry.run) })).reverse(),
    })
  })

  app.get('/projects/:project/runs/:run', async (c) => {
    const { project, run } = c.req.param()
    return c.json(await statusOf(project, run))
  })

  app.get('/projects/:project/items', async (c) => {
    const { project, items } = await indexOf(c.req.param('project'))
    return c.json({ items: Object.values(items).map((item) => withLink(project, item)) })
  })

  // An id holds labels, and a label may hold anything, even a slash. A gateway may decode the path on
  // the way, so the slug of the item's page is understood as well.
  app.get('/projects/:project/items/:id{.+}', async (c) => {
    const { project, items } = await indexOf(c.req.param('project'))
    const id = c.req.param('id')
    const item = Object.hasOwn(items, id)
      ? items[id]
      : Object.values(items).find((known) => itemSlug(known.id) === id)
    if (item === undefined) throw absent('item', `project ${project} has no item ${id}`)
    return c.json(withLink(project, item))
  })

  return app

  async function indexOf(project: string): Promise<ProjectIndex> {
    const index = await readIndex(site, project)
    if (index === null) throw absent('project', `nothing of project ${project} is published`)
    return index
  }

  async function statusOf(project: string, run: string): Promise<RunStatus> {
    const progress = progressOf(project, run)
    const nothing = { project, run, page: null, report: null }
    if (progress !== null) return { ...nothing, status: 'evaluating', ...progress }
    const record = await readRun(site, project, run)
    if (record === null) {
      const files: string[] = []
      const prefix = uploadPrefix(project, run)
      for await (const { key } of uploads.list(prefix)) {
        const name = key.slice(prefix.length)
        if (!name.startsWith('_')) files.push(name)
      }
      if (files.length > 0) return { ...nothing, status: 'waiting', files }
      throw absent('run', `project ${project} has no run ${run}, and nothing was uploaded for it`)
    }
    const page = runPrefix(project, run)
    if (record.status === 'published') {
      return { ...nothing, status: 'published', page, report: runKey(project, run, 'report.json') }
    }
    const stored = await site.get(runKey(project, run, 'error.json'))
    const failed: FailedRun | null =
      stored === null ? null : JSON.parse(new TextDecoder().decode(stored.body))
    return { ...nothing, status: 'failed', page, issues: failed?.issues ?? [] }
  }
}

function withLink(project: string, item: ItemHistory) {
  const state = item.states.at(-1)?.state ?? null
  return { ...item, state, page: `${project}/items/${itemSlug(item.id)}/` }
}

function absent(kind: 'project' | 'run' | 'item', message: string): UsageError {
  return new UsageError(`no-such-${kind}`, message, {
    hint: 'Names are case-sensitive; GET /api/projects lists what there is.',
  })
}
