/** What an item is worth on the sprint page. */

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
