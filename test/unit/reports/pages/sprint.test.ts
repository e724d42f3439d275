/** The sprint page: what an item is worth, and the data that its script adds up. */

import { expect, test } from 'vitest'
import { NO_PLANNING } from '../../../../lib/planning/plan.ts'
import { renderSprint } from '../../../../reports/render.ts'
import { madePlan, planItem } from '../../planning/made.ts'

test('items are worth what they gain, or what they make doubtful where that is more', async () => {
  const plan = madePlan([
    planItem('a', { gain: 2 }),
    planItem('copies', { gain: 0, stake: 3.021 }),
    planItem('none', { gain: 0 }),
  ])
  const page = await renderSprint({ project: 'digits', plan, planning: NO_PLANNING })
  const worth = [...page.matchAll(/<span class="gain">.*?<\/svg>\s*(<span.*?<\/span>)/gs)].map(
    ([, text]) => text!.replace(/<[^>]*>/g, '').replace('\u00a0', ' '),
  )
  expect(worth).toEqual(['2.00 points', '3.02 points unproven', 'no gain'])
})

test('no text of an item ends the block of data that the page’s script reads', async () => {
  const text = '</script><script>alert(1)</script><!--<script>\u2028'
  const plan = madePlan([
    planItem('a', { title: text, finding: text, action: text, doneWhen: text, note: text }),
  ])
  const page = await renderSprint({ project: 'digits', plan, planning: NO_PLANNING })
  const start = '<script type="application/json" id="plan">'
  const block = page.slice(page.indexOf(start) + start.length)
  const data = block.slice(0, block.indexOf('</script>'))
  expect(data).not.toContain('<')
  expect(JSON.parse(data).plan.items[0].title).toBe(text)
})
