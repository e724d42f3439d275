/**
 * CloudWatch's embedded metric format: a line of the log from which CloudWatch makes metrics.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */

import type { Log } from '../../lib/core/log.ts'
import { MEASURES, type Measured, type MeasureName } from './measures.ts'

export const NAMESPACE = 'nearmiss'

export interface MetricOrigin {
  /** Of the deployment. */
  readonly stage: string
  readonly tenant: string | null
  readonly at: Date
}

/**
 * Fields of a line that tells the figures. Dimensions are the deployment's stage and, for a few figures of
 * tenants, whose they are: each combination is a metric that is paid for.
 */
export function embeddedMetrics(
  { stage, tenant, at }: MetricOrigin,
  measured: Measured,
): Record<string, unknown> {
  const names = Object.keys(measured) as MeasureName[]
  const directive = (dimensions: readonly string[], of: readonly MeasureName[]) => ({
    Namespace: NAMESPACE,
    Dimensions: [dimensions],
    Metrics: of.map((name) => ({ Name: name, Unit: MEASURES[name].unit })),
  })
  const ofTenant = tenant === null ? [] : names.filter((name) => MEASURES[name].byTenant)
  return {
    _aws: {
      Timestamp: at.getTime(),
      CloudWatchMetrics: [
        directive(['Stage'], names),
        ...(ofTenant.length === 0 ? [] : [directive(['Stage', 'Tenant'], ofTenant)]),
      ],
    },
    Stage: stage,
    ...(ofTenant.length === 0 ? {} : { Tenant: tenant }),
    ...measured,
  }
}

/** Writes the figures as a line, where there are any. */
export function logMetrics(log: Log, origin: MetricOrigin, measured: Measured): void {
  if (Object.keys(measured).length > 0) log.info('measured', embeddedMetrics(origin, measured))
}
