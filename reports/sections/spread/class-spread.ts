/** How wide a class is against how far its nearest class is. */

import type { TopLevelSpec } from 'vega-lite'
import { type ClassFigures, isNearerToAnother } from '../../../lib/core/class-figures.ts'
import { colour } from '../../theme/vega.ts'
import { shortened } from '../../words/format.ts'

/** More dots than this lie on one another: all that are close are drawn, and an even sample of the others. */
const MOST_DOTS = 400

export function classSpread(
  all: readonly ClassFigures[],
  named: ReadonlySet<string>,
): TopLevelSpec {
  const values = drawn(all, named).flatMap((figures) => {
    const { intraClassDistance: intra, interClassDistance: inter } = figures
    if (intra === null || inter === null) return []
    const close = isNearerToAnother(figures)
    return [
      { intra, inter, close, name: named.has(figures.label) ? shortened(figures.label, 20) : '' },
    ]
  })
  const distances = values.flatMap(({ intra, inter }) => [intra, inter])
  const least = Math.min(...distances)
  const most = Math.max(...distances)
  const room = (most - least) * 0.06 || 0.1
  const scale = { domain: [Math.max(0, least - room), most + room], nice: false, zero: false }
  const x = {
    field: 'intra',
    type: 'quantitative' as const,
    scale,
    axis: { title: 'distance within the class', tickCount: 5 },
  }
  const y = {
    field: 'inter',
    type: 'quantitative' as const,
    scale,
    axis: { title: 'distance to the nearest class', tickCount: 5 },
  }
  const color = {
    condition: { test: 'datum.close', value: colour('bad') },
    value: colour('first'),
  }
  return {
    width: 290,
    height: 230,
    layer: [
      {
        data: {
          values: [
            { intra: scale.domain[0], inter: scale.domain[0] },
            { intra: scale.domain[1], inter: scale.domain[1] },
          ],
        },
        mark: { type: 'line', strokeDash: [3, 3], strokeWidth: 1, color: colour('muted') },
        encoding: { x, y },
      },
      {
        data: { values },
        mark: { type: 'point', filled: true, size: 44, opacity: 0.85 },
        encoding: { x, y, color },
      },
      {
        data: { values: readable(values, scale.domain, [290, 230]) },
        mark: {
          type: 'text',
          align: 'left',
          dx: 7,
          fill: colour('ink'),
          stroke: colour('paper'),
          strokeWidth: 3,
          limit: 120,
        },
        encoding: { x, y, text: { field: 'name' } },
      },
    ],
  }
}

function drawn(all: readonly ClassFigures[], named: ReadonlySet<string>): readonly ClassFigures[] {
  if (all.length <= MOST_DOTS) return all
  const matters = (figures: ClassFigures) =>
    (figures.separation ?? 2) < 1 || named.has(figures.label)
  const first = all.filter(matters).slice(0, MOST_DOTS / 2)
  const others = all.filter((figures) => !matters(figures))
  const step = Math.max(1, others.length / (MOST_DOTS - first.length))
  const sample = Array.from(
    { length: Math.min(others.length, MOST_DOTS - first.length) },
    (_, place) => others[Math.floor(place * step)]!,
  )
  return [...sample, ...first]
}

interface Named {
  readonly intra: number
  readonly inter: number
  readonly name: string
}

/** Names that don't run over one another, in order; a name is about 6 units a letter wide. */
function readable(
  values: readonly Named[],
  domain: readonly number[],
  size: readonly [width: number, height: number],
): Named[] {
  const [low, high] = [domain[0]!, domain[1]!]
  const place = (value: number, length: number) => ((value - low) / (high - low)) * length
  const taken: { x: number; y: number; width: number }[] = []
  return values.filter((value) => {
    const x = place(value.intra, size[0])
    const y = place(value.inter, size[1])
    const width = value.name.length * 6.2 + 10
    const free = taken.every(
      (other) => Math.abs(other.y - y) > 12 || x > other.x + other.width || x + width < other.x,
    )
    if (value.name === '' || !free) return false
    taken.push({ x, y, width })
    return true
  })
}
