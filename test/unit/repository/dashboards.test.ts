/** Dashboards: their figures exist, and their widgets lie in the grid without covering each other. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { evaluationMetrics, processMetrics } from '../../../functions/metrics/evaluation-metrics.ts'
import { createRegistry } from '../../../functions/metrics/exposition.ts'
import { MEASURES } from '../../../functions/metrics/measures.ts'
import { requestMetrics } from '../../../functions/serve/metrics.ts'
import { missing } from '../../real-part.ts'
import { root } from './files.ts'

/** Amazon's own, from each service's page of CloudWatch metrics. */
const AMAZONS: Readonly<Record<string, readonly string[]>> = {
  'AWS/Lambda': ['Errors', 'Duration', 'Throttles', 'ConcurrentExecutions'],
  'AWS/SQS': ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  'AWS/ApiGateway': ['5xx'],
  'AWS/CloudFront': ['5xxErrorRate', 'Requests'],
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function checkGrid(boxes: readonly Box[]): void {
  const cells = new Set<string>()
  for (const { x, y, width, height } of boxes) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x + width).toBeLessThanOrEqual(24)
    for (let at = 0; at < width * height; at++) {
      const cell = `${x + (at % width)},${y + Math.floor(at / width)}`
      expect(cells.has(cell)).toBe(false)
      cells.add(cell)
    }
  }
}

const require = createRequire(import.meta.url)
const resourcesOf = (file: string) =>
  (require(join(root, 'infra/resources', file)) as { Resources: Record<string, never> }).Resources

interface Widget extends Box {
  readonly type: string
  readonly properties: {
    readonly metrics?: readonly (readonly (string | { expression?: string })[])[]
    readonly alarms?: readonly string[]
    readonly query?: string
  }
}

const dashboards = Object.entries(
  resourcesOf('dashboards.cjs') as Record<
    string,
    { Properties: { DashboardBody: { 'Fn::Sub': [string, object] } } }
  >,
)
const { functions } = parse(readFileSync(join(root, 'serverless.yml'), 'utf8'), {
  logLevel: 'silent',
  merge: true,
}) as { functions: Record<string, unknown> }

describe.each(dashboards)('%s of CloudWatch', (_, { Properties }) => {
  const [body] = Properties.DashboardBody['Fn::Sub']
  const { widgets } = JSON.parse(body) as { widgets: Widget[] }

  it('lies in the grid', () => checkGrid(widgets))

  it('shows figures that there are', () => {
    const metrics = widgets.flatMap(({ properties }) => properties.metrics ?? [])
    expect(metrics.length).toBeGreaterThan(4)
    for (const [namespace, name] of metrics) {
      if (typeof namespace !== 'string') {
        const [, searched] = /MetricName="(\w+)"/.exec(namespace!.expression ?? '') ?? []
        expect(MEASURES).toHaveProperty(searched!, expect.objectContaining({ byTenant: true }))
        continue
      }
      const known = namespace === 'nearmiss' ? Object.keys(MEASURES) : AMAZONS[namespace]
      expect(known).toContain(name)
    }
  })

  it('names functions and alarms that there are', () => {
    for (const [, name] of body.matchAll(/nearmiss-\$\{sls:stage\}-([a-z]\w+)(?=["'])/g)) {
      expect([...Object.keys(functions), 'uploads', 'dead']).toContain(name)
    }
    const alarms = widgets.flatMap(({ properties }) => properties.alarms ?? [])
    for (const alarm of alarms) {
      expect(resourcesOf('alarms.cjs')).toHaveProperty(/^\$\{(\w+)\.Arn\}$/.exec(alarm)![1]!)
    }
  })
})

const folder = join(root, 'infra/grafana')
const boards = readdirSync(folder).map(
  (file) => [file, JSON.parse(readFileSync(join(folder, file), 'utf8')) as Grafana] as const,
)

interface Grafana {
  readonly uid: string
  readonly panels: readonly {
    readonly id: number
    readonly gridPos: {
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
    }
    readonly targets: readonly { readonly refId: string; readonly expr: string }[]
  }[]
}

/** Names of all samples that the servers tell. */
function families(): string[] {
  const registry = createRegistry()
  evaluationMetrics(registry, () => new Date(0))
  processMetrics(registry, new Date(0))
  requestMetrics(registry, () => 0)
  registry.gauge('nearmiss_uploads_waiting', '.', () => 0)
  return [...registry.read('').text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name!],
  )
}

describe.each(boards)('%s of Grafana', (_, { panels }) => {
  it('lies in the grid, each panel with an id of its own', () => {
    checkGrid(panels.map(({ gridPos: { x, y, w, h } }) => ({ x, y, width: w, height: h })))
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  it('asks for what the servers tell', () => {
    const asked = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:nearmiss|process)_[a-z_]+/g) ?? []),
    )
    expect(asked.length).toBeGreaterThan(3)
    for (const name of asked) expect(families()).toContain(name)
  })
})

const PROMTOOL = spawnSync('promtool', ['--version']).error === undefined
it.skipIf(missing('promtool', PROMTOOL ? null : "it isn't installed; apt-get install prometheus"))(
  'Prometheus understands what Grafana asks',
  () => {
    const rules = boards.flatMap(([, { panels }]) =>
      panels.flatMap(({ targets }) =>
        targets.map(({ expr }, at) => ({
          record: `asked_${at}`,
          expr: expr.replaceAll('$__rate_interval', '5m'),
        })),
      ),
    )
    const file = join(mkdtempSync(join(tmpdir(), 'nearmiss-rules-')), 'rules.yml')
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'asked', rules }] }))
    const { stdout, stderr, status } = spawnSync(
      'promtool',
      ['check', 'rules', '--lint=none', file],
      {
        encoding: 'utf8',
      },
    )
    expect(stdout + stderr).toContain(`${rules.length} rules found`)
    expect(status).toBe(0)
  },
)
