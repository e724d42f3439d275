/** What the site's JSON objects must be to be read: the schemas that `docs/schema` publishes of their types. */

import { z } from 'zod'
import failedRun from '../../docs/schema/error.schema.json' with { type: 'json' }
import index from '../../docs/schema/index.schema.json' with { type: 'json' }
import projects from '../../docs/schema/projects.schema.json' with { type: 'json' }
import report from '../../docs/schema/report.schema.json' with { type: 'json' }
import run from '../../docs/schema/run.schema.json' with { type: 'json' }
import tickets from '../../docs/schema/tickets.schema.json' with { type: 'json' }
import type { TicketLinks } from '../core/planning.ts'
import type { ProjectIndex, ProjectsIndex } from '../core/project-index.ts'
import type { Report } from '../core/report.ts'
import type { FailedRun, RunRecord } from '../core/run-record.ts'
import { type Shape, shapeOf } from '../core/shape.ts'

export const REPORT: Shape<Report> = naming(published(report))
export const RUN_RECORD: Shape<RunRecord> = published(run)
export const FAILED_RUN: Shape<FailedRun> = published(failedRun)
export const PROJECT_INDEX: Shape<ProjectIndex> = published(index)
export const PROJECTS_INDEX: Shape<ProjectsIndex> = published(projects)
export const TICKET_LINKS: Shape<TicketLinks> = published(tickets)

function published<T>(schema: object): Shape<T> {
  return shapeOf(() => z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]))
}

/** A report of another version may lack what this one reads: the version is told with what it lacks. */
function naming(shape: Shape<Report>): Shape<Report> {
  return {
    ...shape,
    problem(value) {
      const problem = shape.problem(value)
      const version = (value as Partial<Report> | null)?.generator?.version
      return problem === null || typeof version !== 'string'
        ? problem
        : `${problem}; nearmiss ${version} wrote it`
    },
  }
}
