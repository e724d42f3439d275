/**
 * Counters, gauges and histograms in the text that Prometheus reads, in its own format and in OpenMetrics.
 * https://prometheus.io/docs/specs/om/open_metrics_spec/
 */

export type Labels = Readonly<Record<string, string>>

export interface Registry {
  /** A count that only grows; its name ends in `_total`. */
  counter(name: string, help: string): (labels?: Labels, by?: number) => void
  /** A value that is asked for when it is read. */
  gauge(name: string, help: string, read: () => number): void
  /** @param buckets upper bounds, growing, without infinity */
  histogram(
    name: string,
    help: string,
    buckets: readonly number[],
  ): (value: number, labels?: Labels) => void
  /** All of it, as the reader asks for it in its header `Accept`. */
  read(accept: string): { readonly contentType: string; readonly text: string }
}

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly samples: () => readonly Sample[]
}

interface Sample {
  readonly suffix: string
  readonly labels: Labels
  readonly value: number
}

const TOTAL = '_total'
const OPEN_METRICS = 'application/openmetrics-text'

export function createRegistry(): Registry {
  const families: Family[] = []
  return {
    counter(name, help) {
      const family = name.slice(0, -TOTAL.length)
      const counts = new Map<string, { labels: Labels; value: number }>()
      const samples = () =>
        [...counts.values()].map(({ labels, value }) => ({ suffix: TOTAL, labels, value }))
      families.push({ name: family, type: 'counter', help, samples })
      return (labels = {}, by = 1) => {
        const series = seriesOf(counts, labels, () => ({ labels, value: 0 }))
        series.value += by
      }
    },
    gauge(name, help, read) {
      families.push({
        name,
        type: 'gauge',
        help,
        samples: () => [{ suffix: '', labels: {}, value: read() }],
      })
    },
    histogram(name, help, buckets) {
      const series = new Map<string, { labels: Labels; counts: number[]; sum: number }>()
      families.push({
        name,
        type: 'histogram',
        help,
        samples: () => [...series.values()].flatMap((one) => histogramSamples(one, buckets)),
      })
      return (value, labels = {}) => {
        const one = seriesOf(series, labels, () => ({
          labels,
          counts: Array<number>(buckets.length + 1).fill(0),
          sum: 0,
        }))
        const at = buckets.findIndex((bound) => value <= bound)
        const bucket = at < 0 ? buckets.length : at
        one.counts[bucket] = one.counts[bucket]! + 1
        one.sum += value
      }
    },
    read(accept) {
      const isOpen = accept.includes(OPEN_METRICS)
      const lines = families.flatMap((family) => linesOf(family, isOpen))
      return {
        contentType: isOpen
          ? `${OPEN_METRICS}; version=1.0.0; charset=utf-8`
          : 'text/plain; version=0.0.4; charset=utf-8',
        text: [...lines, ...(isOpen ? ['# EOF'] : []), ''].join('\n'),
      }
    },
  }
}

function seriesOf<T>(all: Map<string, T>, labels: Labels, start: () => T): T {
  const key = JSON.stringify(labels)
  const known = all.get(key) ?? start()
  all.set(key, known)
  return known
}

function histogramSamples(
  { labels, counts, sum }: { labels: Labels; counts: readonly number[]; sum: number },
  buckets: readonly number[],
): Sample[] {
  let total = 0
  const cumulative = counts.map((count, at) => {
    total += count
    const le = at < buckets.length ? numberText(buckets[at]!) : '+Inf'
    return { suffix: '_bucket', labels: { ...labels, le }, value: total }
  })
  return [
    ...cumulative,
    { suffix: '_sum', labels, value: sum },
    { suffix: '_count', labels, value: total },
  ]
}

function linesOf({ name, type, help, samples }: Family, isOpen: boolean): string[] {
  // The older format names a counter's family as its samples are named.
  const family = type === 'counter' && !isOpen ? name + TOTAL : name
  return [
    `# HELP ${family} ${escaped(help)}`,
    `# TYPE ${family} ${type}`,
    ...samples().map(
      ({ suffix, labels, value }) => `${name}${suffix}${labelText(labels)} ${numberText(value)}`,
    ),
  ]
}

function labelText(labels: Labels): string {
  const entries = Object.entries(labels)
  if (entries.length === 0) return ''
  return `{${entries.map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`).join(',')}}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

/** OpenMetrics wants bounds of buckets to look like floats. */
function numberText(value: number): string {
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value)
}
