import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ABSENT, unpack } from '../../../../reports/client/map-data.ts'
import { openHits, rowsWithin } from '../../../../reports/client/map-hits.ts'
import { openModel } from '../../../../reports/client/map-model.ts'
import { mapData, mapScript } from '../../../../reports/sections/map/map-script.ts'
import { runView } from '../../../../reports/view/run-view.ts'
import { buildRun, earlierCorrect, seededPoints } from '../fixture.ts'

const points = seededPoints(300, 5, 0.6, 3, (index) => ['</script>', 'b\nc', 'é', 'd', 'e'][index]!)
const first = buildRun(points, { run: 'run-1' })
const baseline = { run: 'run-1', correct: earlierCorrect(first.rows.correct) }
const run = buildRun(points, { run: 'run-2', baseline })
const view = runView(run)
const before = run.rows.maps.map((map) => ({ ...map, x: map.x.map((value) => value / 2) }))

describe('the map’s data', () => {
  const data = mapData(view, before)
  const model = openModel(JSON.parse(JSON.stringify(data)))

  it('holds every row as it was', () => {
    expect(model.ids).toEqual(run.rows.id.map((id) => id.replaceAll('\n', ' ')))
    for (const [row, label] of run.rows.label.entries()) {
      expect(data.classes[model.label[row]!]).toBe(label)
      expect(model.right[row]).toBe(run.rows.correct[row])
      expect(model.rightBefore![row]).toBe(run.rows.correctInBaseline![row])
      expect(model.nearest[row]).toBe(run.rows.neighbors[row * run.rows.neighborCount])
    }
  })

  it('keeps distances on the map, in one scale for both axes, the most trustworthy map first', () => {
    expect(model.maps.map(({ title }) => title)).toEqual(['t-SNE', 'Principal components'])
    const [tsne] = model.maps
    const source = run.rows.maps.find(({ method }) => method === 'tsne')!
    const apart = (x: ArrayLike<number>, y: ArrayLike<number>, i: number, j: number) =>
      Math.hypot(x[i]! - x[j]!, y[i]! - y[j]!)
    const scale = apart(tsne!.x, tsne!.y, 0, 1) / apart(source.x, source.y, 0, 1)
    for (let row = 2; row < 300; row++) {
      const packed = apart(tsne!.x, tsne!.y, 0, row)
      expect(packed).toBeCloseTo(scale * apart(source.x, source.y, 0, row), 3)
    }
    expect(tsne!.before!.x[5]! - tsne!.x[5]!).toBeCloseTo((-scale * source.x[5]!) / 2, 3)
  })

  it('leaves rows that the map doesn’t show off it', () => {
    const [pca, tsne] = run.rows.maps
    const holes = { ...tsne!, x: tsne!.x.map((x, row) => (row % 2 ? Number.NaN : x)) }
    const rows = { ...run.rows, maps: [pca!, holes] }
    const [shown] = mapData(runView({ ...run, rows }), []).maps
    const x = unpack(shown!.x, Uint16Array)
    expect([...x].every((value, row) => (value === ABSENT) === (row % 2 === 1))).toBe(true)
  })

  it('colours every row by whatever is chosen', () => {
    expect(model.colourings).toEqual(['error', 'label', 'margin', 'change since run-1', 'colour'])
    for (const index of model.colourings.keys()) {
      const { groups, groupOf } = model.coloured(index)
      const counts = groups.map((_, group) => groupOf.filter((one) => one === group).length)
      expect(groups.map(({ count }) => count)).toEqual(counts)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(300)
    }
    const change = model.coloured(3)
    const broken = run.rows.correct.findIndex(
      (right, row) => right === 0 && run.rows.correctInBaseline![row] === 1,
    )
    expect(change.groups[change.groupOf[broken]!]!.name).toMatch(/^broken/)
  })

  it('stands in a script that no label can end', () => {
    const script = mapScript(view, before)
    expect(script).toContain('\\u003c/script>')
    expect(script.slice(0, script.indexOf('\n'))).not.toContain('<')
    expect(script).not.toMatch(/\beval\(|new Function|https?:\/\/(?!www\.w3\.org\/2000\/svg)/)
  })
})

describe('rows on the map', () => {
  const places = fc
    .array(
      fc.tuple(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
      ),
      { minLength: 1, maxLength: 80 },
    )
    .map((list) => ({
      title: '',
      note: '',
      before: null,
      x: Float32Array.from([Number.NaN, ...list.map(([x]) => x)]),
      y: Float32Array.from([Number.NaN, ...list.map(([, y]) => y)]),
    }))
  const unit = fc.double({ min: 0, max: 1, noNaN: true })

  it('are found by where they are', () => {
    fc.assert(
      fc.property(
        places,
        unit,
        unit,
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (map, x, y, within) => {
          const apart = (row: number) => Math.hypot(map.x[row]! - x, map.y[row]! - y)
          const found = openHits(map).nearest(x, y, within, (row) => row !== 1)
          const near = [...map.x.keys()].filter((row) => row !== 1 && apart(row) <= within)
          if (found === null) expect(near).toEqual([])
          else expect(apart(found)).toBeCloseTo(Math.min(...near.map(apart)), 6)
        },
      ),
    )
  })

  it('are lassoed where they lie within the line', () => {
    fc.assert(
      fc.property(places, unit, unit, (map, width, height) => {
        const line = [
          { x: 0, y: 0 },
          { x: width, y: 0 },
          { x: width, y: height },
          { x: 0, y: height },
        ]
        const inside = rowsWithin(map, line, () => true)
        for (const row of map.x.keys()) {
          const [x, y] = [map.x[row]!, map.y[row]!]
          const isInside = x > 1e-6 && x < width - 1e-6 && y > 1e-6 && y < height - 1e-6
          if (isInside) expect(inside).toContain(row)
          if (!(x <= width && y <= height)) expect(inside).not.toContain(row)
        }
      }),
    )
  })
})
