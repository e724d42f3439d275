/** `confusion.js`: the data of the heatmap and of its search. */

import { expect, test } from 'vitest'
import { confusionScript } from '../../../../reports/sections/confusion/script.ts'
import { runView } from '../../../../reports/view/run-view.ts'
import { buildRun, seededPoints } from '../fixture.ts'

test('no label ends the script that it stands in, wherever that is put', () => {
  const points = seededPoints(120, 6, 0.7)
  const hostile = '</script><script>alert(1)</script>\u2028'
  const labels = points.labels.map((label) => (label === points.labels[0] ? hostile : label))
  const script = confusionScript(runView(buildRun({ ...points, labels })))!
  const data = script.slice(script.lastIndexOf('nearmissConfusion('))
  expect(data).not.toMatch(/[<\u2028]/)
  const { classes } = JSON.parse(data.slice('nearmissConfusion('.length, data.lastIndexOf(')')))
  expect(classes).toContain(hostile)
})
